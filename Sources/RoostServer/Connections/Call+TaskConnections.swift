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

    /// Without the values of parameters that may be secrets.
    func view(_ connection: TaskConnection) -> ServiceConnectionWire {
        let known = (try? plane.parameters(of: connection)) ?? [:]
        var parameters = connection.parameterNames.map { name in
            (name, CloudParameter.open.contains(name.lowercased()) ? known[name] ?? "" : TaskConnectionDraft.hidden)
        }
        parameters += plane.ownParameters(of: connection).map { ($0.key, $0.value) }
        var data = connection.taskData
        if connection.isCloud, connection.kind == .federation {
            data[Cloud.Field.federationAudience] = connection.federationAudience
        }
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
            data: data,
            isShared: false,
            isReady: connection.verification?.problem == nil,
            owner: "library",
            createdBy: identity(connection.createdBy),
            serviceEndpointProjectReferences: [
                .init(
                    name: connection.name,
                    description: connection.description,
                    projectReference: projectReference(ProjectID(connection.project))
                )
            ],
            operationStatus: connection.verification.map { verification in
                EndpointStatusWire(
                    state: verification.problem == nil ? "Ready" : "Failed",
                    statusMessage: verification.problem ?? "",
                    verifiedOn: verification.at
                )
            },
            kind: connection.kind.rawValue
        )
    }
}

extension ConnectionUse {
    func wire(_ connection: UUID) -> EndpointExecutionWire {
        EndpointExecutionWire(
            endpointId: connection,
            data: .init(
                planType: "Build",
                definition: ReferenceWire(id: pipeline, name: pipelineName),
                owner: ReferenceWire(id: run, name: runNumber),
                startTime: at,
                job: jobName
            )
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
            data: data.map { $0.filter { !TaskConnectionDraft.saidByCloud($0.key, $0.value, in: data ?? [:]) } }
        )
    }
}
