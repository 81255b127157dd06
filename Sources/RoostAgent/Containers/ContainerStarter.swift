import FoundationEssentials
import RoostModel

/// Starts the containers of one job, one after the other.
struct ContainerStarter: Sendable {
    let work: StepWork
    let engine: any ContainerEngine
    let labels: [String]
    /// Images are held as long as the job has them.
    let uses: UseLocks

    /// A service that runs.
    struct Service: Sendable {
        var name: String
        var id: String
        var address: String
        var ports: [(inside: String, outside: String)]
        var state: ContainerState
    }

    private var folders: AgentFolders { work.settings.folders }

    // MARK: Kinds

    /// A container that runs its own program beside the job.
    func service(
        _ name: String,
        _ definition: JobContainer,
        _ network: String?,
        _ hosts: [String: String]
    ) async throws -> Service {
        let container = definition.expanded(work.variables.expand)
        let image = try await image(of: container)
        var start = try start(container, image, name: name, network, hosts)
        start.alias = name
        let id = try await engine.start(start, control: work.stop.control)
        work.output.writeLine("Started '\(name)' of the image '\(image)': \(id.prefix(12))")
        let state = try await runningState(id, name)
        let address = engine.usesMachineNetwork ? "127.0.0.1" : state.address
        return Service(name: name, id: id, address: address, ports: try await ports(id, container), state: state)
    }

    /// A container that waits for the job's steps.
    func target(
        _ definition: JobContainer,
        _ network: String?,
        _ hosts: [String: String]
    ) async throws -> RunningContainer {
        let container = definition.expanded(work.variables.expand)
        let image = try await image(of: container)
        var start = try start(container, image, name: definition.alias, network, hosts)
        start.waitsForCalls = true
        start.volumes = mounts(container) + start.volumes
        start.workingDirectory = ContainerPaths.work
        let id = try await engine.start(start, control: work.stop.control)
        work.output.writeLine("Started '\(definition.alias)' of the image '\(image)': \(id.prefix(12))")
        let state = try await runningState(id, definition.alias)
        return RunningContainer(
            alias: definition.alias,
            id: id,
            engine: engine,
            paths: ContainerPaths(folders),
            foldersInPlace: work.settings.sourcesInPlace.values.sorted() + (work.host?.foldersInPlace ?? []),
            imagePath: state.path,
            hasBash: try await hasBash(id),
            user: ContainerOptions(parsed: start.options).hasUser ? nil : "0:0",
            agentEnvironment: work.settings.environment.filter { !JobNetwork.isAboutNetwork($0.key) },
            temporary: folders.temp
        )
    }

    private func start(
        _ container: JobContainer,
        _ image: String,
        name: String,
        _ network: String?,
        _ hosts: [String: String]
    ) throws(ContainerFailure) -> ContainerStart {
        for volume in container.volumes where ContainerOptions.namesSocket(volume) {
            throw .socketRefused(volume, alias: name)
        }
        if container.mapsDockerSocket {
            work.report(
                .warning,
                "'mapDockerSocket' of '\(name)' is not carried out: no container gets an engine's socket."
            )
        }
        let safe = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
        return ContainerStart(
            name: "roost-\(work.order.job.description.prefix(13))-\(safe)",
            alias: name,
            image: image,
            labels: labels,
            network: network,
            hosts: hosts,
            options: try ContainerOptions(container.options, alias: name).words,
            environment: ClientEnvironment(container.environment, folder: folders.temp),
            ports: container.ports,
            volumes: container.volumes,
            waitsForCalls: false,
            workingDirectory: nil
        )
    }

    /// The agent's folders under the names of Azure Pipelines and, so that every path is right, under their own.
    private func mounts(_ container: JobContainer) -> [String] {
        let isReadOnly = container.readOnlyMounts
        func mount(_ outside: String, _ inside: String, _ kind: String) -> [String] {
            [inside, outside].map { "\(outside):\($0)\(isReadOnly.contains(kind) ? ":ro" : "")" }
        }
        var mounts = mount(folders.work, ContainerPaths.work, "work")
        // Steps write their scripts and results there, whatever else is protected.
        mounts += ["\(folders.temp):\(ContainerPaths.work)/_temp", "\(folders.temp):\(folders.temp)"]
        mounts += mount(folders.tools, ContainerPaths.tools, "tools")
        let tasks = "\(folders.work)/_tasks"
        if isReadOnly.contains("tasks"), FileTree.isFolder(tasks) {
            mounts.append("\(tasks):\(ContainerPaths.work)/_tasks:ro")
            mounts.append("\(tasks):\(tasks):ro")
        }
        let externals = folders.externals
        if FileTree.isFolder(externals) { mounts.append("\(externals):\(ContainerPaths.externals):ro") }
        for folder in work.settings.sourcesInPlace.values.sorted() { mounts.append("\(folder):\(folder)") }
        for file in work.settings.network.files { mounts.append("\(file):\(file):ro") }
        for folder in work.host?.foldersInPlace ?? [] { mounts.append("\(folder):\(folder):ro") }
        return mounts
    }

