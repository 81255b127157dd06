public import RoostModel
import Synchronization

/// Counts and times of the control plane, for `/metrics`.
public final class ControlMetrics: Sendable {
    /// A histogram with the bounds of ``bounds``.
    public struct Histogram: Sendable, Hashable {
        /// Upper bounds in seconds.
        public static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]
        /// One more than the bounds: the last is everything above.
        public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
        public private(set) var sum = 0.0

        public init() {}

        public var count: Int { counts.reduce(0, +) }

        mutating func observe(_ seconds: Double) {
            sum += seconds
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
        }
    }

    /// All values at one moment.
    public struct Snapshot: Sendable, Hashable {
        /// Seconds from queue to assignment, by name of pool.
        public var queueWait: [String: Histogram] = [:]
        public var jobsFinished: [TaskResult: Int] = [:]
        public var runsFinished: [TaskResult: Int] = [:]

        public init() {}
    }

    private let state = Mutex(Snapshot())

    public init() {}

    /// All values now.
    public var snapshot: Snapshot { state.withLock { $0 } }

    func assigned(pool: String, waited: Double) {
        state.withLock { $0.queueWait[pool, default: Histogram()].observe(waited) }
    }

    func jobFinished(_ result: TaskResult) { state.withLock { $0.jobsFinished[result, default: 0] += 1 } }
    func runFinished(_ result: TaskResult) { state.withLock { $0.runsFinished[result, default: 0] += 1 } }
}
