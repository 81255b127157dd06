import FoundationEssentials
import RoostModel
import RoostWire

/// Steps that wait for a person.
func addValidationRoutes(to table: RouteTable) {
    let path = "roost/runs/{buildId}/validations"
    table.get(path, access: .scope(.build)) { call in
        let view = try await call.run()
        return try call.list(call.plane.validations(of: view.run.id).map(call.view))
    }
    table.patch(path, access: .scope(.buildExecute)) { call in
        let view = try await call.run()
        let answer = try await call.decode(ValidationAnswerWire.self)
        guard let status = answer.status, ["resumed", "rejected"].contains(status) else {
            throw RequestProblem.malformed(place: "status", problem: "'resumed' or 'rejected' was expected")
        }
        let answered = try await call.plane.answer(
            validationOf: view.run.id,
            id: answer.id.map { RecordID($0) },
            isResumed: status == "resumed",
            comment: answer.comment ?? "",
            by: call.caller
        )
        return try call.answer(call.view(answered))
    }
}

extension Call {
    fileprivate func view(_ validation: ValidationView) -> ValidationWire {
        ValidationWire(
            id: validation.id.rawValue,
            runId: validation.run.rawValue,
            stage: validation.stage,
            job: validation.job,
            step: validation.step,
            instructions: validation.validation.instructions,
            approvers: validation.validation.approvers,
            notifyUsers: validation.validation.notifyUsers,
            onTimeout: validation.validation.resumesOnTimeout ? "resume" : "reject",
            since: validation.since,
            refusal: validation.refusal(of: caller.displayName)?.sentence
        )
    }
}
