import ArgumentParser
import Foundation
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

/// Which approval, and what is said with the decision.
struct ApprovalDecisionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Id of the approval, or the number of a run that waits for exactly one you may decide about.",
            valueName: "id"
        )
    )
    var approval: String

    @Option(help: "A comment that is kept with the decision.")
    var comment = ""

    func decide(_ isApproved: Bool, _ server: Connection, _ output: OutputOptions) async throws {
        let known = try await find(server)
        guard let id = known.id,
            let decided = try await server.client.decide(
                approval: id,
                isApproved: isApproved,
                comment: comment
            )
        else { throw CommandFailure.incompleteAnswer(what: "approval") }
        try output.print(decided) { _ in
            let place = "stage '\(decided.stage ?? "?")' of run \(decided.pipeline?.owner?.id ?? 0)"
            let rest = decided.status == "pending" ? " Others must approve, too: \(decided.peopleText)." : ""
            return "\(isApproved ? "Approved" : "Rejected") \(place) for '\(decided.environment ?? "?")'.\(rest)"
        }
    }

    private func find(_ server: Connection) async throws -> ApprovalWire {
        let run = Int(approval)
        let pending = try await server.client.approvals(run: run)
        if let id = UUID(uuidString: approval) { return pending.first { $0.id == id } ?? ApprovalWire(id: id) }
        guard run != nil else { throw ApprovalFailure.notAnID(approval) }
        let mine = pending.filter { $0.refusal == nil }
        if mine.count == 1 { return mine[0] }
        guard mine.isEmpty else {
            throw ApprovalFailure.several(
                run: approval,
                ids: mine.compactMap { $0.id?.uuidString.lowercased() }
            )
        }
        if let reason = pending.first?.refusal { throw ApprovalFailure.mayNotDecide(run: approval, reason: reason) }
        throw CommandFailure.notFound(
            kind: "waiting approval of run",
            name: approval,
            near: nil,
            list: "roost approval list"
        )
    }
}

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
