import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel
import RoostStore
import RoostWire

/// Builds, which are runs.
func addBuildRoutes(to table: RouteTable) {
    let item = "build/builds/{buildId}"
    let read = RouteAccess.scope(.build).or(.job(.ownRun))
    let write = RouteAccess.scope(.buildExecute)

    table.get("build/builds", .service(.optional), access: .scope(.build)) { call in
        let page = try await BuildQuery(call).page(call.plane)
        var response = try call.list(page.runs.map(call.build))
        if let next = page.next { response.headers[.continuationToken] = String(next.rawValue) }
        return response
    }
    table.post("build/builds", .service(.optional), access: write) { call in
        let wanted = try await call.decode(BuildWire.self)
        let request = try call.request(wanted)
        try call.require(.use, on: .pipeline(request.pipeline))
        let run = try await call.plane.queueRun(request, by: call.caller)
        return try call.answer(call.build(RunSummary(run: run)))
    }
    table.get(item, .service(.optional), access: read) { call in
        let id = try await call.run().run.id
        guard let summary = try await call.plane.runs(RunQuery(ids: [id], limit: 1)).first else {
            throw ControlError.runNotFound(id.description)
        }
        return try call.answer(call.build(summary))
    }
    table.patch(item, .service(.optional), access: write.or(.job(.ownRun))) { call in
        let change = try await call.decode(BuildWire.self)
        return try call.answer(call.build(RunSummary(run: await call.update(call.run().run, change))))
    }
    table.delete(item, .service(.optional), access: write) { call in
        try await call.plane.deleteRun(call.run().run.id, by: call.caller)
        return call.nothing
    }
    for path in ["\(item)/timeline", "\(item)/timeline/{timelineId}"] {
        table.get(path, .service(.optional), access: read) { call in
            let view = try await call.run()
            let since = try call.query.number("changeId") ?? -1
            if !call.raw("timelineId").isEmpty, try call.uuid("timelineId") != view.run.timelineID {
                throw ControlError.timelineNotFound(call.text("timelineId"))
            }
            let records = view.records.filter { $0.changeID > since }
            return try call.answer(call.timeline(RunFacts(view.run), records, changeID: view.changeID))
        }
    }
    table.get("\(item)/changes", .service(.optional), access: read) { call in
        let run = try await call.run().run
        let change = ChangeWire(
            id: run.sourceVersion,
            type: "Git",
            message: run.sourceVersionMessage,
            author: run.sourceVersionAuthor.isEmpty ? nil : IdentityWire(displayName: run.sourceVersionAuthor),
            timestamp: run.queuedAt,
            location: run.repository.url
        )
        return try call.list(run.sourceVersion.isEmpty ? [] : [change])
    }
    // There are no work items and leases here; clients that look for them find none.
    for nothing in ["workitems", "leases"] {
        table.get("\(item)/\(nothing)", .service(.optional), access: read) { call in
            _ = try await call.run()
            return try call.list([] as [ReferenceWire])
        }
    }
    table.patch("\(item)/stages/{stageRefName}", .service(.optional), access: write) { call in
        let kind = try call.stageRequest(await call.decode(UpdateStageParametersWire.self))
        _ = try await call.plane.ask(kind, of: call.text("stageRefName"), in: call.run().run.id, by: call.caller)
        return call.nothing
    }
    addTagRoutes(to: table, item, read, write)
    table.get("build/latest/{definition}", .service(.required), access: .scope(.build)) { call in
        let pipeline = try call.pipelineByNameOrID(call.text("definition"))
        let branch = call.query["branchName"].map { PipelineDraft.ref($0) }
        let query = RunQuery(pipelines: [pipeline.id], completed: true, branch: branch, limit: 1)
        guard let summary = try await call.plane.runs(query).first else {
            throw RequestProblem.notFound(what: "completed run of pipeline '\(pipeline.name)'")
        }
        return try call.answer(call.build(summary))
    }
}

private func addTagRoutes(to table: RouteTable, _ item: String, _ read: RouteAccess, _ write: RouteAccess) {
    table.get("\(item)/tags", .service(.optional), access: read) { call in try call.list(await call.run().run.tags) }
    table.post("\(item)/tags", .service(.optional), access: write.or(.job(.ownRun))) { call in
        let tags = try await call.decodeList(String.self)
        return try call.list(await call.plane.updateRun(call.run().run.id, addTags: tags, by: call.caller).tags)
    }
    table.put("\(item)/tags/{tag}", .service(.optional), access: write.or(.job(.ownRun))) { call in
        try call.list(await call.plane.updateRun(call.run().run.id, addTags: [call.text("tag")], by: call.caller).tags)
    }
    table.delete("\(item)/tags/{tag}", .service(.optional), access: write) { call in
        try call.list(
            await call.plane.updateRun(call.run().run.id, removeTags: [call.text("tag")], by: call.caller).tags
        )
    }
}

