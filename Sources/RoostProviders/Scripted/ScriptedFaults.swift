/// How often which fate comes, in thousandths of the calls, and how long calls take.
///
/// What becomes of a call follows from the seed, the call, the machine and how often it was asked for, not from what else goes on.
public struct ScriptedFaults: Sendable {
    public var fates: [ScriptedCall: [(fate: ScriptedFate, perThousand: Int)]]
    /// Between these two a call takes.
    public var slowness: ClosedRange<Duration>

    public init(
        _ fates: [ScriptedCall: [(fate: ScriptedFate, perThousand: Int)]] = [:],
        slowness: ClosedRange<Duration> = .zero ... .zero
    ) {
        self.fates = fates
        self.slowness = slowness
    }

    /// Everything that can go wrong does so, each thing now and then.
    public static func everything(perThousand: Int, slowness: ClosedRange<Duration>) -> ScriptedFaults {
        let any: [ScriptedFate] = [.fails("the engine is out of order"), .answerIsLost, .lies, .throttled(.seconds(1))]
        let made: [ScriptedFate] = [.listedLate(listings: 2), .bootsNever, .dies]
        let fates: [ScriptedCall: [ScriptedFate]] = [
            .create: any + made + [.twins],
            .reimage: any + made,
            .delete: any,
            .list: [.fails("the engine does not answer"), .stale, .partial],
        ]
        return ScriptedFaults(
            fates.mapValues { $0.map { (fate: $0, perThousand: perThousand) } },
            slowness: slowness
        )
    }

    /// The fate of a call, from a number that is as good as random.
    func fate(of call: ScriptedCall, _ number: UInt64) -> ScriptedFate {
        var rest = Int(number % 1000)
        for (fate, perThousand) in fates[call] ?? [] {
            if rest < perThousand { return fate }
            rest -= perThousand
        }
        return .works
    }

    /// How long it takes.
    func delay(_ number: UInt64) -> Duration {
        slowness.lowerBound + (slowness.upperBound - slowness.lowerBound) * (Double(number % 1024) / 1024)
    }
}
