import RoostClient
public import RoostModel
import RoostServer
public import RoostWire

/// What tests of elastic pools wait for.
extension TestCluster {
    /// Waits until the machines of a pool are so.
    ///
    /// - Throws: ``TestFailure`` when the pool is gone first.
    public func machines(
        of pool: PoolID,
        until isSo: @Sendable ([ElasticInstance]) throws -> Bool
    ) async throws -> [ElasticInstance] {
        let events = plane.agentEvents(pool: pool)
        while true {
            let instances = try plane.elasticInstances(of: pool)
            if try isSo(instances) { return instances }
            var iterator = events.makeAsyncIterator()
            guard await iterator.next() != nil else { throw TestFailure("the pool's events ended") }
        }
    }

    /// Waits until the status of a pool is so; to be used where few things happen, because it is asked for after each.
    ///
    /// - Throws: ``TestFailure`` when the pool is gone first.
    public func status(
        of pool: PoolID,
        until isSo: @Sendable (ElasticStatusWire) throws -> Bool
    ) async throws -> ElasticStatusWire {
        let events = plane.agentEvents(pool: pool)
        while true {
            let status = try await client.elasticStatus(pool.rawValue)
            if try isSo(status) { return status }
            var iterator = events.makeAsyncIterator()
            guard await iterator.next() != nil else { throw TestFailure("the pool's events ended") }
        }
    }
}
