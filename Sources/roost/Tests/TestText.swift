import RoostModel
import RoostWire

/// Test results as people read them.
enum TestText {
    static func summary(_ tests: RunTestsWire) -> String {
        var parts = ["\(tests.total) tests", "\(tests.passed) passed", "\(tests.failed) failed"]
        if tests.others > 0 { parts.append("\(tests.others) others") }
        let new = tests.newFailures
        if new > 0 { parts.append("\(new) new failure\(new == 1 ? "" : "s")") }
        if tests.flaky > 0 { parts.append("\(tests.flaky) flaky") }
        return parts.joined(separator: ", ") + " in \(time(tests.durationInMs))"
    }

    static func outcome(_ name: String, _ terminal: Terminal) -> String {
        guard let outcome = TestOutcome(wire: name) else { return line(name) }
        return terminal.styled(name, outcome.isFailure ? .red : outcome.isPass ? .green : .yellow)
    }

    static func notes(_ test: RunTestWire) -> String {
        var notes: [String] = []
        if test.isNew { notes.append("new failure") }
        if test.isFlaky { notes.append("flaky") }
        if let tries = test.attempts { notes.append("\(tries.count) tries") }
        return notes.joined(separator: ", ")
    }

    static func time(_ milliseconds: Double) -> String {
        if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
        let tenths = Int((milliseconds / 100).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// One letter for each result: `.` passed, `F` failed, `~` both, `s` neither.
    static func strip(_ outcomes: [String]) -> String {
        outcomes.map { name -> Character in
            guard let outcome = TestOutcome(wire: name) else { return "?" }
            if outcome == .warning { return "~" }
            return outcome.isFailure ? "F" : outcome.isPass ? "." : "s"
        }.reduce(into: "") { $0.append($1) }
    }

    /// A text of a test as one that a terminal shows and does not obey.
    static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 && !(128..<160).contains($0.value) }
            )
        )
    }

    static func block(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { "  " + line(String($0)) }
            .joined(separator: "\n")
    }
}
