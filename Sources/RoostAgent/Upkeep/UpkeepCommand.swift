import FoundationEssentials
import Logging
import RoostModel

/// `roost-agent upkeep`: shows what is on an agent's disk, and removes what is to go; a listener may run beside it.
struct UpkeepCommand: Sendable {
    let root: AgentRoot
    let inputs: AgentInputs
    let environment: [String: String]
    let console: any AgentConsole

    private struct Report: Encodable {
        struct Item: Encodable {
            var kind: String
            var name: String
            var label: String?
            var bytes: Int
            var lastUse: Date
            var use: String
            /// What it costs to get it again, in seconds.
            var cost: Double
            /// Whether it goes, or would.
            var goes: Bool
            var reason: String?
        }

        var root: String
        var size: Int
        var free: Int
        /// What is to stay free.
        var wanted: Int
        /// With less free no job is taken.
        var floor: Int
        var isDryRun: Bool
        var items: [Item]
        var done: [UpkeepRecord]
        var shortage: String?
    }

    /// Prints what was found and done.
    ///
    /// - Returns: success, or ``ListenerExit/terminated`` when something could not be removed or there is no room for a job.
    /// - Throws: ``CommandLineFault``, ``ConfigurationFailure``.
    func run() async throws -> ListenerExit {
        let output = inputs.text("output")?.lowercased() ?? "table"
        guard ["table", "json"].contains(output) else {
            throw CommandLineFault.invalidValue("output", output, expected: "table or json")
        }
        if inputs.flag("history") {
            history(isJSON: output == "json")
            return .success
        }
        let upkeep = try upkeep()
        let isDryRun = inputs.flag("dry-run")
        let before = await upkeep.look(.command)
        let outcome = isDryRun ? before : await upkeep.run(.command)
        let report = report(upkeep, before, outcome, isDryRun)
        if output == "json" { console.say(Self.json(report)) } else { say(report, upkeep, outcome) }
        let hasFailed = outcome.records.contains { $0.what == .failed }
        return hasFailed || !outcome.plan.mayTakeJobs ? .terminated : .success
    }

    private func upkeep() throws -> Upkeep {
        let settings = try AgentFiles(root: root).settings()
        let folders = AgentFolders(
            root: root.path,
            work: settings.workFolder,
            tools: environment["AGENT_TOOLSDIRECTORY"]
        )
        return Upkeep(
            root: root,
            folders: folders,
            policy: try AgentMain.upkeep(inputs) ?? settings.upkeepPolicy(),
            environment: AgentEnvironment(root: root, base: environment, usesPathFile: false).values,
            logger: Logger(label: "Agent") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func report(
        _ upkeep: Upkeep,
        _ before: Upkeep.Outcome,
        _ outcome: Upkeep.Outcome,
        _ isDryRun: Bool
    ) -> Report {
        var reasons = Dictionary(
            before.plan.decisions.map { ($0.item.id, $0.reason.sentence) },
            uniquingKeysWith: { first, _ in first }
        )
        if !isDryRun {
            let gone = outcome.records.filter { $0.what == .evicted }.compactMap { record in
                record.kind.map { (UpkeepItem.ID($0, record.name ?? ""), record.reason) }
            }
            reasons = Dictionary(gone, uniquingKeysWith: { first, _ in first })
        }
        let items = before.items.sorted { $0.lastUse < $1.lastUse }.map { item in
            Report.Item(
                kind: item.id.kind.rawValue,
                name: item.id.name,
                label: item.label.isEmpty ? nil : item.label,
                bytes: item.bytes,
                lastUse: item.lastUse,
                use: Self.word(item),
                cost: item.cost,
                goes: reasons[item.id] != nil,
                reason: reasons[item.id]
            )
        }
        return Report(
            root: root.path,
            size: outcome.after.size,
            free: outcome.after.free,
            wanted: outcome.plan.wanted,
            floor: outcome.plan.floor,
            isDryRun: isDryRun,
            items: items,
            done: outcome.records,
            shortage: outcome.plan.shortage.map { _ in upkeep.shortage(outcome) }
        )
    }

    private static func word(_ item: UpkeepItem) -> String {
        switch (item.use, item.standing) {
        case (.held, _): "in use"
        case (.kept(let reason), _): "kept: \(reason)"
        case (.free, .abandoned): "abandoned"
        case (.free, .superseded(let version)): "replaced by \(version)"
        case (.free, .current): "free"
        }
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    // MARK: For people

    private func say(_ report: Report, _ upkeep: Upkeep, _ outcome: Upkeep.Outcome) {
        let now = Date()
        var rows = [["KIND", "NAME", "SIZE", "UNUSED FOR", "USE"]]
        for item in report.items {
            rows.append([
                item.kind, item.name + (item.label.map { " (\($0))" } ?? ""), UpkeepText.size(item.bytes),
                UpkeepText.age(now.timeIntervalSince(item.lastUse)), item.use,
            ])
        }
        for line in Self.aligned(rows) { console.say(line) }
        console.say("")
        for item in report.items where item.goes {
            console.say(
                "\(report.isDryRun ? "would go" : "gone"): \(item.kind) \(item.name), \(UpkeepText.size(item.bytes)): \(item.reason ?? "")"
            )
        }
        for record in outcome.records where record.what == .failed { console.complain(record.sentence) }
        console.say(
            "'\(upkeep.folders.work)' has \(UpkeepText.size(report.free)) of \(UpkeepText.size(report.size)) free; \(UpkeepText.size(report.wanted)) are to stay free, and with less than \(UpkeepText.size(report.floor)) no job is taken."
        )
        if let shortage = report.shortage { console.complain("There is too little room: \(shortage).") }
    }

    private static func aligned(_ rows: [[String]]) -> [String] {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                line +=
                    column == row.count - 1
                    ? text : text + String(repeating: " ", count: widths[column] - text.count + 2)
            }
            return line
        }
    }

    private func history(isJSON: Bool) {
        let records = UpkeepLog(root).all()
        if isJSON {
            console.say(Self.json(records))
        } else if records.isEmpty {
            console.say("Nothing has been removed yet.")
        } else {
            for record in records { console.say(record.sentence) }
        }
    }
}
