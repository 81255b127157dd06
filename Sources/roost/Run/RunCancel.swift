import RoostClient
import ArgumentParser
import RoostWire

struct RunCancel: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel a run.",
        discussion: """
            Steps that run are stopped; steps and jobs whose condition is always() still run.

            Example:
              roost run cancel 12
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let build = try await server.client.cancelBuild(number)
        try output.print(build) { terminal in
            let outcome = Outcome(status: build.status, result: build.result)
            return "Run \(build.buildNumber ?? "?") (\(number)): \(outcome.word(terminal))."
        }
    }
}
