import Foundation
import Logging
import RoostModel
import RoostProviders
import RoostClient
import RoostServer
import RoostStore
import RoostTesting
import Testing

@Suite("Machines outlive their server", .timeLimit(.minutes(2)))
struct RestartedServerTests {
    private static let agent = "\(ChildProgram.buildFolder)/roost-agent"

    private func serve(
        _ folder: String,
        port: Int = 0,
        _ body: @Sendable @escaping (TestCluster) async throws -> Void
    ) async throws {
        var logger = Logger(label: "roost.test")
        logger.logLevel = .critical
        let sealer = try AESSealer(keyFile: "\(folder)/seal.key")
        // Another provider over the same folder, as another process has it.
        let provider = try ProcessProvider(
            folder: "\(folder)/machines",
            program: .agent(Self.agent),
            keeper: ContractKind.keeper
        )
        try await TestCluster.with(
            store: try SQLiteStore(path: "\(folder)/roost.db", sealer: sealer, logger: logger),
            sealer: sealer,
            providers: ["process": provider],
            configure: { $0.port = port },
            body
        )
    }

    @Test(
        "the next server takes over a machine as it is: its agent comes back and takes a job, and none is made or ended"
    )
    func restart() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let (ports, port) = AsyncStream<Int>.makeStream()
        try await serve(scratch.path) { cluster in
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "process",
                settings: ElasticPoolSettings(max: 2, standby: 1),
                by: .system
            ).pool
            _ = try await cluster.machines(of: pool) { $0.map(\.phase) == [.idle] }
            port.yield(cluster.app.port)
        }
        var iterator = ports.makeAsyncIterator()
        let known = try #require(await iterator.next())
        try await serve(scratch.path, port: known) { cluster in
            let pool = try #require(cluster.plane.pool(named: "elastic")).id
            let machine = try #require(try cluster.plane.elasticInstances(of: pool).first)
            #expect(machine.phase == .idle && machine.generation == 1)
            // A job that came before its agent could be taken by a machine that is made for standby.
            var changes = cluster.plane.agentEvents(pool: pool).makeAsyncIterator()
            while try !cluster.plane.agents(in: pool).contains(where: \.online) { _ = await changes.next() }
            let repository = try ScratchRepository([
                "azure-pipelines.yml": "pool: elastic\nsteps:\n- checkout: none\n- script: echo here\n"
            ])
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            let busy = try await cluster.machines(of: pool) { $0.contains { $0.phase == .busy } }
            #expect(busy.first { $0.phase == .busy }?.number == machine.number)
            #expect(busy.first { $0.phase == .busy }?.agents == machine.agents)
            #expect(try await cluster.finished(run.id).run.state.result == .succeeded)
            let log = try await cluster.plane.elasticLogs(of: pool, limit: 100).map(\.message)
            #expect(!log.contains { $0.contains("It is deleted") || $0.contains("It is given up") }, "\(log)")
            try await cluster.client.deletePool(pool.rawValue)
            for await _ in cluster.plane.agentEvents(pool: pool) {}
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/machines/machines").isEmpty)
    }
}
