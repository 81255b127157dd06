import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// Changes as they happen: of a run, of a log, of a pool; and a run once more.
func addRunEventRoutes(to table: RouteTable) {
    table.post("roost/runs/{buildId}/rerun", access: .scope(.buildExecute)) { call in
        let run = try await call.plane.rerun(RunID(call.number("buildId")), by: call.caller)
        return try call.answer(call.build(RunSummary(run: run)))
    }
    table.get("roost/runs/{buildId}/events", access: .scope(.build).or(.job(.ownRun)), isHeld: true) { call in
        let run = try await call.run().run
        let events = try await call.plane.events(run: run.id)
        return EventStream.response(events) { try call.event($0, of: run) }
    }
    table.get("roost/runs/{buildId}/logs/{logId}/follow", access: .scope(.build).or(.job(.ownRun)), isHeld: true) {
        call in
        let run = RunID(try call.number("buildId"))
        let offset = try call.query.number("offset") ?? 0
        let bytes = try await call.plane.followLog(run: run, log: LogID(call.number("logId")), from: max(0, offset))
        guard call.negotiation.prefers("text/event-stream") else { return EventStream.raw(bytes) }
        return EventStream.response(bytes) { ServerEvent("bytes", text: Data($0).base64EncodedString()) }
    }
    table.get("roost/pools/{poolId}/events", access: .scope(.agentPools), isHeld: true) { call in
        let pool = try call.plane.pool(call.poolID()).id
        let events = call.plane.agentEvents(pool: pool)
        let agents = try call.plane.agents(in: pool)
        return EventStream.response(events, first: try agents.map { try call.event($0) }) { event in
            switch event {
            case .agent(let view): try call.event(view)
            case .agentRemoved(let id): ServerEvent("removed", text: id.description)
            case .queueChanged(let id): ServerEvent("queue", text: id.description)
            case .machinesChanged(let id): ServerEvent("machines", text: id.description)
            }
        }
    }
}

extension Call {
    fileprivate func event(_ agent: AgentView) throws -> ServerEvent {
        try ServerEvent("agent", view(agent, AgentParts(assignedRequest: true)))
    }

    fileprivate func event(_ event: RunEvent, of run: Run) throws -> ServerEvent {
        switch event {
        case .run(let run): try ServerEvent("run", build(RunSummary(run: run)))
        case .records(let records, let changeID):
            try ServerEvent("records", timeline(RunFacts(run), records, changeID: changeID), id: changeID)
        case .lines(let record, let lines, let startLine):
            try ServerEvent(
                "lines",
                FeedLinesWire(count: lines.count, value: lines, stepId: record.rawValue, startLine: startLine)
            )
        case .log(let log): try ServerEvent("log", buildLog(log, run.project))
        }
    }
}
