public import RoostWire

extension RoostClient {
    /// The maintenance of a pool; nil when none is set up.
    public func maintenance(pool: Int) async throws(ClientError) -> PoolMaintenanceDefinitionWire? {
        try await call(
            Call(method: "GET", path: "_apis/distributedtask/pools/\(pool)/maintenancedefinitions"),
            as: WireList<PoolMaintenanceDefinitionWire>.self
        ).value.first
    }

    /// Sets up the maintenance of a pool, or changes what is given.
    public func setMaintenance(
        pool: Int,
        _ definition: PoolMaintenanceDefinitionWire
    ) async throws(ClientError) -> PoolMaintenanceDefinitionWire {
        try await call(
            Call(
                method: "POST",
                path: "_apis/distributedtask/pools/\(pool)/maintenancedefinitions",
                body: try Self.body(definition)
            )
        )
    }

    /// Queues a round now.
    public func runMaintenance(pool: Int) async throws(ClientError) -> PoolMaintenanceJobWire {
        try await call(
            Call(
                method: "POST",
                path: "_apis/distributedtask/pools/\(pool)/maintenancejobs",
                body: try Self.body(PoolMaintenanceJobWire(definitionId: 1))
            )
        )
    }

    /// Rounds that are remembered, the newest first.
    public func maintenanceJobs(pool: Int) async throws(ClientError) -> [PoolMaintenanceJobWire] {
        try await call(
            Call(method: "GET", path: "_apis/distributedtask/pools/\(pool)/maintenancejobs"),
            as: WireList<PoolMaintenanceJobWire>.self
        ).value
    }

    /// The maintenance that an agent may begin now, asked with its own token; nil when there is none.
    public func nextMaintenance(pool: Int, agent: Int) async throws(ClientError) -> MaintenanceOrderWire? {
        try await callOptional(
            Call(
                method: "GET",
                path: "_apis/roost/pools/\(pool)/agents/\(agent)/maintenance"
            ),
            as: MaintenanceOrderWire.self
        )
    }

    /// Tells what an agent did.
    public func reportMaintenance(
        pool: Int,
        agent: Int,
        job: Int,
        _ report: MaintenanceReportWire
    ) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "PUT",
                path: "_apis/roost/pools/\(pool)/agents/\(agent)/maintenance/\(job)",
                body: try Self.body(report)
            )
        )
    }
}
