import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel
import RoostWire

/// Where the plan of a run is addressed; `hubName` is `Build` and not looked at.
let planTemplate = "distributedtask/hubs/{hubName}/plans/{planId}"

/// Plans and their timelines.
func addTimelineRoutes(to table: RouteTable) {
    let timelines = "\(planTemplate)/timelines"
    let timeline = "\(timelines)/{timelineId}"
    let read = RouteAccess.scope(.build).or(.job(.ownPlan))
    let write = RouteAccess.job(.ownPlan)

    table.get(planTemplate, .service(.scope), access: read) { call in
        let view = try await call.plane.run(call.plane.runID(plan: call.planID()))
        return try call.answer(call.plan(view.run))
    }
    table.get(timelines, .service(.scope), access: read) { call in
        let facts = try await call.plane.facts(of: call.planID())
        let changeID = try await call.plane.records(run: facts.run, since: .max).changeID
        return try call.list([call.timeline(facts, [], changeID: changeID)])
    }
    // Agents make a timeline for the details of a step, and go on when it exists.
    table.post(timelines, .service(.scope), access: write) { call in
        let wanted = try await call.decode(TimelineWire.self)
        _ = try await call.plane.facts(of: call.planID())
        return try call.answer(TimelineWire(id: wanted.id ?? UUID(), changeId: 1, records: []))
    }
    table.get(timeline, .service(.scope), access: read) { call in
        let facts = try await call.ownTimeline()
        let includesRecords = call.query["includeRecords"] == nil || call.query.flag("includeRecords")
        let found = try await call.plane.records(run: facts.run, since: call.query.number("changeId"))
        return try call.answer(call.timeline(facts, includesRecords ? found.records : [], changeID: found.changeID))
    }
    table.delete(timeline, .service(.scope), access: write) { call in
        let facts = try await call.plane.facts(of: call.planID())
        guard try call.uuid("timelineId") != facts.timeline else {
            throw ControlError.forbidden(what: "delete the timeline of a run", needs: "the run to be deleted")
        }
        return call.nothing
    }
    table.get("\(timeline)/records", .service(.scope), access: read) { call in
        let facts = try await call.ownTimeline()
        let found = try await call.plane.records(run: facts.run, since: call.query.number("changeId"))
        let base = call.buildAddress(facts.run, facts.project)
        return try call.list(found.records.map { call.view($0, base) })
    }
    table.patch("\(timeline)/records", .service(.scope), access: write) { call in
        let patches = try await call.decodeList(TimelineRecordWire.self)
        let facts = try await call.plane.facts(of: call.planID())
        // Details of a step have a timeline of their own; they are echoed and not kept, for what they show is in the step's log.
        guard try call.uuid("timelineId") == facts.timeline else { return try call.list(patches) }
        let records = try await call.plane.updateRecords(plan: facts.plan, patches: patches, job: call.job)
        let base = call.buildAddress(facts.run, facts.project)
        return try call.list(records.map { call.view($0, base) })
    }
}

extension Call {
    func planID() throws -> PlanID { PlanID(try uuid("planId")) }

    /// The run of the path's plan, whose timeline the path must name.
    fileprivate func ownTimeline() async throws -> RunFacts {
        let facts = try await plane.facts(of: planID())
        let wanted = try uuid("timelineId")
        guard wanted == facts.timeline else { throw ControlError.timelineNotFound(wanted.uuidString.lowercased()) }
        return facts
    }

    func plan(_ run: Run) -> OrchestrationPlanWire {
        OrchestrationPlanWire(
            scopeIdentifier: run.project.rawValue,
            planType: "Build",
            version: 14,
            planId: run.planID.rawValue,
            planGroup: "Build:\(run.project):\(run.pipeline)",
            artifactUri: "vstfs:///Build/Build/\(run.id)",
            definition: ReferenceWire(id: run.pipeline.rawValue, name: run.pipelineName),
            owner: ReferenceWire(id: run.id.rawValue, name: run.number),
            state: run.state.isCompleted ? "completed" : run.startedAt == nil ? "queued" : "inProgress",
            result: run.state.result?.rawValue,
            startTime: run.startedAt,
            finishTime: run.finishedAt,
            timeline: TimelineReferenceWire(id: run.timelineID)
        )
    }
}
