import Synchronization

/// Counts and times of one route.
final class RouteSeries: Sendable {
    struct Values: Sendable {
        /// By first digit of the status, 1 to 5.
        var statuses = [Int](repeating: 0, count: 6)
        /// One more than the bounds: the last is everything above.
        var buckets = [Int](repeating: 0, count: RouteSeries.bounds.count + 1)
        var seconds = 0.0
        var timed = 0
    }

    /// Upper bounds in seconds.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]

    let method: String
    let name: String
    private let state = Mutex(Values())

    init(method: String, name: String) {
        self.method = method
        self.name = name
    }

    var values: Values { state.withLock { $0 } }

    /// - Parameters:
    ///   - status: of the answer.
    ///   - elapsed: nil for polls and streams.
    func observe(status: Int, elapsed: Duration?) {
        let seconds = elapsed.map { $0.milliseconds / 1000 }
        let bucket = seconds.map { seconds in Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count }
        state.withLock { values in
            values.statuses[min(max(status / 100, 0), 5)] += 1
            guard let seconds, let bucket else { return }
            values.buckets[bucket] += 1
            values.seconds += seconds
            values.timed += 1
        }
    }
}
