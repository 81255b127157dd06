import ArgumentParser
import RoostClient
import RoostWire

/// `roost run start-stage` and `roost run skip-stage`.
struct RunStartStage: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-stage",
        abstract: "Start a stage that waits for a person ('trigger: manual').",
        discussion: """
            Example:
              roost run start-stage 12 Production
            """
    )

    @OptionGroup var place: StagePlace
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await place.ask("run", "is started", server, output) }
}

struct RunSkipStage: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip-stage",
        abstract: "Leave out a stage that has not begun.",
        discussion: """
            Stages that depend on it see the result 'Skipped'.

            Example:
              roost run skip-stage 12 Production
            """
    )

    @OptionGroup var place: StagePlace
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await place.ask("skip", "is skipped", server, output) }
}

/// Which stage of which run.
struct StagePlace: ParsableArguments {
    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Argument(help: ArgumentHelp("Name of the stage, as the file gives it.", valueName: "stage"))
    var stage: String

    func ask(_ state: String, _ verb: String, _ server: Connection, _ output: OutputOptions) async throws {
        try await server.client.updateStage(stage, ofBuild: number, state: state)
        let build = try await server.client.build(number)
        try output.print(build) { _ in "Stage '\(stage)' of run \(build.buildNumber ?? "?") (\(number)) \(verb)." }
    }
}
