import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Ordered by id; nil is those of all projects.
    public func pipelines(in project: ProjectID?) -> [Pipeline] {
        read { $0.pipelines.values.filter { project == nil || $0.project == project }.sorted { $0.id < $1.id } }
    }

    public func pipeline(_ id: PipelineID) throws(ControlError) -> Pipeline {
        try read { state throws(ControlError) in
            guard let pipeline = state.pipelines[id] else { throw .pipelineNotFound(id.description) }
            return pipeline
        }
    }

    /// Makes a pipeline of a YAML file in a repository.
    @discardableResult
    public func createPipeline(
        name: String,
        folder: String = "\\",
        project: ProjectID,
        repository: PipelineRepository,
        yamlPath: String,
        defaultPool: PoolID? = nil,
        variables: [String: PipelineVariable] = [:],
        by caller: Caller
    ) async throws(ControlError) -> Pipeline {
        try NameRule.check(name, of: "pipeline")
        guard !repository.url.isEmpty, !repository.url.hasPrefix("-"), !repository.url.contains("\n") else {
            throw .invalid(what: "The repository's URL", problem: "'\(repository.url)' is no URL or path", advice: nil)
        }
        return try await change { state, change throws(ControlError) in
            guard state.projects[project] != nil else { throw .projectNotFound(project.description) }
            if let defaultPool, state.pools[defaultPool] == nil { throw .poolNotFound(defaultPool.description) }
            guard !state.hasPipeline(name, in: folder, of: project, but: nil) else {
                throw .nameTaken(kind: "pipeline", name: name)
            }
            state.counters.pipeline += 1
            let pipeline = Pipeline(
                id: PipelineID(state.counters.pipeline),
                project: project,
                name: name,
                folder: folder,
                repository: repository,
                yamlPath: yamlPath,
                defaultPool: defaultPool,
                variables: variables,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            state.pipelines[pipeline.id] = pipeline
            change.store.append(.putPipeline(pipeline))
            change.audit(caller, "pipeline.create", "pipeline:\(pipeline.id)", name)
            state.giveOwner(of: .pipeline(pipeline.id), to: caller, &change)
            change.effects.append { $0.triggerNews.send(.pipelineChanged(pipeline.id)) }
            return pipeline
        }
    }

    /// Changes a pipeline; its revision rises.
    @discardableResult
    public func updatePipeline(
        _ id: PipelineID,
        by caller: Caller,
        _ update: @Sendable (inout Pipeline) -> Void
    ) async throws(ControlError) -> Pipeline {
        try await change { state, change throws(ControlError) in
            guard let known = state.pipelines[id] else { throw .pipelineNotFound(id.description) }
            var pipeline = known
            update(&pipeline)
            pipeline.id = known.id
            pipeline.project = known.project
            pipeline.revision = known.revision + 1
            try NameRule.check(pipeline.name, of: "pipeline")
            guard !state.hasPipeline(pipeline.name, in: pipeline.folder, of: pipeline.project, but: id) else {
                throw .nameTaken(kind: "pipeline", name: pipeline.name)
            }
            state.pipelines[id] = pipeline
            change.store.append(.putPipeline(pipeline))
            change.audit(caller, "pipeline.update", "pipeline:\(id)", "revision \(pipeline.revision)")
            if pipeline.repository != known.repository || pipeline.yamlPath != known.yamlPath {
                state.triggers.forget(id, keepsRecords: true, &change)
            }
            change.effects.append { $0.triggerNews.send(.pipelineChanged(id)) }
            change.dirtyRuns.formUnion(state.runs.values.filter { $0.run.pipeline == id }.map(\.run.id))
            return pipeline
        }
    }

    /// Removes a pipeline that has no active run, with its runs.
    public func deletePipeline(_ id: PipelineID, by caller: Caller) async throws(ControlError) {
        let finished: [Run]
        do { finished = try await store.runs(RunQuery(pipelines: [id], completed: true, limit: 1000)) } catch {
            throw .storeUnavailable(error)
        }
        try await change { state, change throws(ControlError) in
            guard let pipeline = state.pipelines[id] else { throw .pipelineNotFound(id.description) }
            let own = state.runs.values.filter { $0.run.pipeline == id }
            if let active = own.first(where: { !$0.run.state.isCompleted }) {
                throw .inUse(what: "Pipeline '\(pipeline.name)'", by: "run \(active.run.number)")
            }
            for run in Set(own.map(\.run.id) + finished.map(\.id)) {
                state.forget(run)
                change.store.append(.deleteRun(run))
                change.effects.append { $0.deleteBlobs(of: run) }
            }
            for entry in state.caches.of(id) {
                state.caches.remove(entry.id)
                change.store.append(.deleteCache(entry.id))
            }
            state.pipelines[id] = nil
            state.triggers.forget(id, keepsRecords: false, &change)
            change.store.append(.deletePipeline(id))
            change.audit(caller, "pipeline.delete", "pipeline:\(id)", pipeline.name)
            state.forgetPermissions(of: id, &change)
            state.forgetRoles(on: .pipeline(id), &change)
        }
    }

    func deleteBlobs(of run: RunID) {
        Task {
            for part in ["logs", "attachments"] {
                if let key = BlobKey("runs/\(run)/\(part)") { try? await blobs.deleteAll(under: key) }
            }
        }
    }
}

extension ControlState {
    func hasPipeline(_ name: String, in folder: String, of project: ProjectID, but id: PipelineID?) -> Bool {
        pipelines.values.contains {
            $0.id != id && $0.project == project && $0.folder.lowercased() == folder.lowercased()
                && $0.name.lowercased() == name.lowercased()
        }
    }
}
