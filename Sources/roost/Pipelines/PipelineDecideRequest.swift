import ArgumentParser
import RoostClient
import RoostWire

struct PipelineApproveRequest: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve-request",
        abstract: "Let a pull request begin its run that waits for somebody of the team.",
        discussion: """
            'roost pipeline triggers PIPELINE' shows those that wait. The approval is for the commit that waits; with --commit it is refused when
            that is another one. Exit codes: 0 a run is queued, 1 none.

            Example:
              roost pipeline approve-request app 7 --commit 1f2e3d4c
            """
    )

    @OptionGroup var which: WaitingRequestArguments

    @Option(help: "The newest commit that you have looked at, or its first letters.")
    var commit: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let commit else { return }
        guard commit.count >= 7, commit.allSatisfy(\.isHexDigit) else {
            throw ValidationError("--commit takes at least 7 hexadecimal digits of a commit.")
        }
    }

    func run(on server: Connection) async throws {
        let decision = try await which.decide(on: server, approves: true, commit: commit)
        try output.print(decision) { decision.line($0) }
        if decision.outcome != "queued" { throw ExitCode(1) }
    }
}

struct PipelineDeclineRequest: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline-request",
        abstract: "End the wait of a pull request; its next commit waits anew.",
        discussion: """
            Example:
              roost pipeline decline-request app 7
            """
    )

    @OptionGroup var which: WaitingRequestArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let decision = try await which.decide(on: server, approves: false, commit: nil)
        try output.print(decision) { decision.line($0) }
    }
}

/// Which pull request of which pipeline.
struct WaitingRequestArguments: ParsableArguments {
    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @Argument(help: "Number of the pull request.")
    var number: Int

    func decide(on server: Connection, approves: Bool, commit: String?) async throws -> TriggerDecisionWire {
        let found = try await server.pipeline(pipeline)
        return try await server.client.decideRequest(
            project: found.project,
            pipeline: found.id,
            number: number,
            approves: approves,
            commit: commit
        )
    }
}
