import ArgumentParser
import RoostClient
import RoostWire

struct TestList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tests of a run, failures first.",
        discussion: """
            Examples:
              roost test list 12
              roost test list 12 --outcome failed --output json
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Option(help: "Only these: failed, passed, others, or the name of an outcome.")
    var outcome: String?

    @Option(help: "Only tests whose name has this.")
    var name: String?

    @Option(help: "The most tests to list.")
    var top: Int = 200

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let tests = try await server.client.tests(run: number, name: name, outcome: outcome, top: top)
        try output.print(tests) { terminal in
            guard tests.total > 0 else { return "Run \(number) has no test results." }
            var table = Table("OUTCOME", "TEST", "TIME", "NOTE")
            for test in tests.results {
                table.add(
                    TestText.outcome(test.outcome, terminal),
                    TestText.line(test.name),
                    TestText.time(test.durationInMs),
                    TestText.notes(test)
                )
            }
            let more = tests.isCut ? ["There are more; '--top' lists them."] : []
            return ([TestText.summary(tests)] + (tests.results.isEmpty ? [] : [table.render(terminal)]) + more)
                .joined(separator: "\n")
        }
    }
}
