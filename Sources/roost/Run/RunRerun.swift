import RoostClient
import ArgumentParser
import RoostWire

struct RunRerun: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Run once more what a run ran, at the same commit.",
        discussion: """
            Example:
              roost run rerun 12 --follow
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Flag(help: "Show the log until the new run has ended.")
    var follow = false

    @Flag(help: "Wait until the new run has ended, without its log.")
    var wait = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if follow, output.output == .json {
            throw ValidationError("--follow shows a log; use --wait with --output json.")
        }
    }

    func run(on server: Connection) async throws {
        let build = try await server.client.rerun(number)
        guard let run = build.id else { throw CommandFailure.incompleteAnswer(what: "number of the run") }
        let title = "Run \(build.buildNumber ?? "?") (\(run)) repeats run \(number)."
        guard follow || wait else { return try output.print(build) { _ in title } }
        Terminal.printError(title)
        try await server.watch(run, showsLogs: follow, output: output)
    }
}
