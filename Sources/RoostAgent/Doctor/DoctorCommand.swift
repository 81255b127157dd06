/// `roost-agent doctor`: looks, and says what is wrong with an agent and what to do.
struct DoctorCommand: Sendable {
    let root: AgentRoot
    let inputs: AgentInputs
    let environment: [String: String]
    let console: any AgentConsole

    /// Prints what was found.
    ///
    /// - Returns: success when the agent can work; ``ListenerExit/terminated`` when something is broken.
    /// - Throws: ``CommandLineFault`` for an output that is not known.
    func run() async throws(CommandLineFault) -> ListenerExit {
        let output = inputs.text("output")?.lowercased() ?? "table"
        guard ["table", "json"].contains(output) else {
            throw .invalidValue("output", output, expected: "table or json")
        }
        let report = DoctorReport(root: root.path, findings: await findings())
        if output == "json" { console.say(report.json) } else { report.lines.forEach(console.say) }
        return report.isFine ? .success : .terminated
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
}
