import RoostWire
import Synchronization

/// How the time of a checkout is divided.
struct CheckoutTimes: Hashable, Sendable, CustomStringConvertible {
    /// Finding, cleaning or making folders.
    var prepare = Duration.zero
    /// Which commits there are and which are missing here.
    var negotiate = Duration.zero
    /// Waiting for bytes, and reading them.
    var transfer = Duration.zero
    /// Working out deltas, checking that nothing is missing.
    var resolve = Duration.zero
    /// Files of the working tree, submodules' included.
    var write = Duration.zero
    /// What came over the network.
    var bytes = 0

    var total: Duration { prepare + negotiate + transfer + resolve + write }

    var description: String {
        let parts = [
            ("prepare", prepare), ("negotiate", negotiate), ("transfer", transfer), ("resolve", resolve),
            ("write", write),
        ]
        let shown = parts.filter { Self.milliseconds($0.1) > 0 }.map { "\($0.0) \(Self.milliseconds($0.1)) ms" }
        let came = bytes > 0 ? ", \(bytes) bytes over the network" : ""
        return "\(Self.milliseconds(total)) ms (\(shown.joined(separator: ", "))\(came))"
    }

    static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }
}

/// Measures one checkout.
final class CheckoutClock: Sendable {
    private struct State {
        var fetching = Duration.zero
        var seeding = Duration.zero
        var writing = Duration.zero
        var seeded = 0
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())

    enum Part: Sendable { case fetch, seed, write }

    /// Measures a part; nested parts count for the inner one only.
    func measure<Value>(_ part: Part, _ body: () async throws -> Value) async rethrows -> Value {
        let begin = ContinuousClock.now
        let inner = state.withLock { $0.fetching + $0.seeding + $0.writing }
        let value = try await body()
        let took = ContinuousClock.now - begin
        state.withLock { state in
            let own = took - (state.fetching + state.seeding + state.writing - inner)
            switch part {
            case .fetch: state.fetching += own
            case .seed: state.seeding += own
            case .write: state.writing += own
            }
        }
        return value
    }

    /// Adds bytes that came without git.
    func noteSeeded(_ bytes: Int) { state.withLock { $0.seeded += bytes } }

    /// How it went until now.
    func times(_ trace: FetchTrace) -> CheckoutTimes {
        let state = state.withLock { $0 }
        var times = CheckoutTimes()
        let whole = ContinuousClock.now - start
        times.negotiate = min(trace.negotiate, state.fetching)
        times.resolve = min(trace.resolve, state.fetching - times.negotiate)
        times.transfer = state.seeding + state.fetching - times.negotiate - times.resolve
        times.write = state.writing
        times.prepare = whole - state.fetching - state.seeding - state.writing
        times.bytes = state.seeded + trace.bytes
        return times
    }
}
