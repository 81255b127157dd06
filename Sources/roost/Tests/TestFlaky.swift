import ArgumentParser
import RoostClient
import RoostWire

struct TestFlaky: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "flaky",
        abstract: "List tests of a pipeline that both fail and pass on one commit.",
        discussion: """
            Example:
              roost test flaky app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pipeline(pipeline)
        let tests = try await server.client.flakyTests(pipeline: found.id)
        try output.print(list: tests, empty: "No test of '\(found.definition.name ?? pipeline)' is flaky.") { _ in
            var table = Table("TEST", "FAILED", "SEEN", "WHY")
            for test in tests {
                table.add(TestText.line(test.name), "\(test.failed)", "\(test.seen)", test.reasons.first ?? "")
            }
            return table
        }
    }
}
