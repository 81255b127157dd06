import RoostModel
import RoostProviders
import RoostWire
import Synchronization

/// Which job ran on which version, and how it shall end.
final class TrialDiary: Sendable {
    struct Entry: Hashable {
        var job: String
        var request: RequestID
        /// Such as `1.0.0`.
        var version: String
        var fails: Bool
    }

    private let entries = Mutex<[Entry]>([])
    private let bad: String?
    private let seed: UInt64

    /// - Parameters:
    ///   - bad: 30 of 100 jobs on this version fail.
    ///   - seed: says which.
    init(bad: String? = nil, seed: UInt64 = 0) { (self.bad, self.seed) = (bad, seed) }

    var all: [Entry] { entries.withLock { $0 } }

    func versions(_ prefix: String) -> [String] { all.filter { $0.job.hasPrefix(prefix) }.map(\.version) }

    /// Notes a job.
    func note(_ machine: ScriptedMachine, _ job: PipelineAgentJobRequestWire) {
        let version = machine.order.image?.name.split(separator: "/").last.map(String.init) ?? ""
        let name = job.jobDisplayName ?? ""
        entries.withLock { entries in
            // The one that waits for the end of the trial is none that decides it.
            let before = entries.count { $0.version == version && !$0.job.hasPrefix("long") }
            let fails = version == bad && !name.hasPrefix("long") && isBad(before)
            entries.append(
                Entry(job: name, request: RequestID(job.requestId ?? 0), version: version, fails: fails)
            )
        }
    }

    private func isBad(_ job: Int) -> Bool { Self.number(seed &* 1_000 &+ UInt64(job)) % 100 < 30 }

    func result(_ job: PipelineAgentJobRequestWire) -> TaskResult {
        let fails = entries.withLock { $0.first { $0.request.rawValue == job.requestId }?.fails }
        return fails == true ? .failed : .succeeded
    }

    /// A number that looks random: the finalizer of SplitMix64.
    private static func number(_ seed: UInt64) -> UInt64 {
        var value = seed &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
