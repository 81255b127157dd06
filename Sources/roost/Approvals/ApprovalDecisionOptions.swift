import ArgumentParser
import Foundation
import RoostClient
import RoostWire

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
