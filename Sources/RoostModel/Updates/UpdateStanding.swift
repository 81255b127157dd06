public import FoundationEssentials

/// Where an agent stands with its version, and why it has no newer one.
public enum UpdateStanding: Hashable, Sendable {
    /// There is nothing newer.
    case current
    /// The server has no package for the agent's platform: what is newest nobody knows.
    case unknown
    /// It is being updated.
    case underWay(AgentRelease, AgentUpdate.Phase)
    /// It tries a version before the others get it, until then.
    case onTrial(AgentRelease, until: Date?)
    /// It waits for those who try the version.
    case trialElsewhere(AgentRelease, canaries: [String])
    /// Others are updated first.
    case turn(AgentRelease)
    case pinned(AgentRelease, newest: AgentRelease)
    /// A person decides.
    case manual(AgentRelease)
    /// The same, of a new generation.
    case majorByHand(AgentRelease)
    case windowClosed(AgentRelease, opens: Date?)
    /// It failed on another agent.
    case withheld(AgentRelease, reason: String)
    /// It failed here.
    case failed(AgentRelease, reason: String)
    case offline(AgentRelease)
    /// It cannot update itself.
    case cannot(AgentRelease, reason: String)

    /// What it would have if nothing stood in the way; nil when it has that, or nobody knows.
    public var newer: AgentRelease? {
        switch self {
        case .current, .unknown, .onTrial: nil
        case .underWay(let release, _), .trialElsewhere(let release, _), .turn(let release), .manual(let release),
            .majorByHand(let release), .windowClosed(let release, _), .withheld(let release, _),
            .failed(let release, _), .offline(let release), .cannot(let release, _):
            release
        case .pinned(_, let newest): newest
        }
    }

    /// One sentence for a person.
    public var sentence: String {
        switch self {
        case .current: "It has the newest version."
        case .unknown: "The server has no package for its platform, so that the newest version is not known."
        case .underWay(let release, let phase):
            switch phase {
            case .ordered: "It is to be updated to \(release)."
            case .preparing: "It fetches \(release)."
            case .waiting: "It has \(release) ready, and waits for its job to end."
            case .switching: "It tries whether \(release) works here."
            }
        case .onTrial(let release, let until):
            "It tries \(release) before the others\(until.map { ", until \(Self.moment($0))" } ?? "")."
        case .trialElsewhere(let release, let canaries):
            "It gets \(release) when that has proved itself on \(canaries.joined(separator: ", "))."
        case .turn(let release): "It gets \(release) when others have it: a few are updated at a time."
        case .pinned(let pin, let newest): "It is pinned to \(pin); there is \(newest)."
        case .manual(let release): "There is \(release); the pool's policy leaves updates to people."
        case .majorByHand(let release): "There is \(release), a new generation, which is installed by hand."
        case .windowClosed(let release, let opens):
            "It gets \(release) when the pool's window opens\(opens.map { ", on \(Self.moment($0))" } ?? "")."
        case .withheld(let release, let reason): "\(release) is withheld from the pool: \(reason)"
        case .failed(let release, let reason): "\(release) did not work here: \(reason)"
        case .offline(let release): "It gets \(release) when it is online."
        case .cannot(let release, let reason): "There is \(release), which it cannot get by itself: \(reason)"
        }
    }

    private static func moment(_ date: Date) -> String {
        let text = date.formatted(.iso8601.dateTimeSeparator(.space))
        return text.hasSuffix("Z") ? String(text.dropLast(4)) + " UTC" : text
    }

    /// One word for tables and programs.
    public var word: String {
        switch self {
        case .current: "current"
        case .unknown: "unknown"
        case .underWay: "updating"
        case .onTrial: "trial"
        case .trialElsewhere: "awaitsTrial"
        case .turn: "awaitsTurn"
        case .pinned: "pinned"
        case .manual: "manual"
        case .majorByHand: "majorByHand"
        case .windowClosed: "awaitsWindow"
        case .withheld: "withheld"
        case .failed: "failed"
        case .offline: "offline"
        case .cannot: "cannot"
        }
    }
}
