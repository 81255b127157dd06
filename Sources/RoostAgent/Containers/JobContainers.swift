import FoundationEssentials
import RoostModel
import Synchronization

/// The containers of one job: which there are, which run, and where steps find them.
final class JobContainers: Sendable {
    private struct State {
        var engine: (any ContainerEngine)?
        var running: [String: RunningContainer] = [:]
        var didStart = false
    }

    private let state = Mutex(State())
    private let order: JobOrder
    private let settings: WorkerSettings
    private let uses: UseLocks

    init(_ order: JobOrder, _ settings: WorkerSettings, _ uses: UseLocks) {
        self.order = order
        self.settings = settings
        self.uses = uses
    }

    /// Whether the job needs any.
    var isNeeded: Bool { order.needsContainers }

    /// The container a step runs in; nil is the agent's machine.
    ///
    /// - Throws: ``ContainerFailure/notRunning(_:)``.
    func container(for step: JobStep) throws(ContainerFailure) -> RunningContainer? {
        guard let alias = order.container(of: step) else { return nil }
        guard let found = state.withLock({ $0.running[alias.lowercased()] }) else { throw .notRunning(alias) }
        return found
    }

    /// How folders are named in the container of a step; nil on the machine.
    func paths(for step: JobStep) -> ContainerPaths? {
        order.container(of: step) == nil ? nil : ContainerPaths(settings.folders)
    }

    // MARK: Begin

    /// Starts all of them: services first, so that steps find them.
    func start(_ work: StepWork) async throws {
        do {
            try await startAll(work)
        } catch let failure as ContainerFailure {
            // The machine may have changed since the engine was found: the next job looks again.
            if case .startFailed = failure { PodmanProbe(settings: settings).forget() }
            throw failure
        }
    }

    private func startAll(_ work: StepWork) async throws {
        let engine = try await findEngine()
        work.output.writeLine("Containers are run by \(engine.summary).")
        state.withLock {
            $0.engine = engine
            $0.didStart = true
        }
        ContainerJournal(settings).note()
        let starter = ContainerStarter(work: work, engine: engine, labels: labels, uses: uses)
        let network = engine.usesMachineNetwork ? nil : "roost_network_\(order.job)"
        if let network { try await engine.createNetwork(network, labels: labels) }
        if network == nil, !order.sidecars.isEmpty {
            work.output.writeLine(
                "Services listen on the machine's own network, because this user cannot make one; their ports must be free."
            )
        }
        var hosts: [String: String] = [:]
        for (name, alias) in order.sidecars.sorted(by: { $0.key < $1.key }) {
            let service = try await starter.service(name, try definition(alias), network, hosts)
            hosts[name] = service.address
            try await starter.awaitHealth(service)
            work.variables.set(service.ports.map { ("agent.services.\(name).ports.\($0.inside)", $0.outside) })
        }
        var mapping: [String: String] = [:]
        for alias in order.targetedContainers {
            let container = try await starter.target(try definition(alias), network, hosts)
            mapping[alias] = container.id
            state.withLock { $0.running[alias.lowercased()] = container }
        }
        tell(mapping, network, work)
    }

    private func findEngine() async throws -> any ContainerEngine {
        PodmanEngine(profile: try await PodmanProbe(settings: settings).find(), settings: settings)
    }

    private var labels: [String] { [ContainerJournal(settings).label, "roost.job=\(order.job)"] }

    private func definition(_ alias: String) throws(ContainerFailure) -> JobContainer {
        guard let found = order.containers.first(where: { $0.alias.lowercased() == alias.lowercased() }) else {
            throw .unknownContainer(alias)
        }
        return found
    }

    /// Variables that say where the job runs.
    private func tell(_ mapping: [String: String], _ network: String?, _ work: StepWork) {
        var values: [(String, String)] = []
        if let network { values.append(("Agent.ContainerNetwork", network)) }
        if let alias = order.container, let id = mapping[alias] { values.append(("Agent.ContainerId", id)) }
        let entries = mapping.mapValues { ["id": $0] }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        if let data = try? encoder.encode(entries) {
            values.append(("Agent.ContainerMapping", String(decoding: data, as: UTF8.self)))
        }
        work.variables.set(values)
    }

    // MARK: End

    /// Ends and deletes all of them, and takes over files their users left; does nothing the second time.
    ///
    /// - Parameter folders: where such files may be.
    /// - Returns: how many containers there were.
    /// - Throws: ``ContainerFailure`` when the engine could not remove them.
    @discardableResult
    func stop(_ folders: [String]) async throws -> Int {
        let engine = state.withLock { state in
            defer { state = State() }
            return state.engine
        }
        guard let engine else { return 0 }
        let ids = try await engine.remove(label: "roost.job=\(order.job)")
        await engine.reclaim(folders)
        ContainerJournal(settings).close()
        return ids.count
    }
}

extension JobOrder {
    /// Whether the job has containers at all.
    var needsContainers: Bool { !sidecars.isEmpty || !targetedContainers.isEmpty }

    /// The order of the first step's record, behind those of the job's begin.
    var firstStepOrder: Int { needsContainers ? 3 : 2 }

    /// The alias of the container a step runs in; nil is the agent's machine.
    func container(of step: JobStep) -> String? {
        guard let target = step.target, !target.isEmpty else { return container }
        return target.lowercased() == PlannedTarget.host ? nil : target
    }

    /// Aliases of containers in which steps run, the job's own first.
    var targetedContainers: [String] {
        var aliases = container.map { [$0] } ?? []
        for alias in steps.compactMap(container(of:))
        where !aliases.contains(where: { $0.lowercased() == alias.lowercased() }) { aliases.append(alias) }
        return aliases
    }
}
