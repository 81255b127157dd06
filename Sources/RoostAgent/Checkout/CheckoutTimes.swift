/// How the time of a checkout is divided.
struct CheckoutTimes: CustomStringConvertible {
    var prepare = Duration.zero
    /// What went over the network into the mirror.
    var mirror = Duration.zero
    var fetch = Duration.zero
    var checkout = Duration.zero
    var submodules = Duration.zero

    /// Measures a part.
    mutating func measure<Value>(
        _ part: WritableKeyPath<CheckoutTimes, Duration>,
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        let start = ContinuousClock.now
        let value = try await body()
        self[keyPath: part] += ContinuousClock.now - start
        return value
    }

    var description: String {
        let parts = [
            ("prepare", prepare), ("mirror", mirror), ("fetch", fetch), ("checkout", checkout),
            ("submodules", submodules),
        ]
        let shown = parts.filter { $0.1 > .zero }.map { "\($0.0) \(Self.milliseconds($0.1)) ms" }
        let total = parts.reduce(Duration.zero) { $0 + $1.1 }
        return "\(Self.milliseconds(total)) ms (\(shown.joined(separator: ", ")))"
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }
}
