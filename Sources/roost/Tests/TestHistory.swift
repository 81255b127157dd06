import ArgumentParser
import RoostClient
import RoostWire

struct TestHistory: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show how a test went in earlier runs, newest first.",
        discussion: """
            Example:
              roost test history shop.CartTest.adds --pipeline app --branch main
            """
    )

    @Argument(help: "The whole name of the test, or its title.")
    var name: String

    @Option(help: "Name or number of the pipeline.")
    var pipeline: String?

    @Option(help: "Only runs of this branch.")
    var branch: String?

    @Option(help: "The most results to show.")
    var top: Int = 50

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var id: Int?
        if let pipeline { id = try await server.pipeline(pipeline).id }
        let found = try await server.client.testHistory(name, pipeline: id, branch: branch, top: top)
        try output.print(list: found, empty: "No such result of '\(name)' is kept.") { terminal in
            var table = Table("RUN", "OUTCOME", "TRIES", "TIME", "BRANCH", "COMMIT", "WHEN")
            for one in found {
                table.add(
                    "\(one.run)",
                    TestText.outcome(one.outcome, terminal),
                    one.attempts.map(TestText.strip) ?? "",
                    TestText.time(one.durationInMs),
                    BranchName.short(one.branch),
                    String(one.commit.prefix(10)),
                    TimeText.ago(one.at)
                )
            }
            return table
        }
    }
}
