import RoostModel

/// The members of a job's message that concern containers, chosen for one job.
struct JobContainersWire {
    var jobContainer: String?
    /// Aliases of containers by the names of services.
    var sidecars: [String: String] = [:]
    var containers: [ContainerResourceWire] = []

    /// - Parameters:
    ///   - planned: the job's steps and containers.
    ///   - job: has the evaluated names among its variables.
    ///   - endpoints: the service connections that travel with the message.
    init(_ planned: PlannedJob, _ job: Job, _ endpoints: [ServiceEndpointWire]) {
        guard let book = planned.containers else { return }
        var used: [PlannedContainer] = []
        func alias(_ text: PlannedText, _ variable: String) -> String? {
            let name = job.variables.first { $0.key.lowercased() == variable.lowercased() }?.value.value ?? text.text
            guard !name.isEmpty else { return nil }
            let definition = book.definition(name)
            if !used.contains(where: { $0.alias == definition.alias }) { used.append(definition) }
            return definition.alias
        }
        jobContainer = book.job.flatMap { alias($0, PlannedContainers.jobVariable) }
        for service in book.services {
            sidecars[service.name] = alias(service.container, PlannedContainers.serviceVariable(service.name))
        }
        for case let target? in planned.steps.map(\.target?.container) where target.lowercased() != PlannedTarget.host {
            _ = alias(PlannedText(target), "")
        }
        containers = used.map { Self.wire($0, endpoints) }
    }

    private static func wire(
        _ container: PlannedContainer,
        _ endpoints: [ServiceEndpointWire]
    ) -> ContainerResourceWire {
        let endpoint = container.endpoint.flatMap { name in
            endpoints.first { $0.name?.lowercased() == name.lowercased() }
        }
        return ContainerResourceWire(
            alias: container.alias,
            endpoint: container.endpoint.map { EndpointReferenceWire(id: endpoint?.id, name: $0) },
            properties: ContainerPropertiesWire(
                image: container.image,
                options: container.options,
                env: container.environment.isEmpty ? nil : container.environment,
                ports: container.ports.isEmpty ? nil : container.ports,
                volumes: container.volumes.isEmpty ? nil : container.volumes,
                mapDockerSocket: container.mapsDockerSocket,
                localImage: container.isLocalImage ? true : nil,
                readOnlyMounts: container.readOnlyMounts.isEmpty ? nil : container.readOnlyMounts
            )
        )
    }
}
