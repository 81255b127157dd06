import RoostClient

/// Events of a server as they happen; comes back by itself when the connection is lost.
///
/// Each stream begins with what is so now, so that nothing is missed by a lost connection.
struct LiveEvents {
    /// Lost connections in a row before giving up; the pauses between them grow to a minute.
    private static let mostFailures = 10

    private let url: String
    private let open: @Sendable () async throws -> AsyncThrowingStream<ServerEvent, any Error>
    private var iterator: AsyncThrowingStream<ServerEvent, any Error>.AsyncIterator?
    private var failures = 0

    init(url: String, _ open: @escaping @Sendable () async throws -> AsyncThrowingStream<ServerEvent, any Error>) {
        self.url = url
        self.open = open
    }

    /// The next event.
    ///
    /// - Throws: ``ClientError`` when the server stays away or refuses, `CancellationError`.
    mutating func next() async throws -> ServerEvent {
        while true {
            try Task.checkCancellation()
            do {
                if iterator == nil { iterator = try await open().makeAsyncIterator() }
                if let event = try await iterator?.next() {
                    failures = 0
                    return event
                }
                try Task.checkCancellation()
                try await pause(after: .unreachable(url: url, reason: "the connection ends again and again"))
            } catch let error as ClientError {
                try Task.checkCancellation()
                guard error.isPassing else { throw error }
                try await pause(after: error)
            }
        }
    }

    private mutating func pause(after error: ClientError) async throws {
        iterator = nil
        failures += 1
        guard failures <= Self.mostFailures else { throw error }
        try await Task.sleep(for: RetryPolicy.delay(attempt: failures, jitter: Double.random(in: 0...1)))
    }
}
