import ArgumentParser
import RoostClient
import RoostWire

struct ApprovalApprove: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve: the stage may begin when its other checks pass, too.",
        discussion: """
            Examples:
              roost approval approve 12
              roost approval approve 2b0c2d52-… --comment 'looked at it'
            """
    )

    @OptionGroup var decision: ApprovalDecisionOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await decision.decide(true, server, output) }
}
