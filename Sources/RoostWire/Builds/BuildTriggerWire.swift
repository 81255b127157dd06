public import RoostModel

/// A trigger in the settings of a pipeline.
public struct BuildTriggerWire: Codable, Sendable, Hashable {
    /// `continuousIntegration`, `pullRequest`, or another word of the API.
    public var triggerType: String?
    /// 1: the settings say what begins a run; 2: the file does.
    public var settingsSourceType: Int?
    /// Such as `+refs/heads/main` and `-refs/heads/wip`.
    public var branchFilters: [String]?
    public var pathFilters: [String]?
    public var batchChanges: Bool?
    public var autoCancel: Bool?
    /// Of pull requests.
    public var forks: Forks?
    /// Pull requests begin a run only when somebody of the team wrote a comment.
    public var isCommentRequiredForPullRequest: Bool?
    /// Only those of people who are not of the team.
    public var requireCommentsForNonTeamMembersOnly: Bool?

    /// What forks may.
    public struct Forks: Codable, Sendable, Hashable {
        public var enabled: Bool?
        public var allowSecrets: Bool?
        public var allowFullAccessToken: Bool?

        public init(enabled: Bool?, allowSecrets: Bool?, allowFullAccessToken: Bool? = false) {
            self.enabled = enabled
            self.allowSecrets = allowSecrets
            self.allowFullAccessToken = allowFullAccessToken
        }
    }

    public init(
        triggerType: String? = nil,
        settingsSourceType: Int? = nil,
        branchFilters: [String]? = nil,
        pathFilters: [String]? = nil,
        batchChanges: Bool? = nil,
        autoCancel: Bool? = nil
    ) {
        self.triggerType = triggerType
        self.settingsSourceType = settingsSourceType
        self.branchFilters = branchFilters
        self.pathFilters = pathFilters
        self.batchChanges = batchChanges
        self.autoCancel = autoCancel
    }

    private enum CodingKeys: String, CodingKey {
        case triggerType, settingsSourceType, branchFilters, pathFilters, batchChanges, autoCancel, forks
        case isCommentRequiredForPullRequest, requireCommentsForNonTeamMembersOnly
    }

    /// Numbers that clients write in place of words.
    private static let words = [
        2: push, 4: "batchedContinuousIntegration", 8: "schedule", 16: "gatedCheckIn", 32: "batchedGatedCheckIn",
        64: pullRequest, 128: "buildCompletion",
    ]

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let number = try? container.decode(Int.self, forKey: .triggerType) {
            triggerType = Self.words[number] ?? String(number)
        } else {
            triggerType = try container.decodeIfPresent(String.self, forKey: .triggerType)
        }
        settingsSourceType = try container.decodeIfPresent(Int.self, forKey: .settingsSourceType)
        branchFilters = try container.decodeIfPresent([String].self, forKey: .branchFilters)
        pathFilters = try container.decodeIfPresent([String].self, forKey: .pathFilters)
        batchChanges = try container.decodeIfPresent(Bool.self, forKey: .batchChanges)
        autoCancel = try container.decodeIfPresent(Bool.self, forKey: .autoCancel)
        forks = try container.decodeIfPresent(Forks.self, forKey: .forks)
        isCommentRequiredForPullRequest = try container.decodeIfPresent(
            Bool.self,
            forKey: .isCommentRequiredForPullRequest
        )
        requireCommentsForNonTeamMembersOnly = try container.decodeIfPresent(
            Bool.self,
            forKey: .requireCommentsForNonTeamMembersOnly
        )
    }

    public static let push = "continuousIntegration"
    public static let pullRequest = "pullRequest"
}

extension BuildTriggerWire {
    /// - Parameters:
    ///   - type: the word of the API.
    ///   - filters: nil when the file says it.
    public init(_ type: String, _ filters: TriggerFilters?) {
        self.init(
            triggerType: type,
            settingsSourceType: filters == nil ? 2 : 1,
            branchFilters: filters?.branches ?? [],
            pathFilters: filters?.paths ?? [],
            batchChanges: type == Self.push ? filters?.batch ?? false : nil,
            autoCancel: type == Self.pullRequest ? filters?.autoCancel ?? true : nil
        )
    }

    /// The same for pull requests, with what forks may.
    public init(_ filters: TriggerFilters?, _ settings: ForkSettings) {
        self.init(Self.pullRequest, filters)
        forks = Forks(enabled: settings.areBuilt, allowSecrets: settings.getSecrets)
        isCommentRequiredForPullRequest = settings.approval != .none
        requireCommentsForNonTeamMembersOnly = [.forks, .outsiders].contains(settings.approval)
    }

    /// What forks may, where it is said.
    public func applying(to settings: ForkSettings) -> ForkSettings {
        var changed = settings
        changed.areBuilt = forks?.enabled ?? settings.areBuilt
        changed.getSecrets = forks?.allowSecrets ?? settings.getSecrets
        if let isRequired = isCommentRequiredForPullRequest {
            let onlyOthers = requireCommentsForNonTeamMembersOnly ?? [.forks, .outsiders].contains(settings.approval)
            // The API has one word less: what waits for every fork stays so.
            let others = settings.approval == .forks ? ForkSettings.Approval.forks : .outsiders
            changed.approval = isRequired ? (onlyOthers ? others : .all) : .none
        }
        return changed
    }

    /// What the settings say; nil when the file does.
    public var filters: TriggerFilters? {
        guard settingsSourceType != 2 else { return nil }
        return TriggerFilters(
            branches: branchFilters ?? [],
            paths: pathFilters ?? [],
            batch: batchChanges ?? false,
            autoCancel: autoCancel ?? true
        )
    }
}
