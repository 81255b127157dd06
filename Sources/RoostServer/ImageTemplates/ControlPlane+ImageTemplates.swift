import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostStore

extension ControlPlane {
    /// By name.
    func imageTemplates() -> [ManagedImageTemplate] { read { $0.imageTemplates.values.sorted { $0.key < $1.key } } }

    func imageTemplate(_ name: String) throws(ControlError) -> ManagedImageTemplate {
        try read { state throws(ControlError) in try state.imageTemplate(name) }
    }

    /// Makes a template; its files and its pipeline are there before anybody sees it.
    func createImageTemplate(
        _ name: String,
        _ draft: ImageTemplateDraft,
        by caller: Caller
    ) async throws(ControlError) -> ManagedImageTemplate {
        try await inTurn(name) { () throws(ControlError) in try await self.make(name, draft, caller) }
    }

    /// Changes a template; of one of Image Builder only what Azure lets change.
    func updateImageTemplate(
        _ name: String,
        _ draft: ImageTemplateDraft,
        by caller: Caller
    ) async throws(ControlError) -> ManagedImageTemplate {
        try await inTurn(name) { () throws(ControlError) in try await self.alter(name, draft, caller) }
    }

    /// Deletes a template that is not being built, with its pipeline and its runs.
    func deleteImageTemplate(_ name: String, by caller: Caller) async throws(ControlError) {
        try await inTurn(name) { () throws(ControlError) in
            let template = try self.imageTemplate(name)
            if let run = template.lastRun, run.isActive {
                throw .imageTemplate(.running(template.name, run: run.id))
            }
            // Somebody may have deleted it already.
            if self.read({ $0.pipelines[template.pipeline] != nil }) {
                try await self.deletePipeline(template.pipeline, by: caller)
            }
            try await self.change { state, change in
                state.remove(template, &change)
                change.audit(caller, "image-template.delete", "image-template:\(template.name)")
            }
            self.folder(of: template).remove()
        }
    }

    func folder(of template: ManagedImageTemplate) -> ImageTemplateFolder {
        ImageTemplateFolder(template.folder, in: settings.dataFolder)
    }

