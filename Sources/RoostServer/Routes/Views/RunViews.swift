import FoundationEssentials
import RoostModel
import RoostWire

/// Projects, pipelines and runs as answers show them.
extension Call {
    private func link(_ address: String) -> LinkWire { LinkWire(href: address) }

    func buildAddress(_ run: RunID, _ project: ProjectID) -> String {
        "\(services.address)\(project)/_apis/build/builds/\(run)"
    }

    // MARK: Projects

    func view(_ project: Project) -> TeamProjectWire {
        TeamProjectWire(
            id: project.id.rawValue,
            name: project.name,
            description: project.description,
            url: "\(services.address)_apis/projects/\(project.id)",
            state: "wellFormed",
            revision: 1,
            visibility: "private",
            lastUpdateTime: project.createdAt,
            defaultPool: project.defaultPool?.rawValue
        )
    }

    func projectReference(_ id: ProjectID) -> TeamProjectWire? { (try? plane.project(id.description)).map(view) }

    // MARK: Pipelines

    func repository(_ repository: PipelineRepository) -> BuildRepositoryWire {
        BuildRepositoryWire(
            id: NameUUID.make(plane.instanceID, "repository:\(repository.url)").uuidString.lowercased(),
            type: "Git",
            name: repository.name,
            url: repository.url,
            defaultBranch: repository.defaultBranch
        )
    }

    func reference(_ pipeline: Pipeline) -> DefinitionReferenceWire {
        DefinitionReferenceWire(
            id: pipeline.id.rawValue,
            name: pipeline.name,
            path: pipeline.folder,
            revision: pipeline.revision,
            url: "\(services.address)\(pipeline.project)/_apis/build/definitions/\(pipeline.id)",
            uri: "vstfs:///Build/Definition/\(pipeline.id)",
            type: "build",
            queueStatus: pipeline.enabled ? "enabled" : "disabled",
            project: projectReference(pipeline.project),
            createdDate: pipeline.createdAt
        )
    }

    func definition(_ pipeline: Pipeline) -> BuildDefinitionWire {
        let reference = reference(pipeline)
        return BuildDefinitionWire(
            id: reference.id,
            name: reference.name,
            path: reference.path,
            revision: reference.revision,
            url: reference.url,
            uri: reference.uri,
            type: reference.type,
            queueStatus: reference.queueStatus,
            quality: "definition",
            project: reference.project,
            queue: queue(of: pipeline.defaultPool, in: pipeline.project),
            repository: repository(pipeline.repository),
            process: BuildProcessWire(type: 2, yamlFilename: pipeline.yamlPath),
            variables: pipeline.variables.mapValues(view),
            createdDate: pipeline.createdAt,
            authoredBy: identity(pipeline.createdBy),
            triggers: pipeline.triggers.wires,
            concurrencyLimit: pipeline.concurrencyLimit
        )
    }

    /// Secret values do not leave the server.
    func view(_ variable: PipelineVariable) -> VariableValueWire {
        VariableValueWire(
            value: variable.isSecret ? nil : variable.value,
            isSecret: variable.isSecret ? true : nil,
            allowOverride: variable.settableAtQueueTime
        )
    }

    func view(_ pipeline: Pipeline) -> PipelineWire {
        let address = "\(services.address)\(pipeline.project)/_apis/pipelines/\(pipeline.id)"
        let repository = repository(pipeline.repository)
        return PipelineWire(
            id: pipeline.id.rawValue,
            name: pipeline.name,
            folder: pipeline.folder,
            revision: pipeline.revision,
            url: address,
            configuration: PipelineConfigurationWire(
                type: "yaml",
                path: pipeline.yamlPath,
                repository: PipelineRepositoryReferenceWire(
                    id: repository.id,
                    type: "git",
                    name: repository.name,
                    url: repository.url,
                    defaultBranch: repository.defaultBranch
                ),
                variables: pipeline.variables.mapValues(view)
            ),
            links: ["self": link(address), "web": link("\(services.address)pipelines/\(pipeline.id)")],
            defaultPool: pipeline.defaultPool?.rawValue,
            concurrencyLimit: pipeline.concurrencyLimit
        )
    }

    // MARK: Runs

    func build(_ summary: RunSummary) -> BuildWire {
        let run = summary.run
        let address = buildAddress(run.id, run.project)
        let plan = OrchestrationPlanWire(planId: run.planID.rawValue)
        let pipeline = try? plane.pipeline(run.pipeline)
        var wire = BuildWire(
            id: run.id.rawValue,
            buildNumber: run.number,
            uri: "vstfs:///Build/Build/\(run.id)",
            url: address,
            status: run.state.buildStatus,
            result: run.state.result?.buildResult,
            queueTime: run.queuedAt,
            startTime: run.startedAt,
            finishTime: run.finishedAt,
            definition: pipeline.map(reference)
                ?? DefinitionReferenceWire(id: run.pipeline.rawValue, name: run.pipelineName, type: "build"),
            project: projectReference(run.project),
            queue: queue(of: run.poolOverride ?? pipeline?.defaultPool, in: run.project),
            orchestrationPlan: plan,
            plans: [plan],
            logs: BuildLogReferenceWire(id: 0, type: "Container", url: "\(address)/logs"),
            repository: repository(run.repository),
            sourceBranch: run.sourceBranch,
            sourceVersion: run.sourceVersion,
            reason: run.reason.rawValue,
            priority: run.priority.rawValue,
            parameters: parameters(run),
            templateParameters: run.parameters.isEmpty ? nil : run.parameters,
            requestedBy: identity("user:\(run.requestedBy)"),
            requestedFor: identity("user:\(run.requestedFor)"),
            lastChangedDate: run.finishedAt ?? run.startedAt ?? run.queuedAt,
            tags: run.tags,
            keepForever: run.isKeptForever,
            retainedByRelease: false,
            validationResults: run.issues.map { ValidationResultWire(message: $0.message, result: $0.kind.rawValue) },
            links: [
                "self": link(address), "web": link("\(services.address)runs/\(run.id)"),
                "timeline": link("\(address)/timeline"),
            ],
            waitReason: summary.waiting?.sentence
        )
        wire.appendCommitMessageToRunName = run.plan.appendsCommitMessage ?? true
        wire.title = run.title
        wire.triggerInfo = triggerInfo(run)
        wire.resources = resources(run)
        wire.files = run.sources.files.isEmpty ? nil : run.sources.files
        wire.stagesToSkip = run.sources.stagesToSkip.isEmpty ? nil : run.sources.stagesToSkip
        return wire
    }

