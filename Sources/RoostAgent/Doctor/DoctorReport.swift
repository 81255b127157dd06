import FoundationEssentials

/// What `roost-agent doctor` found, for people and for programs.
struct DoctorReport: Encodable, Sendable {
    var root: String
    var isFine: Bool
    var findings: [DoctorFinding]

    init(root: String, findings: [DoctorFinding]) {
        self.root = root
        self.findings = findings
        isFine = !findings.contains { $0.verdict == .broken }
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// A line for each finding, what to do below it, and the sum.
    var lines: [String] {
        let broken = findings.count { $0.verdict == .broken }
        let sum =
            broken == 0 ? "The agent can work." : broken == 1 ? "One thing is broken." : "\(broken) things are broken."
        return findings.flatMap(Self.lines) + ["", sum]
    }

    private static func lines(_ finding: DoctorFinding) -> [String] {
        let mark =
            switch finding.verdict {
            case .fine: "✓"
            case .warning: "!"
            case .broken: "✗"
            case .unknown: "–"
            }
        let topic = finding.topic.rawValue
        let space = String(repeating: " ", count: max(1, 15 - topic.count))
        let advice = finding.advice.map { ["\(String(repeating: " ", count: 17))\($0)"] } ?? []
        return ["\(mark) \(topic)\(space)\(finding.summary)"] + advice
    }
}
