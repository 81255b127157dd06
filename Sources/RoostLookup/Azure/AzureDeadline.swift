import RoostClient

/// Runs a request that must be answered at a moment at the latest.
///
/// - Throws: ``ClientError/timedOut(url:)`` with the address, and what the request throws.
func answered<Value: Sendable>(
    by deadline: ContinuousClock.Instant,
    at url: String,
    _ request: @escaping @Sendable () async throws -> Value
) async throws(AzureObstacle) -> Value {
    do {
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: request)
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw ClientError.timedOut(url: url)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw ClientError.timedOut(url: url) }
            return value
        }
    } catch let error as ClientError {
        throw .unanswered(error)
    } catch let error as AzureObstacle {
        throw error
    } catch {
        throw .unanswered(.timedOut(url: url))
    }
}