extension Call {
    /// The run that the path names, which must be the project's when one is named.
    func run(_ parameter: String = "buildId") async throws -> RunView {
        let view = try await plane.run(RunID(number(parameter)))
        if let project = try project(), project.id != view.run.project {
            throw ControlError.runNotFound(view.run.id.description)
        }
        return view
    }

    fileprivate func stageRequest(_ asked: UpdateStageParametersWire) throws -> StageRequest.Kind {
        switch asked.state?.lowercased() {
        case "run": return .start
        case "cancel": return .cancel
        case "skip": return .skip
        default:
            throw ControlError.invalid(
                what: "The state '\(asked.state ?? "")' of a stage",
                problem: "nothing can be done with it",
                advice: "Give 'run', 'skip' or 'cancel'; to repeat a stage, queue the run again."
            )
        }
    }

    fileprivate func pipelineByNameOrID(_ text: String) throws -> Pipeline {
        let project = try requiredProject()
        let all = plane.pipelines(in: project.id)
        guard
            let found = all.first(where: { String($0.id.rawValue) == text || $0.name.lowercased() == text.lowercased() }
            )
        else {
            throw ControlError.pipelineNotFound(text)
        }
        return found
    }

    /// What is asked when a build is queued.
    fileprivate func request(_ wanted: BuildWire) throws -> RunRequest {
        guard let id = try wanted.definition?.id ?? query.number("definitionId") else {
            throw ControlError.invalid(what: "The build", problem: "it has no 'definition.id'", advice: nil)
        }
        let pipeline = try plane.pipeline(PipelineID(id))
        if let project = try project(), project.id != pipeline.project {
            throw ControlError.pipelineNotFound(String(id))
        }
        var request = RunRequest(pipeline: pipeline.id, branch: wanted.sourceBranch, version: wanted.sourceVersion)
        request.variables = try Self.variables(wanted.parameters)
        request.parameters = wanted.templateParameters ?? [:]
        request.stagesToSkip = wanted.stagesToSkip ?? []
        request.take(wanted.resources)
        request.poolOverride = try wanted.queue?.id.map { try plane.queue(QueueID($0)).pool }
        if let priority = wanted.priority {
            guard let known = RunPriority.allCases.first(where: { $0.rawValue.lowercased() == priority.lowercased() })
            else {
                let names = RunPriority.allCases.map(\.rawValue).joined(separator: ", ")
                throw ControlError.invalid(
                    what: "'priority'",
                    problem: "'\(priority)' is none of \(names)",
                    advice: nil
                )
            }
            request.priority = known
        }
        if let reason = wanted.reason {
            request.reason = RunReason.allCases.first { $0.rawValue.lowercased() == reason.lowercased() } ?? .manual
        }
        return request
    }

    /// `parameters` is JSON text of names and values.
    private static func variables(_ text: String?) throws -> [String: PipelineVariable] {
        guard let text, !text.isEmpty else { return [:] }
        guard let values = try? WireJSON.decode([String: String].self, from: Data(text.utf8)) else {
            throw RequestProblem.malformed(
                place: "parameters",
                problem: "expected JSON text of an object whose values are text"
            )
        }
        return values.mapValues { PipelineVariable(value: $0) }
    }

    /// Cancels, renames, keeps.
    fileprivate func update(_ run: Run, _ change: BuildWire) async throws -> Run {
        var run = run
        if let number = change.buildNumber, number != run.number {
            run = try await plane.updateRun(run.id, number: number, by: caller)
        }
        if let keep = change.keepForever, keep != run.isKeptForever {
            run = try await plane.updateRun(
                run.id,
                addTags: keep ? [Run.keepTag] : [],
                removeTags: keep ? [] : [Run.keepTag],
                by: caller
            )
        }
        guard let status = change.status?.lowercased() else { return run }
        guard status == "cancelling" || status == "canceling" || status == run.state.buildStatus.lowercased() else {
            throw ControlError.invalid(
                what: "The new status of run \(run.number)",
                problem: "'\(change.status ?? "")' cannot be set",
                advice: "Only 'cancelling' can, which asks the run to end."
            )
        }
        return status == run.state.buildStatus.lowercased() ? run : try await plane.cancelRun(run.id, by: caller)
    }
}
