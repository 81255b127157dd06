import FoundationEssentials
import RoostModel
import RoostWire

/// Build definitions, which are pipelines.
func addDefinitionRoutes(to table: RouteTable) {
    let item = "build/definitions/{definitionId}"
    let manage = RouteAccess.scope(.buildExecute)

    table.get("build/definitions", .service(.optional), access: .scope(.build)) { call in
        let project = try call.project()
        let ids = try call.query.numbers("definitionIds").map { Set($0) }
        let name = call.query["name"].map(NamePattern.init)
        let path = call.query["path"]?.lowercased()
        let yaml = call.query["yamlFilename"]
        let top = try call.query.number("$top") ?? 10_000
        let found = call.plane.pipelines(in: project?.id).filter { pipeline in
            ids?.contains(pipeline.id.rawValue) ?? true && name?.matches(pipeline.name) ?? true
                && path.map { $0 == pipeline.folder.lowercased() } ?? true
                && yaml.map { $0 == pipeline.yamlPath } ?? true
        }
        let page = found.prefix(max(0, top))
        return call.query.flag("includeAllProperties")
            ? try call.list(page.map(call.definition)) : try call.list(page.map(call.reference))
    }
    table.post("build/definitions", .service(.required), access: manage) { call in
        let draft = try await call.decode(BuildDefinitionWire.self)
        let project = try call.requiredProject()
        // Clients that make a pipeline of a file name one kind or none: the file says the others.
        let triggers = try draft.triggers.map { try TriggerSettings().applying($0, keepsOthers: true) }
        var pipeline = try await call.plane.createPipeline(
            name: draft.name ?? "",
            folder: PipelineDraft.folder(draft.path),
            project: project.id,
            repository: PipelineDraft.repository(draft.repository),
            yamlPath: draft.process?.yamlFilename ?? PipelineDraft.defaultPath,
            defaultPool: call.pool(of: draft),
            variables: (draft.variables ?? [:]).mapValues(PipelineDraft.variable),
            by: call.caller
        )
        if let triggers, triggers != pipeline.triggers {
            pipeline = try await call.plane.updatePipeline(pipeline.id, by: call.caller) { $0.triggers = triggers }
        }
        return try call.answer(call.definition(pipeline))
    }
    table.get(item, .service(.optional), access: .scope(.build)) { call in
        try call.answer(call.definition(call.pipeline("definitionId")))
    }
    table.put(item, .service(.optional), access: manage) { call in
        let draft = try await call.decode(BuildDefinitionWire.self)
        let known = try call.pipeline("definitionId")
        if let revision = draft.revision, revision != known.revision {
            throw ControlError.invalid(
                what: "The change of pipeline '\(known.name)'",
                problem: "it was made to revision \(revision), and the pipeline is at \(known.revision)",
                advice: "Read the pipeline again and repeat the change."
            )
        }
        let repository = try draft.repository.map { try PipelineDraft.repository($0) }
        let pool = try call.pool(of: draft)
        let triggers = try draft.triggers.map { try known.triggers.applying($0, keepsOthers: false) }
        let pipeline = try await call.plane.updatePipeline(known.id, by: call.caller) { pipeline in
            pipeline.apply(draft, repository: repository, pool: pool)
            if let triggers { pipeline.triggers = triggers }
        }
        return try call.answer(call.definition(pipeline))
    }
    table.delete(item, .service(.optional), access: manage) { call in
        try await call.plane.deletePipeline(call.pipeline("definitionId").id, by: call.caller)
        return call.nothing
    }
    table.get("\(item)/revisions", .service(.optional), access: .scope(.build)) { call in
        let pipeline = try call.pipeline("definitionId")
        return try call.list([call.reference(pipeline)])
    }
}

/// What drafts of pipelines say, in either shape.
enum PipelineDraft {
    /// Where the file is when nothing is said.
    static let defaultPath = "azure-pipelines.yml"

    /// Folders begin with a backslash; slashes are taken for backslashes.
    static func folder(_ text: String?) -> String {
        let plain = (text ?? "").replacing("/", with: "\\")
        let trimmed = plain.split(separator: "\\").joined(separator: "\\")
        return "\\\(trimmed)"
    }

    static func repository(_ wire: BuildRepositoryWire?) throws(ControlError) -> PipelineRepository {
        try repository(url: wire?.url, name: wire?.name, branch: wire?.defaultBranch)
    }

    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` without a URL.
    static func repository(url: String?, name: String?, branch: String?) throws(ControlError) -> PipelineRepository {
        guard let url, !url.isEmpty else {
            throw .invalid(
                what: "The pipeline",
                problem: "it has no 'repository.url'",
                advice: "Give a URL or a path that git can clone."
            )
        }
        let last = url.split(whereSeparator: { $0 == "/" || $0 == ":" }).last.map(String.init) ?? url
        let plain = last.hasSuffix(".git") ? String(last.dropLast(4)) : last
        return PipelineRepository(
            url: url,
            name: name.flatMap { $0.isEmpty ? nil : $0 } ?? plain,
            defaultBranch: ref(branch ?? "main")
        )
    }

    /// A full ref of a branch's name.
    static func ref(_ branch: String) -> String { branch.hasPrefix("refs/") ? branch : "refs/heads/\(branch)" }

    static func variable(_ wire: VariableValueWire) -> PipelineVariable {
        PipelineVariable(
            value: wire.value ?? "",
            isSecret: wire.isSecret ?? false,
            settableAtQueueTime: wire.allowOverride ?? false
        )
    }
}

extension Pipeline {
    fileprivate mutating func apply(_ draft: BuildDefinitionWire, repository: PipelineRepository?, pool: PoolID?) {
        name = draft.name ?? name
        folder = draft.path.map { PipelineDraft.folder($0) } ?? folder
        self.repository = repository ?? self.repository
        yamlPath = draft.process?.yamlFilename ?? yamlPath
        defaultPool = pool ?? defaultPool
        if let limit = draft.concurrencyLimit { concurrencyLimit = limit <= 0 ? nil : limit }
        if let status = draft.queueStatus { enabled = status.lowercased() == "enabled" }
        guard let given = draft.variables else { return }
        // A secret comes back without its value: it stays what it was.
        variables = given.reduce(into: [:]) { result, entry in
            let isKept = entry.value.isSecret == true && entry.value.value == nil
            result[entry.key] = isKept ? variables[entry.key] : PipelineDraft.variable(entry.value)
        }
    }
}

extension Call {
    /// The pipeline that the path names, which must be the project's when one is named.
    func pipeline(_ parameter: String) throws -> Pipeline {
        let pipeline = try plane.pipeline(PipelineID(number(parameter)))
        if let project = try project(), project.id != pipeline.project {
            throw ControlError.pipelineNotFound(pipeline.id.description)
        }
        return pipeline
    }

    /// The pool that a definition's queue stands for.
    fileprivate func pool(of draft: BuildDefinitionWire) throws -> PoolID? {
        if let pool = draft.queue?.pool?.id { return try plane.pool(PoolID(pool)).id }
        if let name = draft.queue?.pool?.name ?? draft.queue?.name {
            guard let pool = plane.pool(named: name) else { throw ControlError.poolNotFound(name) }
            return pool.id
        }
        return try draft.queue?.id.map { try plane.queue(QueueID($0)).pool }
    }
}
