import FoundationEssentials
import RoostModel

/// A service connection that tasks use: an address, and what opens it.
struct TaskConnection: Codable, Hashable, Sendable {
    var id: UUID
    var project: UUID
    var name: String
    /// Such as `generic` or `github`, in lower case; what a task expects there is the task's own matter.
    var type: String
    var url: String
    var description: String
    /// Such as `Token` or `UsernamePassword`.
    var scheme: String
    var data: [String: String]
    /// The authorization parameters as JSON, sealed.
    var sealed: Data
    /// Their names.
    var parameterNames: [String]
    var createdAt: Date
    var createdBy: String
    /// Nil while nobody has tried it, and after each change.
    var verification: ConnectionVerification?
    /// Nil for one without a certificate.
    var certificateEnds: Date?

    /// Of the settings that hold them.
    static let prefix = "connection:"
    /// Types that are something else here.
    static let otherTypes: Set = ["incomingwebhook", "dockerregistry"]

    var settingName: String { "\(Self.prefix)\(id.uuidString.lowercased())" }
    /// What the sealed parameters are bound to.
    var place: String { "connections/\(id.uuidString.lowercased())" }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: TaskConnection] {
        let decoder = JSONDecoder()
        let connections = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(TaskConnection.self, from: $0) }
        return Dictionary(connections.map { ($0.id, $0) }) { first, _ in first }
    }
}

/// What a client says of a connection; what is nil stays as it is.
struct TaskConnectionDraft: Sendable {
    var name: String?
    var type: String?
    var url: String?
    var description: String?
    var scheme: String?
    var parameters: [String: String] = [:]
    var data: [String: String]?

    /// Stands in answers for a parameter, and in requests for one that stays.
    static let hidden = "********"

    /// What an answer said only because the cloud does; a client that sends it back does not mean it.
    static func saidByCloud(_ name: String, _ value: String, in data: [String: String]) -> Bool {
        let cloud = Cloud(named: data[ignoringCase: Cloud.Field.environment] ?? "")
        return cloud?.endpoints[ignoringCase: name] == value
    }
}
