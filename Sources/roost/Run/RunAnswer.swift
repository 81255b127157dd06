import ArgumentParser
import Foundation
import RoostClient
import RoostWire

/// `roost run resume` and `roost run reject`.
struct RunResume: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a run go on that waits for a person (ManualValidation).",
        discussion: """
            Examples:
              roost run resume 12 --comment 'looked at it'
            """
    )

    @OptionGroup var answer: RunAnswerOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await answer.give("resumed", server, output) }
}

struct RunReject: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Reject what a run waits for (ManualValidation): the step fails.",
        discussion: """
            Examples:
              roost run reject 12 --comment 'not on Friday'
            """
    )

    @OptionGroup var answer: RunAnswerOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await answer.give("rejected", server, output) }
}

/// Which step is answered, and what is said with the answer.
struct RunAnswerOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Option(help: ArgumentHelp("Id of the step, when several of the run wait.", valueName: "id"))
    var step: String?

    @Option(help: "A comment that is kept with the answer.")
    var comment = ""

    func validate() throws {
        guard let step, UUID(uuidString: step) == nil else { return }
        throw ValidationError("'\(step)' is not the id of a step; the server's message names those that wait.")
    }

    func give(_ status: String, _ server: Connection, _ output: OutputOptions) async throws {
        let id = step.flatMap { UUID(uuidString: $0) }
        let answered = try await server.client.answerValidation(
            ofRun: number,
            ValidationAnswerWire(id: id, status: status, comment: comment)
        )
        try output.print(answered) { _ in
            "\(status == "resumed" ? "Resumed" : "Rejected") '\(answered.step ?? "?")' of run \(number)."
        }
    }
}