    /// The variables given with the request, as JSON text; without secrets.
    private func parameters(_ run: Run) -> String? {
        let open = run.variables.filter { !$0.value.isSecret }.mapValues(\.value)
        guard !open.isEmpty, let data = try? WireJSON.encode(open) else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    func pipelineRun(_ run: Run, isWhole: Bool) -> PipelineRunWire {
        let base = "\(services.address)\(run.project)/_apis/pipelines/\(run.pipeline)"
        return PipelineRunWire(
            id: run.id.rawValue,
            name: run.number,
            state: run.state.pipelineState,
            result: run.state.result?.pipelineResult,
            createdDate: run.queuedAt,
            finishedDate: run.finishedAt,
            pipeline: (try? plane.pipeline(run.pipeline)).map {
                PipelineWire(id: $0.id.rawValue, name: $0.name, folder: $0.folder, revision: $0.revision, url: base)
            } ?? PipelineWire(id: run.pipeline.rawValue, name: run.pipelineName),
            templateParameters: run.parameters.isEmpty ? nil : run.parameters,
            variables: isWhole ? run.variables.mapValues(view) : nil,
            finalYaml: isWhole ? run.plan.finalYAML : nil,
            url: "\(base)/runs/\(run.id)",
            links: ["self": link("\(base)/runs/\(run.id)"), "web": link("\(services.address)runs/\(run.id)")],
            resources: resources(run)
        )
    }

    // MARK: Timelines and logs

    func timeline(_ run: RunFacts, _ records: [TimelineRecord], changeID: Int) -> TimelineWire {
        let base = buildAddress(run.run, run.project)
        return TimelineWire(
            id: run.timeline,
            changeId: changeID,
            url: "\(base)/Timeline/\(run.timeline.uuidString.lowercased())",
            lastChangedOn: records.compactMap(\.lastModified).max(),
            records: records.map { view($0, base) }
        )
    }

    /// A record whose log has its address.
    func view(_ record: TimelineRecord, _ buildAddress: String) -> TimelineRecordWire {
        TimelineRecordWire(record) { "\(buildAddress)/logs/\($0)" }
    }

    func buildLog(_ log: RunLog, _ project: ProjectID) -> BuildLogWire {
        BuildLogWire(
            id: log.id.rawValue,
            type: "Container",
            url: "\(buildAddress(log.run, project))/logs/\(log.id)",
            lineCount: log.lineCount,
            createdOn: log.createdAt,
            lastChangedOn: log.createdAt
        )
    }

    func taskLog(_ log: RunLog, _ project: ProjectID) -> TaskLogWire {
        TaskLogWire(
            id: log.id.rawValue,
            location: "\(buildAddress(log.run, project))/logs/\(log.id)",
            path: log.path,
            lineCount: log.lineCount,
            createdOn: log.createdAt,
            lastChangedOn: log.createdAt
        )
    }
}

extension Run {
    /// The tag that keeps a run from being removed by age.
    static let keepTag = "keep-forever"
    var isKeptForever: Bool { tags.contains(Self.keepTag) }
}

extension RunState {
    /// As builds spell it.
    var buildStatus: String {
        switch self {
        case .queued: "notStarted"
        case .running: "inProgress"
        case .canceling: "cancelling"
        case .completed: "completed"
        }
    }

    /// As runs of pipelines spell it.
    var pipelineState: String {
        switch self {
        case .queued, .running: "inProgress"
        case .canceling: "canceling"
        case .completed: "completed"
        }
    }
}

extension TaskResult {
    /// As builds spell it.
    var buildResult: String {
        switch self {
        case .succeeded, .skipped: "succeeded"
        case .succeededWithIssues: "partiallySucceeded"
        case .failed, .abandoned: "failed"
        case .canceled: "canceled"
        }
    }

    /// As runs of pipelines spell it.
    var pipelineResult: String {
        switch self {
        case .succeeded, .succeededWithIssues, .skipped: "succeeded"
        case .failed, .abandoned: "failed"
        case .canceled: "canceled"
        }
    }

    /// The results that a build's word stands for.
    static func results(ofBuild word: String) -> Set<TaskResult>? {
        let found = allCases.filter { $0.buildResult.lowercased() == word.lowercased() }
        return found.isEmpty ? nil : Set(found)
    }

    /// Reads a name in any letter case, or the number of the wire.
    static func read(_ text: String) throws(ControlError) -> TaskResult {
        if let known = TaskResult(wire: text) { return known }
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        throw .invalid(what: "'result'", problem: "'\(text)' is none of \(names)", advice: nil)
    }
}