    /// Does something when everything that was asked for the same template before is done.
    func inTurn<Value: Sendable>(
        _ name: String,
        _ body: @escaping @Sendable () async throws(ControlError) -> Value
    ) async throws(ControlError) -> Value {
        let result = await imageTemplateTurns.perform(name.lowercased()) { () async -> Result<Value, ControlError> in
            do throws(ControlError) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    // MARK: Making

    private func make(
        _ name: String,
        _ draft: ImageTemplateDraft,
        _ caller: Caller
    ) async throws(ControlError) -> ManagedImageTemplate {
        let count = read { state in (state.imageTemplates.count, state.imageTemplates[name.lowercased()]?.name) }
        guard ManagedImageTemplate.isName(name) else { throw .imageTemplate(.nameInvalid(name)) }
        if let taken = count.1 { throw .imageTemplate(.exists(taken)) }
        guard count.0 < ManagedImageTemplate.limit else {
            throw .imageTemplate(.limitReached(ManagedImageTemplate.limit))
        }
        let (form, main) = (draft.form ?? .imageBuilder, draft.main ?? "")
        guard let files = draft.files else { throw .imageTemplate(.files(name, problem: "there are none")) }
        do { try draft.check(name, form: form, main: main) } catch { throw .imageTemplate(error) }
        let project = try wantedProject(draft.project)
        let pool = try wantedPool(draft.pool, of: project)
        let place = UUID().uuidString.lowercased()
        let folder = ImageTemplateFolder(place, in: settings.dataFolder)
        do throws(ControlError) {
            let content = ImageTemplateFolder.Content(
                files: files,
                main: main,
                parameters: draft.parameters ?? [:],
                pool: pool
            )
            let commit = try await keep(content, in: folder, of: name, caller)
            let pipeline = try await createPipeline(
                name: name,
                folder: Self.pipelineFolder,
                project: project.id,
                repository: PipelineRepository(url: folder.path, name: name, defaultBranch: "refs/heads/main"),
                yamlPath: ImageTemplateFolder.pipelineFile,
                by: caller
            )
            return try await change { state, change throws(ControlError) in
                var template = ManagedImageTemplate(
                    name: name,
                    form: form,
                    project: project.id,
                    pipeline: pipeline.id,
                    folder: place,
                    pool: pool,
                    main: main,
                    files: files.keys.sorted(),
                    commit: commit,
                    createdAt: change.now,
                    createdBy: caller.auditName
                )
                template.take(draft)
                try state.put(template, &change)
                change.audit(caller, "image-template.create", "image-template:\(name)", commit)
                return template
            }
        } catch {
            folder.remove()
            throw error
        }
    }

    /// In which pipelines of templates are shown.
    private static let pipelineFolder = "\\image-templates"

    private func wantedProject(_ name: String?) throws(ControlError) -> Project {
        if let name { return try project(name) }
        guard let first = projects().first else { throw .projectNotFound("") }
        return first
    }

    private func wantedPool(_ name: String?, of project: Project) throws(ControlError) -> String {
        let wanted = name ?? project.defaultPool.flatMap { id in read { $0.pools[id]?.name } } ?? "Default"
        guard let pool = pool(named: wanted) else { throw .poolNotFound(wanted) }
        return pool.name
    }

    private func keep(
        _ content: ImageTemplateFolder.Content,
        in folder: ImageTemplateFolder,
        of name: String,
        _ caller: Caller
    ) async throws(ControlError) -> String {
        do { return try await folder.keep(content, "\(name), by \(caller.auditName)") } catch {
            throw .imageTemplate(.notKept(name, reason: "\(error)"))
        }
    }

    // MARK: Changing

    private func alter(
        _ name: String,
        _ draft: ImageTemplateDraft,
        _ caller: Caller
    ) async throws(ControlError) -> ManagedImageTemplate {
        let known = try imageTemplate(name)
        if let form = draft.form, form != known.form { throw .imageTemplate(.fixed(known.name, ["form"])) }
        if let run = known.lastRun, run.isActive { throw .imageTemplate(.running(known.name, run: run.id)) }
        let main = draft.main ?? known.main
        let folder = folder(of: known)
        let before = folder.files(known.files)
        do throws(ImageTemplateError) {
            try draft.check(known.name, form: known.form, main: main)
            try Self.checkFixed(known, draft, before)
        } catch { throw .imageTemplate(error) }
        var poolName = known.pool
        if let wanted = draft.pool {
            guard let found = pool(named: wanted) else { throw .poolNotFound(wanted) }
            poolName = found.name
        }
        let content = ImageTemplateFolder.Content(
            files: draft.files ?? before,
            main: main,
            parameters: draft.parameters ?? known.parameters,
            pool: poolName
        )
        let commit = try await keep(content, in: folder, of: known.name, caller)
        return try await change { state, change throws(ControlError) in
            var template = try state.imageTemplate(name)
            template.main = main
            template.pool = content.pool
            template.files = content.files.keys.sorted()
            template.commit = commit
            template.take(draft)
            try state.put(template, &change)
            change.audit(caller, "image-template.update", "image-template:\(template.name)", commit)
            return template
        }
    }

    private static func checkFixed(
        _ known: ManagedImageTemplate,
        _ draft: ImageTemplateDraft,
        _ before: [String: Data]
    ) throws(ImageTemplateError) {
        guard known.form == .imageBuilder, let files = draft.files else { return }
        guard draft.main == nil || draft.main == known.main else { throw .fixed(known.name, ["main"]) }
        guard let old = before[known.main].flatMap(ImageTemplateDocument.init),
            let new = files[known.main].flatMap(ImageTemplateDocument.init)
        else { throw .fixed(known.name, ["properties"]) }
        let differences = new.fixedDifferences(from: old)
        guard differences.isEmpty else { throw .fixed(known.name, differences) }
    }
}

extension ManagedImageTemplate {
    fileprivate mutating func take(_ draft: ImageTemplateDraft) {
        location = draft.location ?? location
        tags = draft.tags ?? tags
        parameters = draft.parameters ?? parameters
        // Both follow from the files.
        if draft.files != nil { source = draft.source }
        distributesTo = draft.distributesTo ?? distributesTo
    }
}
