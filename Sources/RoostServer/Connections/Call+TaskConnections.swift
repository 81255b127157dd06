import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

extension Call {
    /// The connection for tasks that the path names; nil when it names none.
    func taskConnection() throws -> TaskConnection? {
        try plane.taskConnection(text("endpointId"), in: project()?.id)
    }

    /// Those that a list asks for.
    func taskConnectionViews() throws -> [ServiceConnectionWire] {
        let names = query.list("endpointNames").map { Set($0.map { $0.lowercased() }) }
        let ids = query.list("endpointIds").map { Set($0.map { $0.lowercased() }) }
        let type = query["type"]?.lowercased()
        return try plane.taskConnections(in: project()?.id).filter { connection in
            names?.contains(connection.name.lowercased()) ?? true
                && ids?.contains(connection.id.uuidString.lowercased()) ?? true
                && (type == nil || type == connection.type)
        }.map(view)
    }

    /// Without the values of the parameters.
    func view(_ connection: TaskConnection) -> ServiceConnectionWire {
        let parameters = connection.parameterNames.map { ($0, TaskConnectionDraft.hidden) }
        return ServiceConnectionWire(
            id: connection.id,
            name: connection.name,
            type: connection.type,
            url: connection.url,
            description: connection.description,
            authorization: EndpointAuthorizationWire(
                scheme: connection.scheme,
                parameters: Dictionary(parameters) { first, _ in first }
            ),
            data: connection.data,
            isShared: false,
            isReady: true,
            owner: "library",
            createdBy: identity(connection.createdBy),
            serviceEndpointProjectReferences: [
                .init(
                    name: connection.name,
                    description: connection.description,
                    projectReference: projectReference(ProjectID(connection.project))
                )
            ]
        )
    }
}

extension ServiceConnectionWire {
    /// It is one that tasks use, not one that begins runs.
    var isForTasks: Bool { type.map { !TaskConnection.otherTypes.contains($0.lowercased()) } ?? false }

    /// What it says of a connection for tasks.
    var taskDraft: TaskConnectionDraft {
        let use = serviceEndpointProjectReferences?.first
        return TaskConnectionDraft(
            name: name ?? use?.name,
            type: type,
            url: url,
            description: description ?? use?.description,
            scheme: authorization?.scheme,
            parameters: authorization?.parameters ?? [:],
            data: data
        )
    }
}
