import Foundation

/// What a run found.
struct FaultSummary: Codable, Sendable {
    struct Jobs: Codable, Sendable {
        var accepted = 0
        var succeeded = 0
        /// Their machine was killed, and their pipeline does not repeat them.
        var lostWithMachine = 0
        /// Attempts that were lost with their machine and followed by another one.
        var repeated = 0
    }

    var seed: UInt64
    var provider: FaultProviderKind
    var jobs = Jobs()
    /// What was killed, how often.
    var kills: [String: Int] = [:]
    /// What the provider did wrong, how often.
    var providerFaults: [String: Int] = [:]
    /// From the last fault of each wave until the pool was what it should be, in seconds.
    var settled: [Double] = []
    var before = FaultFootprint.nothing
    var after = FaultFootprint.nothing
    var seconds = 0.0
    /// What must not be, one sentence each; empty when all held.
    var findings: [String] = []

    var text: String {
        func list(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        }
        func seconds(_ time: Double?) -> String { String(format: "%.1f s", time ?? 0) }
        let sorted = settled.sorted()
        var lines = [
            "Run       seed \(seed), machines of \(provider.rawValue), \(seconds(self.seconds))",
            "Jobs      \(jobs.accepted) accepted: \(jobs.succeeded) succeeded, \(jobs.lostWithMachine) lost with their machine; \(jobs.repeated) attempts were repeated",
            "Killed    \(list(kills))",
            "Provider  \(list(providerFaults))",
            "Settled   \(settled.count) times, \(seconds(sorted.isEmpty ? nil : sorted[sorted.count / 2])) after the last fault in the median, \(seconds(sorted.last)) at most",
            "Before    \(before.text)",
            "After     \(after.text)",
        ]
        lines += findings.prefix(50).map { "WRONG     \($0)" }
        lines.append(findings.isEmpty ? "All held." : "\(findings.count) things did not hold.")
        return lines.joined(separator: "\n")
    }
}
