import Foundation
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Synchronization

/// The run's pool and pipeline, reached over HTTP like by anybody; a server that is just away is waited for.
final class FaultSite: Sendable {
    static let poolName = "faults"

    let client: RoostClient
    /// The server's, in the tags of its machines.
    let instance: UUID
    let project: String
    private let run: FaultRun
    private let repository: ScratchRepository
    private let pipeline: Int
    private let pool = Mutex(0)

    /// Where jobs of processes write that they begin and end; none for sandboxes, which cannot.
    var witness: String { "\(run.folder)/witness" }

    init(_ run: FaultRun) async throws {
        self.run = run
        let token = try String(contentsOfFile: "\(run.folder)/token", encoding: .utf8)
        client = try RoostClient(
            url: run.server.address,
            credential: .personalToken(Secret(token)),
            options: ClientOptions(userAgent: "faults", retries: 0)
        )
        let command = run.command
        repository = try ScratchRepository([
            "azure-pipelines.yml": FaultPipeline(pool: Self.poolName, jobs: min(command.runJobs, command.jobs)).yaml
        ])
        guard let instance = try await client.connectionData().instanceId,
            let project = try await client.projects().first?.name
        else { throw FaultFailure("the server does not say who it is") }
        (self.instance, self.project) = (instance, project)
        let variables = ["WITNESS": VariableValueWire(value: "\(run.folder)/witness")]
        let made = try await client.createDefinition(
            project: project,
            BuildDefinitionWire(
                name: "faults",
                repository: BuildRepositoryWire(type: "Git", url: repository.path, defaultBranch: "main"),
                process: BuildProcessWire(type: 2, yamlFilename: "azure-pipelines.yml"),
                variables: command.provider == .process ? variables : nil
            )
        )
        guard let pipeline = made.id else { throw FaultFailure("the pipeline has no number") }
        self.pipeline = pipeline
    }

    deinit { repository.remove() }

    /// Asks again when the server was away.
    func patiently<Value: Sendable>(
        _ request: @Sendable (RoostClient) async throws -> Value
    ) async throws -> Value {
        while true {
            do { return try await request(client) } catch let error as ClientError where error.isPassing {
                try Task.checkCancellation()
                try await run.server.ready()
                // A server that was killed a moment ago is still the one that was started last.
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    // MARK: The pool

    func makePool(max: Int, standby: Int) async throws {
        var draft = RoostElasticPoolWire()
        (draft.name, draft.provider, draft.openToAll) = (Self.poolName, run.command.provider.rawValue, true)
        var settings = ElasticSettingsWire()
        (settings.max, settings.standby, settings.idleDelaySeconds) = (max, standby, 1)
        draft.settings = settings
        guard let id = try await client.createElasticPool(draft).poolId else { throw FaultFailure("no pool was made") }
        pool.withLock { $0 = id }
    }

    private var poolID: Int { pool.withLock { $0 } }

    /// Waits until the pool says that it is what it should be, and that is true: nothing differs, nothing waits, and there are as many as there should be.
    ///
    /// - Parameter steady: so long it has to stay like that: a fault that nobody has noticed yet is noticed meanwhile.
    /// - Returns: since when it is so.
    /// - Throws: what the server answers but that it is away.
    func settled(steady: Duration) async throws -> ContinuousClock.Instant {
        while true {
            let before = try await firstSettled()
            let moment = ContinuousClock.now
            try await Task.sleep(for: steady)
            let after = try await firstSettled()
            if before == after { return moment }
        }
    }

    /// Waits until it is so for the first time, and gives the machines that there are then.
    private func firstSettled() async throws -> [ElasticStatusWire.Machine] {
        let (id, standby) = (poolID, run.command.standby)
        var told = ""
        while true {
            // The stream begins before the status is read, so that no change is missed.
            let events = try await patiently { try await $0.poolEvents(id) }
            var iterator = events.makeAsyncIterator()
            while true {
                let status = try await patiently { try await $0.elasticStatus(id) }
                if Self.isSettled(status, standby), try await isTrue(status) { return status.machines }
                let words = status.differences.map(\.sentence).joined(separator: " ")
                if words != told { FaultRun.say("  \(status.observed) of \(status.desired): \(words)") }
                told = words
                guard (try? await iterator.next()) != nil else { break }
            }
        }
    }

    private static func isSettled(_ status: ElasticStatusWire, _ standby: Int) -> Bool {
        status.differences.isEmpty && status.waiting.isEmpty && status.observed == status.desired
            && status.desired == standby && status.machines.allSatisfy { $0.phase == "idle" }
    }

    /// What happened lately to the machines that are not as they should be, for who looks for the reason.
    func history() async -> String {
        let id = poolID
        guard let status = try? await client.elasticStatus(id),
            let logs = try? await client.elasticLogs(id, limit: 2_000)
        else { return "" }
        let numbers = Set(status.differences.compactMap(\.machine))
        let lines = logs.reversed().filter { numbers.contains($0.machine ?? 0) }.suffix(40).map { log in
            "  \(log.timestamp) \(log.machine ?? 0): \(log.message)"
        }
        let consoles = status.machines.filter { numbers.contains($0.number) }.map { machine in
            let words = run.machines.console(of: machine.machine ?? "").suffix(12).joined(separator: "\n    ")
            return "  machine \(machine.number) wrote:\n    \(words)"
        }
        return (lines + consoles).joined(separator: "\n")
    }

    /// Whether that is true: the ledger has just the machines that there are, all of them run, and their agents are online.
    private func isTrue(_ status: ElasticStatusWire) async throws -> Bool {
        let rows = Set(status.machines.compactMap(\.machine))
        guard rows == run.machines.names, run.machines.leaving == 0 else { return false }
        guard Set(run.machines.keepers.map(\.machine)) == rows else { return false }
        let id = poolID
        let agents = try await patiently { try await $0.agents(pool: id) }
        return Set(agents.filter { $0.status == "online" }.compactMap(\.name)) == Set(status.machines.map(\.name))
    }

    func deletePool() async throws {
        let id = poolID
        guard id > 0 else { return }
        try await patiently { try await $0.deletePool(id) }
        while true {
            let events: AsyncThrowingStream<ServerEvent, any Error>
            do { events = try await patiently { try await $0.poolEvents(id) } } catch is ClientError { return }
            do { for try await _ in events {} } catch is ClientError {}
        }
    }

    // MARK: Jobs

    /// Queues runs of the pipeline, and waits until all that were accepted have ended.
    func runJobs(_ count: Int) async throws {
        let (project, pipeline) = (project, pipeline)
        for _ in 0..<count {
            // An answer that was lost may stand for a run that was accepted, and there is one more then.
            _ = try await patiently {
                try await $0.runPipeline(project: project, pipeline: pipeline, RunPipelineParametersWire())
            }
        }
        for run in try await runs() where run.status != "completed" {
            if let id = run.id { try await finish(id) }
        }
    }

    /// All runs that were accepted.
    func runs() async throws -> [BuildWire] {
        let (project, pipeline) = (project, pipeline)
        return try await patiently { try await $0.builds(project: project, definitions: [pipeline], top: 5_000) }
    }

    private func finish(_ id: Int) async throws {
        while true {
            if try await patiently({ try await $0.build(id) }).status == "completed" { return }
            let events = try await patiently { try await $0.runEvents(id) }
            do {
                for try await event in events where event.name == "run" {
                    let build = try? WireJSON.decode(BuildWire.self, from: Data(event.data.utf8))
                    if build?.status == "completed" { return }
                }
            } catch is ClientError {}
        }
    }
}
