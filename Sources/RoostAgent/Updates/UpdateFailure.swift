import RoostClient
import RoostModel

/// Why an agent is not updated.
enum UpdateFailure: UserFacingError, Hashable {
    case noPackage(AgentRelease, platform: String)
    case noRoom(path: String, needed: Int, free: Int)
    case notFetched(AgentRelease, reason: String)
    case otherBytes(AgentRelease, told: String, found: String)
    case notSigned(AgentRelease, keyFile: String)
    case notUnpacked(AgentRelease, reason: String)
    case notWritable(path: String, error: Int32)
    case noProgram(AgentRelease)
    /// It is started and says nothing, or something else.
    case doesNotStart(AgentRelease, says: String)
    /// It was tried, and did not work.
    case unhealthy(AgentRelease, reason: String)
    /// It was tried, and did not come online, which no version could have done here.
    case excused(AgentRelease, reason: String)

    /// Whose fault it is.
    var fault: AgentUpdate.Fault {
        switch self {
        case .otherBytes, .notSigned: .tampered
        case .noPackage, .noRoom, .notFetched, .notUnpacked, .notWritable, .excused: .machine
        case .noProgram, .doesNotStart, .unhealthy: .unhealthy
        }
    }

    var code: String {
        switch self {
        case .noPackage: "update.no-package"
        case .noRoom: "update.no-room"
        case .notFetched: "update.not-fetched"
        case .otherBytes: "update.other-bytes"
        case .notSigned: "update.not-signed"
        case .notUnpacked: "update.not-unpacked"
        case .notWritable: "update.not-writable"
        case .noProgram: "update.no-program"
        case .doesNotStart: "update.does-not-start"
        case .unhealthy: "update.unhealthy"
        case .excused: "update.not-tried"
        }
    }

    var summary: String {
        switch self {
        case .noPackage(let release, let platform): "The server has no package of \(release) for \(platform)."
        case .noRoom(let path, let needed, let free):
            "\(path) has \(free >> 20) MiB free; the update needs \(needed >> 20) MiB."
        case .notFetched(let release, let reason): "The package of \(release) cannot be fetched: \(reason)"
        case .otherBytes(let release, let told, let found):
            "The package of \(release) is not what the server says it is: its SHA-256 is \(found), not \(told)."
        case .notSigned(let release, _): "The package of \(release) is not signed with a key that this agent trusts."
        case .notUnpacked(let release, let reason): "The package of \(release) cannot be unpacked: \(reason)"
        case .notWritable(let path, let error): "\(path) cannot be written: \(systemMessage(error))."
        case .noProgram(let release): "The package of \(release) has no bin/\(UpdateFiles.program)."
        case .doesNotStart(let release, let says):
            says.isEmpty ? "\(release) does not start here." : "\(release) does not start here; it says: \(says)"
        case .unhealthy(_, let reason): reason
        case .excused(let release, let reason): "\(release) could not be tried: \(reason)"
        }
    }

    var location: String? { nil }

    var advice: String? {
        switch self {
        case .noPackage: "Add it with 'roost package add'."
        case .noRoom: "Make room; the agent tries again."
        case .notFetched, .excused: "Look at the machine and its way to the server with 'roost-agent doctor'."
        case .otherBytes:
            "Delete the package on the server and add it again from where it was made; find out who changed it."
        case .notSigned(_, let file): "If the key of the server has changed on purpose, delete \(file) on this machine."
        case .notUnpacked:
            "Look at the disk of this machine; if that is not it, delete the package on the server and add it again."
        case .noProgram, .doesNotStart, .unhealthy: "The version that worked goes on."
        case .notWritable: "Give the folder to the agent's user, or update the agent where it is made."
        }
    }
}
