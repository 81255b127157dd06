import FoundationEssentials
import RoostModel

/// The service connection with which an elastic pool was made.
struct ElasticConnection: Hashable, Sendable {
    var id: UUID
    var project: ProjectID
    var name: String
    /// Why it is of no use, a sentence; nil when it is as it was.
    var problem: String?
}

extension ControlState {
    /// A connection of any kind.
    ///
    /// - Throws: ``ControlError/serviceConnectionNotFound(_:)``.
    func elasticConnection(_ id: UUID, at now: Date) throws(ControlError) -> ElasticConnection {
        if let task = taskConnections[id] {
            return ElasticConnection(
                id: id,
                project: ProjectID(task.project),
                name: task.name,
                problem: task.problem(at: now)
            )
        }
        guard let other = serviceConnections[ServiceConnectionID(id)] else {
            throw .serviceConnectionNotFound(id.uuidString.lowercased())
        }
        return ElasticConnection(id: id, project: other.project, name: other.name)
    }

    /// That of a pool; nil when it was made without one.
    func elasticConnection(of pool: ElasticPool, at now: Date) -> ElasticConnection? {
        guard let origin = pool.origin, let id = origin.connection else { return nil }
        if let known = try? elasticConnection(id, at: now) { return known }
        return ElasticConnection(
            id: id,
            project: origin.connectionProject ?? ProjectID(id),
            name: origin.connectionName ?? id.uuidString.lowercased(),
            problem: "It is deleted: name another one, or let it be forgotten."
        )
    }
}

extension ControlPlane {
    /// The service connection of a pool as it is now.
    func elasticConnection(of pool: ElasticPool) -> ElasticConnection? {
        read { $0.elasticConnection(of: pool, at: Date()) }
    }
}

extension TaskConnection {
    /// Why it lets nobody in, as far as that is known.
    fileprivate func problem(at now: Date) -> String? {
        if let certificateEnds, certificateEnds <= now { return "Its certificate has ended." }
        return verification?.problem.map { "It did not let the server in when it was last tried: \($0)" }
    }
}
