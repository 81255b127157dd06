import RoostLanguage
import RoostModel
import RoostPipeline
import RoostStore

extension ControlPlane {
    /// The runs of other pipelines that a run takes: those the request names, else the newest that fit.
    func pipelineResources(
        _ triggers: PipelineTriggers,
        _ project: Project,
        _ request: RunRequest
    ) async throws(ControlError) -> [RunPipelineResource] {
        var found: [RunPipelineResource] = []
        var problems: [Diagnostic] = []
        for resource in triggers.pipelines {
            do throws(ControlError) {
                found.append(try await pipelineResource(resource, project, request))
            } catch {
                problems.append(.error("resource.pipeline", error.summary, advice: error.advice))
            }
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
        return found
    }

    private func pipelineResource(
        _ resource: PipelineResource,
        _ project: Project,
        _ request: RunRequest
    ) async throws(ControlError) -> RunPipelineResource {
        let source = try pipeline(of: resource, project)
        let version = request.pipelineVersions.first { $0.key.lowercased() == resource.alias.lowercased() }?.value
        guard let run = try await run(of: source, resource, version) else {
            throw .invalid(
                what: "Pipeline resource '\(resource.alias)'",
                problem: "pipeline '\(source.name)' has no \(Self.sought(resource, version))",
                advice: "Run that pipeline first, or change 'version', 'branch' or 'tags' of the resource."
            )
        }
        return RunPipelineResource(
            alias: resource.alias,
            projectName: (try? self.project(source.project.description))?.name ?? "",
            projectID: source.project.description,
            pipelineName: source.name,
            pipelineID: source.id.rawValue,
            runName: run.number,
            runID: run.id.rawValue,
            sourceBranch: run.sourceBranch,
            sourceCommit: run.sourceVersion,
            requestedFor: run.cause.requestedFor.isEmpty ? run.requestedBy : run.cause.requestedFor
        )
    }

    /// The pipeline that a resource names, with or without its folder.
    func pipeline(of resource: PipelineResource, _ own: Project) throws(ControlError) -> Pipeline {
        let project = try resource.project.map { name throws(ControlError) in try self.project(name) } ?? own
        let all = pipelines(in: project.id)
        if let found = all.first(where: { $0.isNamed(resource.source) }) { return found }
        let near = nearName(resource.source, among: all.map(\.name)).map { "Did you mean '\($0)'?" }
        throw .invalid(
            what: "Pipeline resource '\(resource.alias)'",
            problem: "there is no pipeline '\(resource.source)' in project '\(project.name)'",
            advice: near ?? "List them with 'roost pipeline list'."
        )
    }

    private func run(
        of source: Pipeline,
        _ resource: PipelineResource,
        _ version: String?
    ) async throws(ControlError) -> Run? {
        // A request may name a run by its id or by its number.
        if let version, let id = Int(version), let run = try? await run(RunID(id)).run, run.pipeline == source.id {
            return run
        }
        var query = RunQuery(pipelines: [source.id], limit: 200)
        if let number = version ?? resource.version {
            query.number = number
        } else {
            query.completed = true
            query.results = [.succeeded, .succeededWithIssues]
            query.branch = resource.branch.map { PipelineDraft.ref($0) }
        }
        return try await runs(query).map(\.run).first { run in resource.tags.allSatisfy(run.tags.contains) }
    }

    private static func sought(_ resource: PipelineResource, _ version: String?) -> String {
        if let number = version ?? resource.version { return "run '\(number)'" }
        let branch = resource.branch.map { " of branch '\($0)'" } ?? ""
        let tags = resource.tags.isEmpty ? "" : " with the tags \(resource.tags.joined(separator: ", "))"
        return "run\(branch)\(tags) that succeeded"
    }
}

extension Pipeline {
    /// Whether a file means it by a name, which may have its folder before it: `app`, `\team\app`, `team/app`.
    func isNamed(_ text: String) -> Bool {
        let wanted = text.replacing("/", with: "\\").lowercased()
        if wanted == name.lowercased() { return true }
        let whole = folder == "\\" ? "\\\(name)" : "\(folder)\\\(name)"
        return wanted.trimmingPrefix("\\") == whole.lowercased().trimmingPrefix("\\")
    }
}
