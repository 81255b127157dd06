import ArgumentParser
import RoostClient
import RoostWire

struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval",
        abstract: "List, give and refuse approvals that stages wait for.",
        discussion: """
            Example:
              roost approval list
            """,
        subcommands: [ApprovalList.self, ApprovalApprove.self, ApprovalReject.self]
    )
}
