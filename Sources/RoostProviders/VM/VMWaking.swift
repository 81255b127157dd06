import Foundation
import RoostModel

/// Tells a machine that goes on in a saved memory who it is.
struct VMWaking {
    let line: VMLine
    /// What its agent joins, in lines.
    let values: String
    /// What the machine is called.
    let name: String
    /// That its agent shall have; nil lets it make one, which takes some seconds where processors are made in software.
    var key: Secret?

    /// Memory is read and the system goes on within a second; a computer that is busy takes longer.
    private static let patience = Duration.seconds(60)
    /// A time that took longer to be heard is said again.
    private static let exact = Duration.milliseconds(400)
    private static let attempts = 5
    private static let pause = Duration.milliseconds(100)

    /// How it went.
    struct Report: Sendable {
        /// From the start of QEMU.
        var time: Duration
        /// The most by which its clock can be wrong.
        var doubt: Duration

        /// For the console.
        var text: String {
            "It goes on in a saved memory of its image: awake after \(Self.milliseconds(time)) ms, its clock right within \(Self.milliseconds(doubt)) ms."
        }

        private static func milliseconds(_ time: Duration) -> Int { Int((time / .milliseconds(1)).rounded(.up)) }
    }

    /// Says everything; the machine joins by itself then.
    ///
    /// - Throws: ``ProviderFailure/failed(_:)`` when the machine does not wake.
    func run(since begin: ContinuousClock.Instant) async throws(ProviderFailure) -> Report {
        let end = ContinuousClock.now + Self.patience
        try await wake(until: end)
        if let key { try line.say("ROOST_KEY=\(key.exposed)") }
        try line.say("ROOST_SEED=\(Self.seed)\nROOST_NAME=\(name)\n\(values.trimmingCharacters(in: .newlines))")
        var doubt = Duration.seconds(1)
        for _ in 0..<Self.attempts where doubt > Self.exact {
            let said = ContinuousClock.now
            let now = Self.now
            try line.say("ROOST_NOW=\(now)")
            try await answer("set", until: end)
            doubt = .now - said
        }
        let time = ContinuousClock.now - begin
        try line.say("go")
        return Report(time: time, doubt: doubt)
    }

    /// Says it until there is an answer: what comes while the memory is still read is lost.
    private func wake(until end: ContinuousClock.Instant) async throws(ProviderFailure) {
        while .now < end {
            try line.say("\nwake")
            let pause = ContinuousClock.now + Self.pause
            while let answer = try await line.heard(until: pause) { if answer == "awake" { return } }
            guard !Task.isCancelled else { break }
        }
        throw .failed("the machine did not wake in its image's memory")
    }

    private func answer(_ word: String, until end: ContinuousClock.Instant) async throws(ProviderFailure) {
        while try await line.next(until: end) != word {}
    }

    private static var seed: String {
        var random = SystemRandomNumberGenerator()
        return (0..<8).map { _ in
            let number = String(random.next(), radix: 16)
            return String(repeating: "0", count: 16 - number.count) + number
        }
        .joined()
    }

    private static var now: String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let rest = String(time.tv_nsec)
        return "\(time.tv_sec).\(String(repeating: "0", count: 9 - rest.count))\(rest)"
    }
}
