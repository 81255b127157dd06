import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

extension ControlPlane {
    /// Finds the repositories of a pipeline's runs.
    private func finder(_ pipeline: Pipeline, _ project: Project, _ request: RunRequest) -> RepositoryFinder {
        RepositoryFinder(
            service: repositories,
            pins: request.pins,
            locate: { repository throws(ControlError) in try self.location(of: repository, pipeline, project) }
        )
    }

    /// Compiles a pipeline's file at a commit, with the templates of other repositories.
    func compile(
        _ pipeline: Pipeline,
        _ project: Project,
        _ commit: ResolvedCommit,
        _ request: RunRequest,
        _ asked: CompileRequest
    ) async throws(ControlError) -> (CompiledPipeline, RepositoryFinder.Found) {
        let own = try await repositories.files(of: pipeline.repository.url, at: commit.id)
        let text = try rootText(pipeline, commit, request, own)
        let path = String(pipeline.yamlPath.drop { $0 == "/" })
        return await finder(pipeline, project, request)
            .compile(path: path, text: text, own: own, limits: settings.pipelineLimits, asked: asked)
    }

    private func rootText(
        _ pipeline: Pipeline,
        _ commit: ResolvedCommit,
        _ request: RunRequest,
        _ files: RepositoryFiles
    ) throws(ControlError) -> [UInt8] {
        if let override = request.yamlOverride { return Array(override.utf8) }
        let path = String(pipeline.yamlPath.drop { $0 == "/" })
        guard case .success(let bytes) = files.load(path: path) else {
            throw .invalid(
                what: "Pipeline '\(pipeline.name)'",
                problem: "there is no file '\(path)' at \(commit.ref) (\(commit.id.prefix(8)))",
                advice: "Commit the file, or change the pipeline's YAML path."
            )
        }
        return bytes
    }

    // MARK: Finding

    /// The URL of a repository: the map's, that of a pipeline of the same name, or what its name says.
    func location(
        of repository: PlannedRepository,
        _ pipeline: Pipeline,
        _ project: Project
    ) throws(ControlError) -> String {
        let map = try RepositoryMap.read(settings.repositoryMap)
        // Folders of the server are for those who may make pipelines; a file reaches them only from a folder itself.
        let allowsPaths = RepositoryService.localFolder(pipeline.repository.url) != nil
        if let url = map.location(of: repository, project: project.name, allowsPaths: allowsPaths) { return url }
        if let url = knownLocation(of: repository, project) { return url }
        throw .invalid(
            what: "Repository '\(repository.alias)'",
            problem:
                "nothing says where '\(repository.name)' of type '\(repository.type.isEmpty ? "git" : repository.type)' is",
            advice:
                "Write 'NAME = URL' for it into the file of the server's setting 'repository-map', or a URL under 'name'."
        )
    }

    /// A pipeline of the project that is built from a repository of that name says where it is.
    private func knownLocation(of repository: PlannedRepository, _ project: Project) -> String? {
        guard repository.type.isEmpty || repository.type.lowercased() == "git" else { return nil }
        let parts = repository.name.split(separator: "/")
        let name = parts.last.map { $0.lowercased() } ?? ""
        let owner = parts.count == 2 ? parts[0].lowercased() : project.name.lowercased()
        return read { state in
            state.pipelines.values.sorted { $0.id < $1.id }.first { pipeline in
                pipeline.repository.name.lowercased() == name
                    && state.projects[pipeline.project]?.name.lowercased() == owner
            }?.repository.url
        }
    }

    // MARK: What a run records

    /// The repositories and runs that a plan uses, at exact commits.
    func sources(
        of entry: PlanCache.Entry,
        _ pipeline: Pipeline,
        _ project: Project,
        _ request: RunRequest,
        _ found: RepositoryFinder.Found
    ) async throws(ControlError) -> RunSources {
        RunSources(
            repositories: try await finder(pipeline, project, request).repositories(of: entry.plan, found),
            pipelines: try await pipelineResources(entry.triggers, project, request),
            files: entry.files,
            stagesToSkip: try Self.stagesToSkip(request.stagesToSkip, of: entry.plan)
        )
    }
}

extension RunRequest {
    /// The same request with everything that the former run was made of.
    func repeating(_ former: Run) -> RunRequest {
        var request = self
        request.cause = former.cause
        request.stagesToSkip = former.sources.stagesToSkip
        request.poolOverride = former.poolOverride
        for repository in former.sources.repositories {
            request.pins[repository.alias] = RepositoryPin(ref: repository.ref, version: repository.version)
        }
        for pipeline in former.sources.pipelines { request.pipelineVersions[pipeline.alias] = String(pipeline.runID) }
        return request
    }
}

extension RunPlan {
    /// Repositories beside the pipeline's own that steps check out, declared or written in the step.
    var checkedOutRepositories: [PlannedRepository] {
        var found: [PlannedRepository] = []
        for step in stages.flatMap(\.jobs).flatMap(\.steps) where step.task.id == TaskReference.checkout.id {
            guard let name = step.inputs["repository"], !["self", "none"].contains(name.lowercased()),
                !found.contains(where: { $0.alias.lowercased() == name.lowercased() })
            else { continue }
            if let declared = repositories.first(where: { $0.alias.lowercased() == name.lowercased() }) {
                found.append(declared)
            } else if let inline = PlannedRepository(inline: name) {
                found.append(inline)
            }
        }
        return found
    }
}

extension PlannedRepository {
    /// `git://Project/repo@ref`, `github://owner/repo@ref`, `bitbucket://owner/repo@ref`; nil for anything else.
    init?(inline text: String) {
        for type in ["git", "github", "bitbucket"] where text.lowercased().hasPrefix("\(type)://") {
            let parts = text.dropFirst(type.count + 3).split(separator: "@", maxSplits: 1)
            guard let name = parts.first else { return nil }
            self.init(alias: text, type: type, name: String(name), ref: parts.count > 1 ? String(parts[1]) : "")
            return
        }
        return nil
    }
}

extension CompiledPipeline {
    /// The files that took part, those of other repositories with their alias.
    var fileNames: [String] { files.map { $0.repository == "self" ? $0.path : "\($0.path)@\($0.repository)" } }
}
