import Foundation
import RoostModel

/// What a local run shows.
struct LocalScreen: Sendable {
    private let terminal = Terminal.standard

    func runStarted(_ run: Run) {
        Terminal.print(
            terminal.styled("\(run.pipelineName) \(run.title)", .bold) + terminal.styled("  \(run.sourceBranch)", .dim)
        )
        for repository in run.sources.repositories {
            let words = [repository.alias, repository.url, repository.ref, String(repository.version.prefix(8))]
            Terminal.print(terminal.styled("  " + words.filter { !$0.isEmpty }.joined(separator: "  "), .dim))
        }
        for issue in run.issues { self.issue(issue.kind.rawValue, issue.message) }
    }

    func runFinished(_ result: TaskResult, seconds: Double) {
        Terminal.print(
            "\n\(mark(result)) \(terminal.styled(Self.word(result), .bold)) \(terminal.styled("in \(Self.time(seconds))", .dim))"
        )
    }

    func jobStarted(_ job: Job) { Terminal.print("\n\(terminal.styled("▶ \(job.displayName)", .bold, .blue))") }

    func jobFinished(_ job: Job) {
        let seconds = job.startedAt.map { (job.finishedAt ?? Date()).timeIntervalSince($0) } ?? 0
        let result = job.state.result ?? .failed
        Terminal.print(
            "\(mark(result)) \(job.displayName) \(terminal.styled("\(Self.word(result)) in \(Self.time(seconds))", .dim))"
        )
    }

    func jobSkipped(_ name: String, _ reason: String) {
        Terminal.print("\(mark(.skipped)) \(name) \(terminal.styled("skipped: \(reason)", .dim))")
    }

    func jobFailed(_ name: String, _ reason: String) { Terminal.print("\(mark(.failed)) \(name) \(reason)") }

    func stepStarted(_ name: String) { Terminal.print("  \(terminal.styled("● \(name)", .cyan))") }

    func stepFinished(_ name: String, _ result: TaskResult, _ note: String?) {
        guard result != .succeeded else { return }
        Terminal.print(
            "  \(mark(result)) \(name) \(terminal.styled(Self.word(result) + (note.map { ": \($0)" } ?? ""), .dim))"
        )
    }

    func issue(_ kind: String, _ message: String) {
        Terminal.print("  \(terminal.styled("\(kind):", kind == "warning" ? .yellow : .red)) \(message)")
    }

    func note(_ text: String) { Terminal.printError(Terminal.standardError.styled(text, .yellow)) }

    func line(_ raw: String) {
        // Lines begin with a timestamp, which a person at the terminal does not need.
        let text = raw.prefixMatch(of: /\d{4}-\d\d-\d\dT[\d:.]+Z ?/).map { String(raw[$0.range.upperBound...]) } ?? raw
        let styled: String =
            if text.hasPrefix("##[error]") {
                terminal.styled(String(text.dropFirst(9)), .red)
            } else if text.hasPrefix("##[warning]") {
                terminal.styled(String(text.dropFirst(11)), .yellow)
            } else if text.hasPrefix("##[") {
                terminal.styled(text.replacing(/^##\[[a-z]+\]/, with: ""), .dim)
            } else {
                text
            }
        Terminal.print("    \(styled)")
    }

    private func mark(_ result: TaskResult) -> String {
        switch result {
        case .succeeded: terminal.styled("✔", .green)
        case .succeededWithIssues: terminal.styled("✔", .yellow)
        case .failed, .abandoned: terminal.styled("✘", .red)
        case .canceled: terminal.styled("■", .yellow)
        case .skipped: terminal.styled("-", .dim)
        }
    }

    private static func word(_ result: TaskResult) -> String {
        switch result {
        case .succeeded: "succeeded"
        case .succeededWithIssues: "succeeded with issues"
        case .failed: "failed"
        case .canceled: "canceled"
        case .skipped: "skipped"
        case .abandoned: "lost its machine"
        }
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 60 ? "\(Double(Int(seconds * 10)) / 10) s" : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }
}
