/// Why something is done in an elastic pool.
public enum ScalingReason: Hashable, Sendable {
    case jobWaits
    case standby
    /// One more, so that one of an old image can go.
    case surge
    /// A new version is tried on it.
    case candidate
    /// It is not needed and nothing was begun.
    case excess
    /// It has been idle for long and is not needed.
    case excessIdle
    /// It had its job.
    case used
    case oldImage
    /// Its version was withdrawn.
    case withdrawnImage
    case tooOld
    case overMaximum(ScalingCeiling)
    /// Another image's machine takes its place, for a job that waits.
    case makesRoom(forImage: String)
    /// One of a candidate takes its place.
    case makesRoomForCandidate
    case neverRegistered
    /// The provider was asked for it long ago, and has not made it.
    case notMade
    case leaseExpired
    case silent
    /// The provider says that it does not run any more.
    case stopped(String)
    /// No listing has it and its agent is not heard.
    case lost
    /// It was deleted, and no listing has it any more.
    case deleted
    /// It carries the pool's tag and has no row.
    case orphan
    /// A row has another machine already.
    case twin
    case disabled
    case person(String)
    case draining
    case poolDeleted

    /// A few words.
    public var text: String {
        switch self {
        case .jobWaits: "job waits"
        case .standby: "standby"
        case .surge: "surge for roll-out"
        case .candidate: "new image on trial"
        case .excess: "excess"
        case .excessIdle: "excess idle"
        case .used: "used"
        case .oldImage: "old image"
        case .withdrawnImage: "withdrawn image"
        case .tooOld: "too old"
        case .overMaximum(let ceiling): "over the maximum \(ceiling.phrase)"
        case .makesRoom(let image): "makes room for image '\(image)'"
        case .makesRoomForCandidate: "makes room for the new image"
        case .neverRegistered: "never registered"
        case .notMade: "not made in time"
        case .leaseExpired: "lease expired"
        case .silent: "silent"
        case .stopped(let words): words.isEmpty ? "stopped" : "stopped: \(words)"
        case .lost: "lost"
        case .deleted: "deleted"
        case .orphan: "orphan"
        case .twin: "twin"
        case .disabled: "agent disabled"
        case .person(let name): "asked for by \(name)"
        case .draining: "draining"
        case .poolDeleted: "pool deleted"
        }
    }
}
