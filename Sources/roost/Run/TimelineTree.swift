import Foundation
import RoostWire

/// A run's timeline as people see it: stages, jobs, steps.
///
/// The level between stage and job is left out, as is the stage of a pipeline that names none.
struct TimelineTree {
    struct Node {
        var record: TimelineRecordWire
        var children: [Node]
    }

    /// A step and the job it belongs to.
    struct Step {
        var record: TimelineRecordWire
        var job: TimelineRecordWire?
    }

    let roots: [Node]

    init(_ records: [TimelineRecordWire]) {
        let known = Set(records.compactMap(\.id))
        let isRoot = { (record: TimelineRecordWire) in record.parentId.map { !known.contains($0) } ?? true }
        let children = Dictionary(grouping: records.filter { !isRoot($0) }, by: \.parentId)
        roots = Self.shown(records.filter(isRoot).sorted(by: Self.isBefore), children)
    }

    /// All steps, job by job, in the order they run in.
    var steps: [Step] { roots.flatMap { Self.steps($0, job: nil) } }

    private static func steps(_ node: Node, job: TimelineRecordWire?) -> [Step] {
        if node.record.type == "Task" { return [Step(record: node.record, job: job)] }
        let job = node.record.type == "Job" ? node.record : job
        return node.children.flatMap { steps($0, job: job) }
    }

    private static func shown(_ records: [TimelineRecordWire], _ children: [UUID?: [TimelineRecordWire]]) -> [Node] {
        records.flatMap { record -> [Node] in
            let below = record.id.flatMap { children[$0] } ?? []
            let nodes = shown(below.sorted(by: isBefore), children)
            let isImplied = record.type == "Phase" || record.type == "Stage" && record.identifier == "__default"
            return isImplied && !nodes.isEmpty ? nodes : [Node(record: record, children: nodes)]
        }
    }

    static func isBefore(_ left: TimelineRecordWire, _ right: TimelineRecordWire) -> Bool {
        let (first, second) = (left.order ?? .max, right.order ?? .max)
        if first != second { return first < second }
        return (left.startTime ?? .distantFuture) < (right.startTime ?? .distantFuture)
    }

    // MARK: For people

    /// Lines with marks, durations and problems.
    ///
    /// - Parameters:
    ///   - terminal: where they are shown.
    ///   - waits: what jobs wait for, by their ids.
    ///   - now: the end of what has not ended.
    /// - Returns: a line for each record, and one for each of its problems.
    func render(_ terminal: Terminal, waits: [UUID: String] = [:], now: Date = Date()) -> String {
        var lines: [(name: String, rest: String)] = []
        for root in roots { Self.add(root, 0, &lines, terminal, waits, now) }
        let width = min(60, lines.filter { !$0.rest.isEmpty }.map { Table.width($0.name) }.max() ?? 0)
        return lines.map { $0.rest.isEmpty ? $0.name : "\(Table.padded($0.name, to: width))  \($0.rest)" }
            .joined(separator: "\n")
    }

    private static func add(
        _ node: Node,
        _ depth: Int,
        _ lines: inout [(name: String, rest: String)],
        _ terminal: Terminal,
        _ waits: [UUID: String],
        _ now: Date
    ) {
        let record = node.record
        let indent = String(repeating: "  ", count: depth)
        let outcome = Outcome(state: record.state, result: record.result)
        let attempt = (record.attempt ?? 1) > 1 ? " (attempt \(record.attempt ?? 1))" : ""
        let name = "\(indent)\(outcome.mark(terminal)) \(record.name ?? "?")\(attempt)"
        var rest = [
            record.startTime == nil
                ? outcome.word : TimeText.span(from: record.startTime, to: record.finishTime, now: now)
        ]
        if record.type == "Job", let worker = record.workerName { rest.append("on \(worker)") }
        if let wait = record.id.flatMap({ waits[$0] }) { rest.append("waits: \(wait)") }
        lines.append((name, terminal.styled(rest.joined(separator: "  "), .dim)))
        for issue in record.issues ?? [] {
            let text = issueText(issue, terminal).split(whereSeparator: \.isNewline)
            for (number, line) in text.enumerated() {
                lines.append(("\(indent)    \(number == 0 ? "" : "  ")\(line)", ""))
            }
        }
        for child in node.children { add(child, depth + 1, &lines, terminal, waits, now) }
    }

    /// `error: text`, with the place in a source file when there is one and the text does not begin with it.
    static func issueText(_ issue: IssueWire, _ terminal: Terminal) -> String {
        let message = issue.message ?? ""
        let isError = issue.type?.lowercased() == "error"
        let title = terminal.styled(isError ? "error:" : "warning:", isError ? .red : .yellow)
        guard let path = issue.data?["sourcepath"], !message.hasPrefix("\(path)(") else { return "\(title) \(message)" }
        let place = [path, issue.data?["linenumber"], issue.data?["columnnumber"]].compactMap(\.self)
        return "\(title) \(place.joined(separator: ":")): \(message)"
    }
}
