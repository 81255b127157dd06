import RoostClient
import ArgumentParser
import RoostWire

struct RunCancel: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel a run, or one stage of it.",
        discussion: """
            Steps that run are stopped; steps and jobs whose condition is always() still run.

            Examples:
              roost run cancel 12
              roost run cancel 12 --stage Production
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Option(help: ArgumentHelp("Cancel this stage only.", valueName: "stage"))
    var stage: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        if let stage {
            try await server.client.updateStage(stage, ofBuild: number, state: "cancel")
            let build = try await server.client.build(number)
            return try output.print(build) { _ in
                "Stage '\(stage)' of run \(build.buildNumber ?? "?") (\(number)) is being canceled."
            }
        }
        let build = try await server.client.cancelBuild(number)
        try output.print(build) { terminal in
            let outcome = Outcome(status: build.status, result: build.result)
            return "Run \(build.buildNumber ?? "?") (\(number)): \(outcome.word(terminal))."
        }
    }
}
