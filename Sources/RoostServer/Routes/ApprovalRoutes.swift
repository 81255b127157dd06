import FoundationEssentials
import RoostModel
import RoostWire

/// Approvals that stages wait for.
func addApprovalRoutes(to table: RouteTable) {
    let base = "pipelines/approvals"
    table.get(base, access: .scope(.build)) { call in
        let query = try ApprovalQuery(call.query, project: call.project()?.id)
        return try call.list(await call.plane.approvals(query).map(call.view))
    }
    table.patch(base, access: .scope(.buildExecute)) { call in
        var decided: [ApprovalWire] = []
        for update in try await call.decodeList(ApprovalUpdateWire.self) {
            guard let id = update.approvalId else {
                throw RequestProblem.malformed(place: "approvalId", problem: "the id of an approval was expected")
            }
            decided.append(call.view(try await call.decide(CheckRunID(id), update)))
        }
        return try call.list(decided)
    }
    table.get("\(base)/{approvalId}", access: .scope(.build)) { call in
        try call.answer(call.view(await call.plane.approval(Call.approvalID(call.text("approvalId")))))
    }
    table.patch("\(base)/{approvalId}", access: .scope(.buildExecute)) { call in
        let update = try await call.decode(ApprovalUpdateWire.self)
        return try call.answer(call.view(await call.decide(Call.approvalID(call.text("approvalId")), update)))
    }
}

extension Call {
    static func approvalID(_ text: String) throws -> CheckRunID {
        guard let id = CheckRunID(text: text.filter { !$0.isWhitespace }) else {
            throw RequestProblem.badParameter(name: "approvalId", value: text, expected: "UUID")
        }
        return id
    }

    fileprivate func decide(_ id: CheckRunID, _ update: ApprovalUpdateWire) async throws -> ApprovalView {
        let isApproved: Bool
        switch update.status {
        case .approved: isApproved = true
        case .rejected: isApproved = false
        case .other(let text):
            throw RequestProblem.malformed(
                place: "status",
                problem: "'\(text)' is neither 'approved' nor 'rejected'"
            )
        case nil: throw RequestProblem.malformed(place: "status", problem: "'approved' or 'rejected' was expected")
        }
        return try await plane.decide(
            approval: id,
            isApproved: isApproved,
            comment: update.comment ?? "",
            by: caller
        )
    }

    func view(_ approval: ApprovalView) -> ApprovalWire {
        let check = approval.check
        let policy = check.approval ?? ApprovalPolicy(approvers: [])
        return ApprovalWire(
            id: check.id.rawValue,
            steps: policy.approvers.enumerated().map { step($1, $0 + 1, check) },
            status: check.approvalStatus.rawValue,
            createdOn: check.beganAt,
            lastModifiedOn: check.outcome?.moment ?? check.decisions.last?.at ?? check.beganAt,
            executionOrder: policy.isInOrder ? .inSequence : .anyOrder,
            minRequiredApprovers: policy.needed,
            instructions: policy.instructions,
            pipeline: .init(
                id: approval.pipeline.description,
                name: approval.pipelineName,
                owner: ReferenceWire(id: approval.run.rawValue, name: approval.runNumber)
            ),
            environment: check.environmentName,
            stage: approval.stage,
            expiresOn: check.outcome == nil ? check.deadline : nil,
            refusal: approval.refusal(of: caller.displayName)?.sentence
        )
    }

    private func step(_ approver: String, _ order: Int, _ check: CheckRun) -> ApprovalWire.Step {
        let said = check.decisions.first { $0.by.lowercased() == approver.lowercased() }
        let open = check.outcome == nil ? "pending" : "skipped"
        return ApprovalWire.Step(
            assignedApprover: identity("user:\(approver)"),
            actualApprover: said.map { identity("user:\($0.by)") },
            status: said.map { $0.isApproved ? "approved" : "rejected" } ?? open,
            comment: said?.comment,
            order: order,
            initiatedOn: check.beganAt,
            lastModifiedOn: said?.at,
            lastModifiedBy: said.map { identity("user:\($0.by)") }
        )
    }
}
