import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Files beside records: summaries, uploaded files, diagnostic logs.
func addAttachmentRoutes(to table: RouteTable) {
    let ofRecord = "\(planTemplate)/timelines/{timelineId}/records/{recordId}/attachments/{type}"
    let read = RouteAccess.scope(.build).or(.job(.ownPlan))

    table.put("\(ofRecord)/{name}", .service(.scope), access: .job(.ownPlan)) { call in
        let buffer = try await call.body()
        let facts = try await call.plane.facts(of: call.planID())
        let entry = AttachmentEntry(
            record: try call.uuid("recordId"),
            type: call.text("type"),
            name: call.text("name"),
            size: buffer.readableBytes
        )
        try await call.plane.putAttachment(
            plan: facts.plan,
            record: RecordID(entry.record),
            type: entry.type,
            name: entry.name,
            bytes: Array(buffer.readableBytesView)
        )
        return try call.answer(call.view(entry, facts))
    }
    table.get("\(ofRecord)/{name}", .service(.scope), access: read) { call in
        let facts = try await call.plane.facts(of: call.planID())
        guard !call.negotiation.prefers("application/octet-stream") else {
            return try await call.attachmentBytes(facts.run)
        }
        let (record, name) = (try call.uuid("recordId"), call.text("name"))
        let all = try await call.plane.attachments(run: facts.run, type: call.text("type"))
        guard let entry = all.first(where: { $0.record == record && $0.name == name }) else {
            throw RequestProblem.notFound(what: "attachment '\(name)' of this record")
        }
        return try call.answer(call.view(entry, facts))
    }
    table.get(ofRecord, .service(.scope), access: read) { call in
        let facts = try await call.plane.facts(of: call.planID())
        let record = try call.uuid("recordId")
        let all = try await call.plane.attachments(run: facts.run, type: call.text("type"))
        return try call.list(all.filter { $0.record == record }.map { call.view($0, facts) })
    }
    table.get("\(planTemplate)/attachments/{type}", .service(.scope), access: read) { call in
        let facts = try await call.plane.facts(of: call.planID())
        return try call.list(
            await call.plane.attachments(run: facts.run, type: call.text("type")).map { call.view($0, facts) }
        )
    }
    let build = "build/builds/{buildId}"
    table.get("\(build)/attachments/{type}", .service(.optional), access: .scope(.build).or(.job(.ownRun))) { call in
        let facts = RunFacts(try await call.run().run)
        return try call.list(
            await call.plane.attachments(run: facts.run, type: call.text("type")).map { call.view($0, facts) }
        )
    }
    table.get(
        "\(build)/{timelineId}/{recordId}/attachments/{type}/{name}",
        .service(.optional),
        access: .scope(.build).or(.job(.ownRun))
    ) { call in
        try await call.attachmentBytes(call.run().run.id)
    }
}

extension Call {
    fileprivate func attachmentBytes(_ run: RunID) async throws -> Response {
        let name = text("name")
        let bytes = try await plane.attachment(
            run: run,
            record: RecordID(uuid("recordId")),
            type: text("type"),
            name: name
        )
        guard let bytes else { throw RequestProblem.notFound(what: "attachment '\(name)' of this record") }
        return self.bytes(bytes, type: "application/octet-stream")
    }

    fileprivate func view(_ entry: AttachmentEntry, _ run: RunFacts) -> TaskAttachmentWire {
        let name = PercentCoding.encode(entry.name)
        let timeline = run.timeline.uuidString.lowercased()
        let record = entry.record.uuidString.lowercased()
        let address = "\(buildAddress(run.run, run.project))/\(timeline)/\(record)/attachments/\(entry.type)/\(name)"
        return TaskAttachmentWire(
            type: entry.type,
            name: entry.name,
            links: ["self": LinkWire(href: address)],
            timelineId: run.timeline,
            recordId: entry.record
        )
    }
}
