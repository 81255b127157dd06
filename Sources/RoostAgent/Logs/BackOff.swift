/// Growing pauses between tries, with jitter, so that many agents do not come back at the same instant.
struct BackOff: Sendable {
    private var ceiling: Duration
    private let longest: Duration

    init(first: Duration = .milliseconds(200), longest: Duration = .seconds(10)) {
        ceiling = first
        self.longest = longest
    }

    /// The next pause: between half of the ceiling and the ceiling, which doubles each time.
    mutating func next() -> Duration {
        let pause = ceiling * Double.random(in: 0.5...1)
        ceiling = min(ceiling * 2, longest)
        return pause
    }
}