    // MARK: Images

    /// How often a pull is tried.
    private static let pullTries = 3

    /// Makes sure that the image is there and gives the name under which it is.
    private func image(of container: JobContainer) async throws -> String {
        guard !container.image.isEmpty else { throw ContainerFailure.imageMissing(alias: container.alias) }
        let name = ImageName(container.image)
        if container.isLocalImage || name.isOfThisMachine {
            guard try await engine.hasImage(name.text) else {
                throw ContainerFailure.localImageMissing(image: name.text)
            }
            return name.text
        }
        try uses.hold(UpkeepItem.ID(.image, name.qualified))
        if !uses.knows(image: name.qualified) {
            uses.note(image: name.qualified, isBrought: try await !engine.hasImage(name.qualified))
        }
        let login = try login(container, name)
        defer { login?.remove() }
        for tried in 1... {
            do {
                work.output.writeLine("Pulling '\(name.qualified)'")
                let control = work.stop.control
                try await engine.pull(name, authFile: login?.path, control: control, output: work.output)
                return name.qualified
            } catch let failure as ContainerFailure {
                work.output.endLine()
                if work.stop.reason != nil { throw StepStopped() }
                if tried == Self.pullTries { return try await imageThatIsHere(name, failure) }
                work.output.writeLine("Try \(tried) of \(Self.pullTries) failed; the next follows in \(tried) s.")
                await work.stop.wait(.seconds(tried), work.clock)
            }
        }
        return name.qualified
    }

    /// A registry that is away is no obstacle when the image is there already.
    private func imageThatIsHere(_ name: ImageName, _ failure: ContainerFailure) async throws -> String {
        guard try await engine.hasImage(name.qualified) else { throw failure }
        work.report(.warning, "\(failure.summary) The image that is on the machine is used.")
        return name.qualified
    }

    private func login(_ container: JobContainer, _ image: ImageName) throws -> RegistryLogin? {
        guard let id = container.endpoint else { return nil }
        guard let endpoint = work.order.endpoints.first(where: { $0.id == id || $0.name.lowercased() == id }) else {
            throw ContainerFailure.unknownEndpoint(id, alias: container.alias)
        }
        return try RegistryLogin(endpoint, image: image, folder: folders.temp)
    }

    // MARK: Looking

    private func runningState(_ id: String, _ alias: String) async throws -> ContainerState {
        let state = try await engine.state(id)
        guard state.isRunning else {
            let log = try await engine.log(id, lines: Self.logLines)
            throw ContainerFailure.endedEarly(alias: alias, code: state.exitCode, log: log)
        }
        return state
    }

    /// Lines of a container's log that an error shows.
    private static let logLines = 20
    /// How often a health check is run, a second apart.
    private static let healthTries = 60

    /// Waits until the health check of a service succeeds; one without is taken as it is.
    func awaitHealth(_ service: Service) async throws {
        guard service.state.hasHealthCheck else { return }
        work.output.writeLine("Waiting until '\(service.name)' is healthy")
        for _ in 0..<Self.healthTries {
            if try await engine.isHealthy(service.id, control: StopControl()) { return }
            _ = try await runningState(service.id, service.name)
            await work.stop.wait(.seconds(1), work.clock)
            if work.stop.reason != nil { throw StepStopped() }
        }
        let log = try await engine.log(service.id, lines: Self.logLines)
        throw ContainerFailure.unhealthy(alias: service.name, log: log)
    }

    private func ports(_ id: String, _ container: JobContainer) async throws -> [(inside: String, outside: String)] {
        guard !container.ports.isEmpty else { return [] }
        guard engine.usesMachineNetwork else { return try await engine.ports(id) }
        return container.ports.compactMap { port in
            let bare = port.split(separator: "/").first ?? ""
            return bare.split(separator: ":").last.map { (String($0), String($0)) }
        }
    }

    private func hasBash(_ id: String) async throws -> Bool {
        let call = ContainerCall(
            command: ["/bin/sh", "-c", "command -v bash"],
            environment: ClientEnvironment([:], folder: folders.temp),
            workingDirectory: "/",
            user: nil
        )
        let output = CollectedOutput()
        let outcome = try await StepProcess.run(engine.exec(id, call), control: work.stop.control, output: output)
        return outcome.exitCode == 0
    }
}
