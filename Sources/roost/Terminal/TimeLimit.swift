import ArgumentParser

/// A span of time as it is given to an option: `30s`, `5m`, `2h` or a number of seconds.
struct TimeLimit: ExpressibleByArgument, Sendable {
    let duration: Duration
    private let text: String

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? argument : String(argument.dropLast())), number.isFinite,
            number > 0, number <= 1e7
        else { return nil }
        duration = .milliseconds(Int64(number * (unit ?? 1) * 1000))
        text = argument
    }

    /// One that is the default of an option.
    init(duration: Duration, text: String) {
        self.duration = duration
        self.text = text
    }

    var defaultValueDescription: String { text }
}

/// Runs work that must end within a time; nil is no limit.
///
/// - Parameters:
///   - limit: how long.
///   - what: what is waited for, for the message.
///   - work: ends when it is cancelled.
/// - Returns: what the work returns.
/// - Throws: ``CommandFailure/timedOut(what:limit:)``, and what the work throws.
func withTimeLimit<Value: Sendable>(
    _ limit: TimeLimit?,
    waitingFor what: String,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard let limit else { return try await work() }
    return try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: limit.duration)
            throw CommandFailure.timedOut(what: what, limit: limit.defaultValueDescription)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
