import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct ApprovalList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List approvals that stages wait for.",
        discussion: """
            Example:
              roost approval list --run 12
            """
    )

    @Option(help: "Only those of a run.")
    var run: Int?

    @Flag(help: "Also those that were decided, of runs that go on or ended lately.")
    var all = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let approvals = try await server.client.approvals(isPending: !all, run: run)
        try output.print(list: approvals, empty: "No stage waits for an approval.") { _ in
            var table = Table("ID", "RUN", "PIPELINE", "STAGE", "ENVIRONMENT", "STATE", "SINCE", "APPROVERS")
            for approval in approvals {
                table.add(
                    approval.id?.uuidString.lowercased() ?? "?",
                    "\(approval.pipeline?.owner?.id ?? 0)",
                    approval.pipeline?.name ?? "?",
                    approval.stage ?? "",
                    approval.environment ?? "",
                    approval.status ?? "",
                    TimeText.ago(approval.createdOn),
                    approval.peopleText
                )
            }
            return table
        }
    }
}

extension ApprovalWire {
    /// Who is asked, and what those said who spoke.
    var peopleText: String {
        (steps ?? []).map { step in
            let name = step.assignedApprover?.displayName ?? "?"
            guard let status = step.status, status == "approved" || status == "rejected" else { return name }
            return "\(name) (\(status)\(step.comment.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""))"
        }
        .joined(separator: ", ")
    }
}
