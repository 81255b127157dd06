import Dispatch
import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline
import RoostStore

extension ControlPlane {
    /// A repository of `resources` that was found, with its files, or why not; by folded alias.
    typealias FoundRepositories = [String: Result<RunRepository, ControlError>]

    /// Compiles a pipeline's file, finding the repositories that its templates come from as the compiler comes to them.
    ///
    /// A round of the compiler names those it needs; they are found, all at once, and it begins anew. Declarations in templates that
    /// are extended may name more, so that there are several rounds at times.
    func compile(
        _ pipeline: Pipeline,
        _ project: Project,
        _ commit: ResolvedCommit,
        _ request: RunRequest,
        _ asked: CompileRequest
    ) async throws(ControlError) -> (CompiledPipeline, FoundRepositories) {
        let own = try await repositories.files(of: pipeline.repository.url, at: commit.id)
        let text = try rootText(pipeline, commit, request, own)
        let path = String(pipeline.yamlPath.drop { $0 == "/" })
        let limits = settings.pipelineLimits
        var found: FoundRepositories = [:]
        var others: [String: RunFiles.Other] = [:]
        while true {
            let files = RunFiles(own: own, others: others)
            let compiled = await onThread {
                PipelineCompiler(loader: files, limits: limits).compile(path: path, text: text, request: asked)
            }
            let missing = files.missing
            if missing.isEmpty || found.count >= Self.repositoryLimit { return (compiled, found) }
            for (key, result) in await find(missing, pipeline, project, request) {
                found[key] = result
                others[key] = await filesOrReason(result)
            }
        }
    }

    /// Most repositories of one run.
    private static let repositoryLimit = 50

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

    /// Compiling reads template files as it goes, which blocks: it gets a thread of its own.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    private func filesOrReason(_ result: Result<RunRepository, ControlError>) async -> RunFiles.Other {
        do throws(ControlError) {
            let repository = try result.get()
            return .files(try await repositories.files(of: repository.url, at: repository.version))
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    // MARK: Finding

    private func find(
        _ wanted: [String: PlannedRepository],
        _ pipeline: Pipeline,
        _ project: Project,
        _ request: RunRequest
    ) async -> FoundRepositories {
        await withTaskGroup(of: (String, Result<RunRepository, ControlError>).self) { group in
            for (key, repository) in wanted {
                group.addTask {
                    do throws(ControlError) {
                        return (key, .success(try await self.find(repository, pipeline, project, request)))
                    } catch {
                        return (key, .failure(error))
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Where a repository is and which commit of it is meant.
    private func find(
        _ repository: PlannedRepository,
        _ pipeline: Pipeline,
        _ project: Project,
        _ request: RunRequest
    ) async throws(ControlError) -> RunRepository {
        let url = try location(of: repository, pipeline, project)
        let pin = request.pins.first { $0.key.lowercased() == repository.alias.lowercased() }?.value
        var ref = pin?.ref ?? repository.ref
        if ref.isEmpty, pin?.version == nil { ref = try await repositories.headRef(url) }
        let commit = try await repositories.resolve(url: url, ref: ref, version: pin?.version)
        return RunRepository(
            alias: repository.alias,
            type: repository.type.isEmpty ? "git" : repository.type,
            name: repository.name,
            url: url,
            ref: commit.ref,
            version: commit.id
        )
    }

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
        _ found: FoundRepositories
    ) async throws(ControlError) -> RunSources {
        var found = found
        let wanted = entry.plan.checkedOutRepositories.filter { found[$0.alias.lowercased()] == nil }
        if !wanted.isEmpty {
            let byKey = Dictionary(wanted.map { ($0.alias.lowercased(), $0) }) { first, _ in first }
            found.merge(await find(byKey, pipeline, project, request)) { _, new in new }
        }
        var problems: [Diagnostic] = []
        var used: [RunRepository] = []
        for (key, result) in found.sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let repository): used.append(repository)
            case .failure(let error):
                let name = entry.plan.repositories.first { $0.alias.lowercased() == key }?.name ?? key
                problems.append(
                    .error(
                        "repository.unavailable",
                        "Repository '\(key)' (\(name)) cannot be used: \(error.reason).",
                        advice: error.advice
                    )
                )
            }
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
        return RunSources(
            repositories: used,
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

extension ControlError {
    /// What is wrong, as the end of a sentence.
    fileprivate var reason: String {
        switch self {
        case .repositoryUnavailable(let url, let reason): "\(url): \(reason)"
        case .invalid(_, let problem, _): problem
        default: summary
        }
    }
}
