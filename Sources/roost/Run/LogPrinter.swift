import Synchronization

/// Prints the lines of steps, of several jobs at once if need be.
///
/// A step begins with a heading. When a run has more than one job, each line bears its job's name.
final class LogPrinter: Sendable {
    private struct State {
        var jobs: [String] = []
        var hasPrinted = false
    }

    private let state = Mutex(State())
    private let terminal: Terminal
    private let keepsTime: Bool
    private static let colors: [Terminal.Style] = [.cyan, .yellow, .blue, .green]

    init(terminal: Terminal = .standard, keepsTime: Bool) {
        self.terminal = terminal
        self.keepsTime = keepsTime
    }

    /// Makes a job known, so that lines bear names from the second one on.
    func expect(job: String) {
        state.withLock { if !$0.jobs.contains(job) { $0.jobs.append(job) } }
    }

    /// Whether a line of any step has been printed.
    var hasPrinted: Bool { state.withLock { $0.hasPrinted } }

    func begin(job: String, step: String) {
        print([terminal.styled("── \(step)", .bold)], job: job)
    }

    func lines(_ lines: [String], job: String) {
        print(lines.map { LogLine.render($0, terminal, keepsTime: keepsTime) }, job: job)
    }

    /// News that is no line of a log; on standard error, so that a pipe gets the log alone.
    func note(_ text: String) {
        Terminal.printError(Terminal.standardError.styled(text, .dim))
    }

    private func print(_ lines: [String], job: String) {
        guard !lines.isEmpty else { return }
        state.withLock { state in
            state.hasPrinted = true
            guard state.jobs.count > 1, let index = state.jobs.firstIndex(of: job) else {
                return Terminal.print(lines.joined(separator: "\n"))
            }
            let prefix = terminal.styled("\(job) │", Self.colors[index % Self.colors.count])
            Terminal.print(lines.map { "\(prefix) \($0)" }.joined(separator: "\n"))
        }
    }
}
