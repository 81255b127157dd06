/// What a pipeline's settings say of pull requests of people who may be strangers.
public struct ForkSettings: Hashable, Sendable, Codable {
    /// Which pull requests begin a run only when somebody of the team lets them.
    public enum Approval: String, Hashable, Sendable, Codable, CaseIterable {
        case all
        case forks
        /// Of forks, those whose author does not belong to the team, as far as the host says so.
        case outsiders
        case none
    }

    /// Pull requests of forks are built at all.
    public var areBuilt: Bool
    public var approval: Approval
    /// Runs of forks get secret variables, secure files and service connections as other runs do.
    public var getSecrets: Bool

    public init(areBuilt: Bool = true, approval: Approval = .forks, getSecrets: Bool = false) {
        self.areBuilt = areBuilt
        self.approval = approval
        self.getSecrets = getSecrets
    }

    /// Whether a pull request waits for somebody.
    public func holds(_ event: PullRequestEvent) -> Bool {
        switch approval {
        case .all: true
        case .forks: event.request.isFork
        case .outsiders: event.request.isFork && event.isByMember != true
        case .none: false
        }
    }
}
