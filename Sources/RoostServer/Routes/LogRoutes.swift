import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel
import RoostWire

/// Logs of a plan: made, appended to by the job that writes them, read.
func addLogRoutes(to table: RouteTable) {
    let logs = "\(planTemplate)/logs"
    let read = RouteAccess.scope(.build).or(.job(.ownPlan))

    table.post(logs, .service(.scope), access: .job(.ownPlan)) { call in
        let wanted = try await call.decode(TaskLogWire.self)
        let facts = try await call.plane.facts(of: call.planID())
        let log = try await call.plane.createLog(plan: facts.plan, path: wanted.path ?? "")
        return try call.answer(call.taskLog(log, facts.project))
    }
    table.get(logs, .service(.scope), access: read) { call in
        let facts = try await call.plane.facts(of: call.planID())
        return try call.list(await call.plane.logs(run: facts.run).map { call.taskLog($0, facts.project) })
    }
    // The body is the log's bytes. Roost's own agent says where they belong, so that it may send again what it may have sent.
    table.post("\(logs)/{logId}", .service(.scope), access: .job(.ownPlan)) { call in
        let offset = try call.logOffset()
        let plan = try call.planID()
        let id = LogID(try call.number("logId"))
        let buffer = try await call.body()
        let log = try await call.plane.appendLog(
            plan: plan,
            log: id,
            bytes: Array(buffer.readableBytesView),
            offset: offset
        )
        let facts = try await call.plane.facts(of: plan)
        var response = try call.answer(call.taskLog(log, facts.project))
        response.headers[.logOffset] = String(log.byteCount)
        return response
    }
    table.get("\(logs)/{logId}", .service(.scope), access: read) { call in
        let run = try await call.plane.runID(plan: call.planID())
        return try call.list(await call.logLines(run, LogID(call.number("logId"))))
    }
}

extension Call {
    /// Where an append belongs, in bytes; nil when the request does not say.
    fileprivate func logOffset() throws(RequestProblem) -> Int? {
        guard let text = request.headers[.logOffset] else { return nil }
        guard let offset = Int(text), offset >= 0 else {
            throw .badHeader(name: HTTPField.Name.logOffset.rawName, problem: "'\(text)' is no count of bytes")
        }
        return offset
    }

    /// The lines of a log that the query asks for.
    func logLines(_ run: RunID, _ log: LogID) async throws -> [String] {
        try await plane.logLines(
            run: run,
            log: log,
            startLine: query.number("startLine"),
            endLine: query.number("endLine")
        )
    }
}
