import ArgumentParser
import RoostClient
import RoostWire

struct ApprovalReject: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Reject: the stage fails.",
        discussion: """
            Example:
              roost approval reject 12 --comment 'not on Friday'
            """
    )

    @OptionGroup var decision: ApprovalDecisionOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws { try await decision.decide(false, server, output) }
}
