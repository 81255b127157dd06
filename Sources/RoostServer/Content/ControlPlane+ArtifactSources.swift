import RoostLanguage
public import RoostModel
import RoostStore

/// Which run of another pipeline a step asks for.
public struct ArtifactSourceQuery: Sendable, Hashable {
    /// Name or id; nil is the run's own.
    public var project: String?
    /// Name or number.
    public var pipeline: String
    /// `latest`, `latestFromBranch` or `specific`.
    public var version: String
    public var branch: String?
    /// For `specific`.
    public var run: Int?
    /// The run must have all of them.
    public var tags: [String]
    public var allowsPartial: Bool
    public var allowsFailed: Bool
    /// The run that began this one, if it is of that pipeline.
    public var prefersTriggering: Bool

    public init(
        project: String? = nil,
        pipeline: String,
        version: String = "latest",
        branch: String? = nil,
        run: Int? = nil,
        tags: [String] = [],
        allowsPartial: Bool = false,
        allowsFailed: Bool = false,
        prefersTriggering: Bool = false
    ) {
        self.project = project
        self.pipeline = pipeline
        self.version = version
        self.branch = branch
        self.run = run
        self.tags = tags
        self.allowsPartial = allowsPartial
        self.allowsFailed = allowsFailed
        self.prefersTriggering = prefersTriggering
    }
}

extension ControlPlane {
    /// The run whose artifacts a step of a run asks for; the caller must be allowed to read them.
    public func artifactSource(
        _ query: ArtifactSourceQuery,
        for own: Run,
        by caller: Caller
    ) async throws -> Run {
        let project = try project(query.project ?? own.project.description)
        let pipeline = try pipeline(query.pipeline, in: project)
        let run = try await run(of: pipeline, query, own)
        try requireReadable(run, by: caller, own)
        return run
    }

    private func pipeline(_ text: String, in project: Project) throws -> Pipeline {
        let all = pipelines(in: project.id)
        let found = all.first { String($0.id.rawValue) == text } ?? all.first { $0.isNamed(text) }
        guard let found else { throw ControlError.pipelineNotFound(text) }
        return found
    }

    private func run(of pipeline: Pipeline, _ query: ArtifactSourceQuery, _ own: Run) async throws -> Run {
        if query.prefersTriggering, let alias = own.cause.resource?.alias,
            let source = own.sources.pipelines.first(where: {
                $0.alias == alias && $0.pipelineID == pipeline.id.rawValue
            })
        {
            return try await run(RunID(source.runID)).run
        }
        if query.version.lowercased() == "specific" {
            guard let id = query.run, let run = try? await run(RunID(id)).run, run.pipeline == pipeline.id else {
                throw ContentError.noSourceRun(
                    pipeline: pipeline.name,
                    sought: "\(query.run.map(String.init) ?? "given")"
                )
            }
            return run
        }
        var results: Set<TaskResult> = [.succeeded]
        if query.allowsPartial { results.insert(.succeededWithIssues) }
        if query.allowsFailed { results.insert(.failed) }
        let isOfBranch = query.version.lowercased() == "latestfrombranch"
        let branch = isOfBranch ? PipelineDraft.ref(query.branch ?? "refs/heads/master") : nil
        let found = try await runs(
            RunQuery(pipelines: [pipeline.id], completed: true, results: results, branch: branch, limit: 500)
        )
        guard let run = found.map(\.run).first(where: { query.tags.allSatisfy($0.tags.contains) }) else {
            let tags = query.tags.isEmpty ? "" : " with the tags \(query.tags.joined(separator: ", "))"
            throw ContentError.noSourceRun(
                pipeline: pipeline.name,
                sought: "that succeeded\(branch.map { " of branch '\($0)'" } ?? "")\(tags)"
            )
        }
        return run
    }

    /// Refuses a job that reads the artifacts of a run that is not its own to read.
    ///
    /// A job reads those of its own run, of runs its file names as resources, of its own pipeline, and of pipelines of its project that a download step of
    /// its own file names. A run of a fork reads its own and its resources only: whoever wrote the file is not trusted to name others.
    func requireReadable(_ target: Run, by caller: Caller, _ own: Run) throws {
        guard case .job = caller.principal, own.id != target.id else { return }
        if own.sources.pipelines.contains(where: { $0.runID == target.id.rawValue }) { return }
        let what = "the artifacts of run \(target.number) of pipeline '\(target.pipelineName)'"
        guard own.cause.pullRequest?.isFork != true else {
            throw ContentError.notReadable(
                what: what,
                reason: "it builds a fork",
                advice: "Name the pipeline under 'resources: pipelines:' of a file that is not the fork's."
            )
        }
        guard own.project == target.project, own.pipeline == target.pipeline || own.plan.names(target) else {
            throw ContentError.notReadable(
                what: what,
                reason: "its file names that pipeline neither as a resource nor in a download step",
                advice: "Name it under 'resources: pipelines:', or in the 'definition' of a download step."
            )
        }
    }
}

extension RunPlan {
    /// Whether a download step of the file names the pipeline of a run.
    fileprivate func names(_ target: Run) -> Bool {
        let steps = stages.flatMap(\.jobs).flatMap { $0.steps + ($0.deployment?.hooks.flatMap(\.steps) ?? []) }
        return steps.contains { step in
            step.task.name.lowercased().hasPrefix("download")
                && step.inputs.contains { name, value in
                    ["definition", "pipeline"].contains(name.lowercased())
                        && (value == target.pipeline.description
                            || value.lowercased() == target.pipelineName.lowercased())
                }
        }
    }
}
