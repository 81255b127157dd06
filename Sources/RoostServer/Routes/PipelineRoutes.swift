import FoundationEssentials
import RoostModel
import RoostStore
import RoostWire

/// Pipelines and their runs, in the newer shape.
func addPipelineRoutes(to table: RouteTable) {
    let item = "pipelines/{pipelineId}"
    let write = RouteAccess.scope(.buildExecute)

    table.get("pipelines", .service(.required), access: .scope(.build)) { call in
        let all = call.plane.pipelines(in: try call.requiredProject().id)
        return try call.list(all.prefix(max(0, try call.query.number("$top") ?? 10_000)).map(call.view))
    }
    table.post("pipelines", .service(.required), access: write) { call in
        let draft = try await call.decode(PipelineWire.self)
        let repository = draft.configuration?.repository
        let pipeline = try await call.plane.createPipeline(
            name: draft.name ?? "",
            folder: PipelineDraft.folder(draft.folder),
            project: call.requiredProject().id,
            repository: PipelineDraft.repository(
                url: repository?.url,
                name: repository?.fullName ?? repository?.name,
                branch: repository?.defaultBranch
            ),
            yamlPath: draft.configuration?.path ?? PipelineDraft.defaultPath,
            defaultPool: draft.defaultPool.map { PoolID($0) },
            variables: (draft.configuration?.variables ?? [:]).mapValues(PipelineDraft.variable),
            by: call.caller
        )
        guard let limit = draft.concurrencyLimit, limit > 0 else { return try call.answer(call.view(pipeline)) }
        let limited = try await call.plane.updatePipeline(pipeline.id, by: call.caller) { $0.concurrencyLimit = limit }
        return try call.answer(call.view(limited))
    }
    table.get(item, .service(.required), access: .scope(.build)) { call in
        try call.answer(call.view(call.pipeline("pipelineId")))
    }
    table.get("\(item)/runs", .service(.required), access: .scope(.build)) { call in
        let pipeline = try call.pipeline("pipelineId")
        let top = min(max(try call.query.number("$top") ?? 1000, 1), 1000)
        let runs = try await call.plane.runs(RunQuery(pipelines: [pipeline.id], limit: top))
        return try call.list(runs.map { call.pipelineRun($0.run, isWhole: false) })
    }
    table.post("\(item)/runs", .service(.required), access: write) { call in
        let wanted = try await call.decode(RunPipelineParametersWire.self)
        let request = try call.request(wanted)
        if wanted.previewRun == true {
            return try call.answer(PreviewView(finalYaml: await call.plane.previewRun(request, by: call.caller)))
        }
        let run = try await call.plane.queueRun(request, by: call.caller)
        return try call.answer(call.pipelineRun(run, isWhole: true))
    }
    table.post("\(item)/preview", .service(.required), access: write) { call in
        let request = try call.request(await call.decode(RunPipelineParametersWire.self))
        return try call.answer(PreviewView(finalYaml: await call.plane.previewRun(request, by: call.caller)))
    }
    table.get("\(item)/runs/{runId}", .service(.required), access: .scope(.build)) { call in
        try call.answer(call.pipelineRun(await call.pipelineRun().run, isWhole: true))
    }
    table.get("\(item)/runs/{runId}/logs", .service(.required), access: .scope(.build)) { call in
        let view = try await call.pipelineRun()
        return try call.answer(LogCollectionView(logs: view.logs.map { call.buildLog($0, view.run.project) }))
    }
    table.get("\(item)/runs/{runId}/logs/{logId}", .service(.required), access: .scope(.build)) { call in
        let view = try await call.pipelineRun()
        let id = LogID(try call.number("logId"))
        guard let log = view.logs.first(where: { $0.id == id }) else { throw ControlError.logNotFound(id.rawValue) }
        return try call.answer(call.buildLog(log, view.run.project))
    }
}

/// The YAML a run would have.
private struct PreviewView: Encodable { var finalYaml: String }

/// The logs of a run.
private struct LogCollectionView: Encodable { var logs: [BuildLogWire] }

extension Call {
    /// The run that the path names, which must be the pipeline's.
    fileprivate func pipelineRun() async throws -> RunView {
        let pipeline = try pipeline("pipelineId")
        let view = try await run("runId")
        guard view.run.pipeline == pipeline.id else { throw ControlError.runNotFound(view.run.id.description) }
        return view
    }

    fileprivate func request(_ wanted: RunPipelineParametersWire) throws -> RunRequest {
        let own = wanted.resources?.repositories?.first { $0.key.lowercased() == "self" }?.value
        var request = RunRequest(
            pipeline: try pipeline("pipelineId").id,
            branch: own?.refName,
            version: own?.version,
            variables: (wanted.variables ?? [:]).mapValues(PipelineDraft.variable),
            parameters: wanted.templateParameters ?? [:],
            yamlOverride: wanted.yamlOverride,
            stagesToSkip: wanted.stagesToSkip ?? []
        )
        request.take(wanted.resources)
        return request
    }
}
