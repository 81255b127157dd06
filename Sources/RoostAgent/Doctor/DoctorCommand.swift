import FoundationEssentials
import RoostModel

/// `roost-agent doctor`: looks, and says what is wrong with an agent and what to do.
struct DoctorCommand: Sendable {
    let root: AgentRoot
    let inputs: AgentInputs
    let environment: [String: String]
    let console: any AgentConsole

    private struct Report: Encodable {
        var root: String
        var isFine: Bool
        var findings: [DoctorFinding]
    }

    /// Prints what was found.
    ///
    /// - Returns: success when the agent can work; ``ListenerExit/terminated`` when something is broken.
    /// - Throws: ``CommandLineFault`` for an output that is not known.
    func run() async throws(CommandLineFault) -> ListenerExit {
        let output = inputs.text("output")?.lowercased() ?? "table"
        guard ["table", "json"].contains(output) else {
            throw .invalidValue("output", output, expected: "table or json")
        }
        let findings = await findings()
        let broken = findings.count { $0.verdict == .broken }
        if output == "json" {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let report = Report(root: root.path, isFine: broken == 0, findings: findings)
            console.say((try? encoder.encode(report)).map { String(decoding: $0, as: UTF8.self) } ?? "")
        } else {
            for finding in findings { say(finding) }
            console.say("")
            console.say(
                broken == 0
                    ? "The agent can work." : broken == 1 ? "One thing is broken." : "\(broken) things are broken."
            )
        }
        return broken == 0 ? .success : .terminated
    }

    /// Those of the agent; of an agent with slots the machine and its way to the server are looked at once, and what is a slot's own for each.
    private func findings() async -> [DoctorFinding] {
        let slots = root.slots
        var findings = examine(await DoctorProbe(root: slots.first ?? root, environment: environment).run())
        for slot in slots.dropFirst() {
            let more = examine(await DoctorProbe(root: slot, environment: environment).run())
            findings += more.filter { Self.ownTopics.contains($0.topic) }
        }
        guard slots.count > 1 else { return findings }
        return DoctorFinding.Topic.allCases.flatMap { topic in findings.filter { $0.topic == topic } }
    }

    private static let ownTopics: Set<DoctorFinding.Topic> = [.configuration, .files, .listener, .credential]

    private func say(_ finding: DoctorFinding) {
        let mark =
            switch finding.verdict {
            case .fine: "✓"
            case .warning: "!"
            case .broken: "✗"
            case .unknown: "–"
            }
        let topic = finding.topic.rawValue
        let space = String(repeating: " ", count: max(1, 15 - topic.count))
        console.say("\(mark) \(topic)\(space)\(finding.summary)")
        if let advice = finding.advice { console.say("\(String(repeating: " ", count: 17))\(advice)") }
    }
}
