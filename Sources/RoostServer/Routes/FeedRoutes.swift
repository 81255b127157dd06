import FoundationEssentials
import RoostModel
import RoostWire

/// Console lines for those who watch a job.
func addFeedRoutes(to table: RouteTable) {
    let feed = "\(planTemplate)/timelines/{timelineId}/records/{recordId}/feed"
    table.post(feed, .service(.scope), access: .job(.ownPlan)) { call in
        let lines = try await call.decode(FeedLinesWire.self)
        let record = try lines.stepId ?? call.uuid("recordId")
        call.plane.feed(
            plan: try call.planID(),
            record: RecordID(record),
            lines: lines.value ?? [],
            startLine: lines.startLine
        )
        return call.nothing
    }
    // Lines are not kept for those who come late: they are in the log.
    table.get(feed, .service(.scope), access: .scope(.build).or(.job(.ownPlan))) { call in
        _ = try await call.plane.runID(plan: call.planID())
        return try call.answer(FeedLinesWire(count: 0, value: []))
    }
}
