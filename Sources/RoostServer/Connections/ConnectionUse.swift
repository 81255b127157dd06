import FoundationEssentials
import RoostModel
import RoostStore

/// A job that was given a connection.
struct ConnectionUse: Codable, Hashable, Sendable {
    var run: Int
    var runNumber: String
    var pipeline: Int
    var pipelineName: String
    var job: UUID
    /// Stage and job, as people know them.
    var jobName: String
    var at: Date

    /// Of the settings that hold the latest uses of a connection.
    static let prefix = "connection-uses:"
    /// So many are kept for a connection, the audit log has all.
    static let limit = 50

    static func settingName(_ connection: UUID) -> String { "\(prefix)\(connection.uuidString.lowercased())" }

    /// Those of a store, newest first, by the connection.
    static func all(_ settings: [String: Data]) -> [UUID: [ConnectionUse]] {
        let decoder = JSONDecoder()
        var all: [UUID: [ConnectionUse]] = [:]
        for (name, value) in settings where name.hasPrefix(prefix) {
            guard let id = UUID(uuidString: String(name.dropFirst(prefix.count))) else { continue }
            all[id] = try? decoder.decode([ConnectionUse].self, from: value)
        }
        return all
    }
}

extension ControlState {
    /// Keeps that a job was given a connection.
    mutating func note(_ use: ConnectionUse, of connection: UUID, _ change: inout ControlChange) {
        var uses = connectionUses[connection] ?? []
        uses.insert(use, at: 0)
        connectionUses[connection] = Array(uses.prefix(ConnectionUse.limit))
        guard let value = try? JSONEncoder().encode(connectionUses[connection]) else { return }
        change.store.append(.putSetting(name: ConnectionUse.settingName(connection), value: value))
    }

    mutating func forgetUses(of connection: UUID, _ change: inout ControlChange) {
        guard connectionUses.removeValue(forKey: connection) != nil else { return }
        change.store.append(.deleteSetting(name: ConnectionUse.settingName(connection)))
    }
}

extension ControlPlane {
    /// The latest uses of a connection, newest first.
    func uses(of connection: UUID) -> [ConnectionUse] { read { $0.connectionUses[connection] ?? [] } }
}
