/// The event outside that a run answers to; empty for one that a person queued.
public struct RunCause: Hashable, Sendable, Codable {
    /// Who pushed or asked for the merge; empty is whoever queued the run.
    public var requestedFor: String
    public var pullRequest: RunPullRequest?
    /// The entry of `schedules` that was due.
    public var schedule: RunSchedule?
    /// The resource of the file whose trigger fired.
    public var resource: TriggeringResource?

    public init(
        requestedFor: String = "",
        pullRequest: RunPullRequest? = nil,
        schedule: RunSchedule? = nil,
        resource: TriggeringResource? = nil
    ) {
        self.requestedFor = requestedFor
        self.pullRequest = pullRequest
        self.schedule = schedule
        self.resource = resource
    }
}

/// The pull request that a run builds.
public struct RunPullRequest: Hashable, Sendable, Codable {
    /// As the host counts them for people.
    public var number: Int
    /// The host's own identifier; the number where it has no other.
    public var id: String
    /// A full ref, in the repository it comes from.
    public var sourceBranch: String
    /// A full ref.
    public var targetBranch: String
    /// The newest commit of the source branch.
    public var sourceCommit: String
    public var sourceRepositoryURL: String
    /// The sources come from a repository of somebody else.
    public var isFork: Bool

    public init(
        number: Int,
        id: String,
        sourceBranch: String,
        targetBranch: String,
        sourceCommit: String,
        sourceRepositoryURL: String = "",
        isFork: Bool = false
    ) {
        self.number = number
        self.id = id
        self.sourceBranch = sourceBranch
        self.targetBranch = targetBranch
        self.sourceCommit = sourceCommit
        self.sourceRepositoryURL = sourceRepositoryURL
        self.isFork = isFork
    }
}

/// The schedule that a run answers to.
public struct RunSchedule: Hashable, Sendable, Codable {
    public var displayName: String
    public var cron: String
    /// Revision of the pipeline's settings, for a change of them counts as a change of the sources.
    public var revision: Int

    public init(displayName: String, cron: String, revision: Int) {
        self.displayName = displayName
        self.cron = cron
        self.revision = revision
    }
}

/// The resource whose trigger began a run.
public struct TriggeringResource: Hashable, Sendable, Codable {
    public enum Category: String, Hashable, Sendable, Codable {
        case pipeline, repository, container, package, webhook
    }

    public var alias: String
    public var category: Category
    /// What the event says of the resource, such as `Tag`; variables `Resources.<category>.<alias>.<name>` have it.
    public var details: [String: String]
    /// The JSON that a webhook brought.
    public var payload: String?

    public init(alias: String, category: Category, details: [String: String] = [:], payload: String? = nil) {
        self.alias = alias
        self.category = category
        self.details = details
        self.payload = payload
    }

    private enum CodingKeys: String, CodingKey { case alias, category, details, payload }

    // Older texts know nothing of details.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        alias = try container.decode(String.self, forKey: .alias)
        category = try container.decode(Category.self, forKey: .category)
        details = try container.decodeIfPresent([String: String].self, forKey: .details) ?? [:]
        payload = try container.decodeIfPresent(String.self, forKey: .payload)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(alias, forKey: .alias)
        try container.encode(category, forKey: .category)
        if !details.isEmpty { try container.encode(details, forKey: .details) }
        try container.encodeIfPresent(payload, forKey: .payload)
    }

    /// Variables of the resource, by their documented names.
    fileprivate var variables: [String: String] {
        let kind = category.rawValue.prefix(1).uppercased() + category.rawValue.dropFirst()
        return Dictionary(uniqueKeysWithValues: details.map { ("Resources.\(kind).\(alias).\($0.key)", $0.value) })
    }
}

extension Run {
    /// Predefined variables that follow from what began the run and what it takes, by their documented names.
    public var causeVariables: [String: String] {
        var values = cause.variables
        for resource in sources.pipelines { values.merge(resource.variables) { _, new in new } }
        if let alias = cause.resource?.alias, cause.resource?.category == .pipeline,
            let source = sources.pipelines.first(where: { $0.alias == alias })
        {
            values["Build.TriggeredBy.BuildId"] = String(source.runID)
            values["Build.TriggeredBy.BuildNumber"] = source.runName
            values["Build.TriggeredBy.DefinitionId"] = String(source.pipelineID)
            values["Build.TriggeredBy.DefinitionName"] = source.pipelineName
            values["Build.TriggeredBy.ProjectID"] = source.projectID
        }
        return values
    }
}

extension RunCause {
    /// The JSON that a webhook brought, by the alias of the resource.
    public var payloads: [String: String] {
        guard let resource, let payload = resource.payload else { return [:] }
        return [resource.alias: payload]
    }

    /// Those that are known before the file is read.
    public var variables: [String: String] {
        guard self != RunCause() else { return [:] }
        var values: [String: String] = [:]
        if !requestedFor.isEmpty { values["Build.RequestedFor"] = requestedFor }
        if let schedule { values["Build.CronSchedule.DisplayName"] = schedule.displayName }
        if let resource {
            values["Resources.TriggeringAlias"] = resource.alias
            values["Resources.TriggeringCategory"] = resource.category.rawValue
            values.merge(resource.variables) { _, new in new }
        }
        if let pullRequest { values.merge(pullRequest.variables) { _, new in new } }
        return values
    }
}

extension RunPullRequest {
    fileprivate var variables: [String: String] {
        let short = "refs/heads/"
        return [
            "System.PullRequest.PullRequestId": id,
            "System.PullRequest.PullRequestNumber": String(number),
            "System.PullRequest.SourceBranch": sourceBranch,
            "System.PullRequest.TargetBranch": targetBranch,
            "System.PullRequest.TargetBranchName":
                targetBranch.hasPrefix(short) ? String(targetBranch.dropFirst(short.count)) : targetBranch,
            "System.PullRequest.SourceCommitId": sourceCommit,
            "System.PullRequest.SourceRepositoryURI": sourceRepositoryURL,
            "System.PullRequest.IsFork": isFork ? "True" : "False",
        ]
    }
}

extension RunPipelineResource {
    fileprivate var variables: [String: String] {
        let prefix = "Resources.Pipeline.\(alias)."
        return [
            "\(prefix)ProjectName": projectName, "\(prefix)ProjectID": projectID,
            "\(prefix)PipelineName": pipelineName, "\(prefix)PipelineID": String(pipelineID),
            "\(prefix)RunName": runName, "\(prefix)RunID": String(runID),
            "\(prefix)RunURI": "vstfs:///Build/Build/\(runID)", "\(prefix)SourceBranch": sourceBranch,
            "\(prefix)SourceCommit": sourceCommit, "\(prefix)SourceProvider": "Git",
            "\(prefix)RequestedFor": requestedFor, "\(prefix)RequestedForID": requestedFor,
        ]
    }
}
