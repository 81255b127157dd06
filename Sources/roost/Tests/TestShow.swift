import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct TestShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show tests of a run with messages, stacks and outputs.",
        discussion: """
            Example:
              roost test show 12 CartTest.adds
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Argument(help: "A part of the test's name; without it the failures are shown.")
    var name: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// Tests shown at once.
    private static let limit = 20

    func run(on server: Connection) async throws {
        let tests = try await server.client.tests(
            run: number,
            name: name,
            outcome: name == nil ? "failed" : nil,
            top: Self.limit,
            details: true
        )
        guard !tests.results.isEmpty || name == nil else { throw TestFailure.notFound(run: number, name: name ?? "") }
        try output.print(tests.results) { terminal in
            guard !tests.results.isEmpty else { return "No test of run \(number) failed." }
            let more = tests.isCut ? ["There are more; give more of the name."] : []
            return (tests.results.map { Self.text($0, terminal) } + more).joined(separator: "\n\n")
        }
    }

    private static func text(_ test: RunTestWire, _ terminal: Terminal) -> String {
        var facts = Facts()
        facts.add("Test", TestText.line(test.name))
        facts.add("In", TestText.line(test.storage))
        facts.add("Outcome", TestText.outcome(test.outcome, terminal))
        facts.add("Time", TestText.time(test.durationInMs))
        facts.add("Tries", test.attempts?.joined(separator: ", "))
        facts.add("Note", TestText.notes(test))
        facts.add("Flaky", test.reasons?.first)
        facts.add("History", test.history.map(TestText.strip))
        let blocks = [
            ("Message", test.errorMessage), ("Stack", test.stackTrace), ("Output", test.standardOutput),
            ("Errors", test.standardError),
        ]
        let texts = blocks.compactMap { name, text in
            text.map { "\(terminal.styled(name, .dim))\n\(TestText.block($0))" }
        }
        return ([facts.render(terminal)] + texts).joined(separator: "\n")
    }
}

/// Why a test cannot be shown.
enum TestFailure: UserFacingError, Hashable {
    case notFound(run: Int, name: String)

    var code: String { "test.not-found" }
    var summary: String {
        switch self {
        case .notFound(let run, let name): "No test of run \(run) has '\(name)' in its name."
        }
    }
    var location: String? { nil }
    var advice: String? {
        switch self {
        case .notFound(let run, _): "'roost test list \(run)' lists them."
        }
    }
}
