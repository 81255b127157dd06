import RoostModel

/// The stored shape of the containers of a job.
struct PlanContainersBody: Codable {
    struct Service: Codable {
        var name: String
        var container: PlanBody.Text
    }

    var job: PlanBody.Text?
    var services: [Service]?
    var definitions: [PlanContainerBody]?

    init(_ containers: PlannedContainers) {
        job = containers.job.map { PlanBody.Text($0) }
        services = containers.services.map { Service(name: $0.name, container: PlanBody.Text($0.container)) }
        definitions = containers.definitions.map { PlanContainerBody($0) }
    }

    var noun: PlannedContainers {
        PlannedContainers(
            job: job?.noun,
            services: (services ?? []).map { PlannedService(name: $0.name, container: $0.container.noun) },
            definitions: (definitions ?? []).map(\.noun)
        )
    }
}

/// The stored shape of a container.
struct PlanContainerBody: Codable {
    var alias: String
    var image: String
    var endpoint: String?
    var options: String?
    var environment: [String: String]?
    var ports: [String]?
    var volumes: [String]?
    var mapsDockerSocket: Bool?
    var isLocalImage: Bool?
    var readOnlyMounts: [String]?
    var place: String?

    init(_ container: PlannedContainer) {
        alias = container.alias
        image = container.image
        endpoint = container.endpoint
        options = container.options
        environment = container.environment.isEmpty ? nil : container.environment
        ports = container.ports.isEmpty ? nil : container.ports
        volumes = container.volumes.isEmpty ? nil : container.volumes
        mapsDockerSocket = container.mapsDockerSocket
        isLocalImage = container.isLocalImage ? true : nil
        readOnlyMounts = container.readOnlyMounts.isEmpty ? nil : container.readOnlyMounts
        place = container.place.isEmpty ? nil : container.place
    }

    var noun: PlannedContainer {
        PlannedContainer(
            alias: alias,
            image: image,
            endpoint: endpoint,
            options: options,
            environment: environment ?? [:],
            ports: ports ?? [],
            volumes: volumes ?? [],
            mapsDockerSocket: mapsDockerSocket,
            isLocalImage: isLocalImage ?? false,
            readOnlyMounts: readOnlyMounts ?? [],
            place: place ?? ""
        )
    }
}

/// The stored shape of a step's target.
struct PlanTargetBody: Codable {
    var container: String?
    var isRestricted: Bool?
    var settableVariables: [String]?

    init(_ target: PlannedTarget) {
        container = target.container
        isRestricted = target.isRestricted ? true : nil
        settableVariables = target.settableVariables
    }

    var noun: PlannedTarget {
        PlannedTarget(
            container: container,
            isRestricted: isRestricted ?? false,
            settableVariables: settableVariables
        )
    }
}
