import RoostModel
import RoostProviders
import RoostServer
import RoostTesting

/// A server with an elastic pool of machines that do what a script says.
struct ScriptedPool: Sendable {
    let cluster: TestCluster
    let provider: ScriptedProvider
    let id: PoolID

    static func with(
        _ settings: ElasticPoolSettings,
        _ machines: SimulatedMachines,
        quota: Int? = nil,
        dashboard: Bool = false,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @Sendable @escaping (ScriptedPool) async throws -> Void
    ) async throws {
        let provider = ScriptedProvider(quota: quota, program: machines.program)
        try await TestCluster.with(
            dashboard: dashboard,
            providers: ["scripted": provider],
            configure: configure,
            { cluster in
                let pool = try await cluster.plane.createElasticPool(
                    name: "elastic",
                    provider: "scripted",
                    settings: settings,
                    by: .system
                ).pool
                try await body(ScriptedPool(cluster: cluster, provider: provider, id: pool))
            }
        )
        await provider.shutDown()
    }

    func machines(_ isSo: @Sendable ([ElasticInstance]) throws -> Bool) async throws -> [ElasticInstance] {
        try await cluster.machines(of: id, until: isSo)
    }

    func change(_ edit: @Sendable (inout ElasticPoolSettings) -> Void) async throws {
        try await cluster.plane.updateElasticPool(id, by: .system, edit)
    }

    func logs() async throws -> [String] {
        try await cluster.plane.elasticLogs(of: id, limit: 1_000).map(\.message)
    }
}
