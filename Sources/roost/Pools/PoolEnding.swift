import RoostClient
import RoostWire

/// Waits for an elastic pool to be gone.
enum PoolEnding {
    /// - Parameters:
    ///   - pool: its number.
    ///   - server: where it is.
    /// - Throws: `ClientError`, `CancellationError`.
    static func wait(for pool: Int, on server: Connection) async throws {
        // Who listens before looking misses nothing.
        while let events = try await events(of: pool, on: server), try await isThere(pool, on: server) {
            for try await _ in events {
                guard try await isThere(pool, on: server) else { return }
            }
        }
    }

    /// Nil when there is no such pool any more.
    private static func events(
        of pool: Int,
        on server: Connection
    ) async throws -> AsyncThrowingStream<ServerEvent, any Error>? {
        do { return try await server.client.poolEvents(pool) } catch {
            if case .refused(let refusal) = error, refusal.status == 404 { return nil }
            throw error
        }
    }

    private static func isThere(_ pool: Int, on server: Connection) async throws -> Bool {
        try await server.client.pools().contains { $0.id == pool }
    }
}
