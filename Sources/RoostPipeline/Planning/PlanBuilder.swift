import RoostLanguage
import RoostModel

/// Checks an expanded pipeline against the schema and makes the plan of it.
///
/// It goes on after a problem, so that one walk reports all; the plan counts only when there are no errors.
struct PlanBuilder {
    let log: DiagnosticLog
    /// What is understood and cannot be carried out.
    let limitations: DiagnosticLog
    let check: RuntimeExpressionCheck
    let limits: PipelineLimits
    let repositories: [PlannedRepository]
    let predefined: [String: String]
    var tasks = InstalledTasks()
    let foreignJobs = ForeignJobs()
    /// Whether the job that is read asks for a system without agents, so that no step of it will run.
    var isInForeignJob = false
    var resources = ResourceBook()
    /// Options of the old form of `resources`, for checkouts of the pipeline's own repository.
    var ownCheckout: [String: String] { resources.ownCheckout }

    /// The plan of a whole file.
    func plan(_ root: SyntaxMapping) -> RunPlan {
        let bodies = root.pairs.map(\.key.text).filter(PipelineKeys.bodies.contains)
        let isStepsOnly = bodies.contains("steps") && bodies.count == 1
        let keys =
            PipelineKeys.root + PipelineKeys.bodies + ["extends"]
            + (isStepsOnly || bodies.isEmpty ? PipelineKeys.rootOfSteps : [])
        let fields = Fields(root, keys, noun: "A pipeline", log)
        checkBodies(bodies, fields)
        var builder = self
        builder.resources = ResourceReader(log: log, limitations: limitations, check: check).read(fields)
        let variables = builder.variables(fields)
        let pool = builder.pool(fields)
        let stages = builder.stages(bodies.first, fields, pool)
        foreignJobs.report(to: limitations)
        var plan = RunPlan(
            numberFormat: fields.planned("name"),
            variables: variables,
            stages: stages.map(withDemands),
            repositories: repositories,
            lockBehavior: lockBehavior(fields)
        )
        plan.appendsCommitMessage = fields.bool("appendCommitMessageToRunName")
        return plan
    }

    /// The stage with what the tasks of its steps ask of the agent.
    private func withDemands(_ stage: PlannedStage) -> PlannedStage {
        guard !tasks.items.isEmpty else { return stage }
        var stage = stage
        for place in stage.jobs.indices {
            let demands = demands(of: stage.jobs[place].steps)
            guard !demands.isEmpty else { continue }
            var pool = stage.jobs[place].pool ?? PlannedPool()
            let known = Set(pool.demands.map(\.text))
            pool.demands += demands.filter { !known.contains($0) }.map { PlannedText($0) }
            stage.jobs[place].pool = pool
        }
        return stage
    }

    private func demands(of steps: [PlannedStep]) -> [String] {
        var demands: [String] = []
        for manifest in steps.compactMap({ tasks.manifest(of: $0.task) }) {
            let version = manifest.minimumAgentVersion.map { ["Agent.Version -gtVersion \($0)"] } ?? []
            for demand in manifest.demands + version where !demands.contains(demand) { demands.append(demand) }
        }
        return demands
    }

    /// A file has exactly one of stages, jobs and steps.
    private func checkBodies(_ bodies: [String], _ fields: Fields) {
        let isMisspelt = fields.mapping.pairs.contains { pair in
            nearName(pair.key.text, among: PipelineKeys.bodies + ["extends"]) != nil
        }
        if bodies.isEmpty, !fields.mapping.isPartial, !isMisspelt {
            log.error(
                "pipeline.empty",
                "There's not enough info to determine what you meant. Add one of these properties: stages, jobs, steps, extends",
                at: fields.place.firstLine,
                advice: "A pipeline says what to run under one of them."
            )
        }
        for extra in bodies.dropFirst() {
            guard let pair = fields.mapping.pair(extra) else { continue }
            log.error(
                "pipeline.two-bodies",
                "Unexpected value '\(extra)'",
                at: pair.key.place,
                advice: "The file has '\(bodies[0])' already; a pipeline has either stages, jobs or steps."
            )
        }
    }

    private func stages(_ body: String?, _ fields: Fields, _ pool: DraftPool?) -> [PlannedStage] {
        switch body {
        case "stages":
            guard let list = fields.list("stages") else {
                missing("stages", "stage", fields)
                return []
            }
            return stages(list, pool)
        case "jobs":
            guard let list = fields.list("jobs") else {
                missing("jobs", "job", fields)
                return []
            }
            let jobs = jobs(list, pool, in: nil, at: fields.mapping.pair("jobs")?.key.place ?? fields.place)
            return [PlannedStage(name: Self.implicitName, displayName: Self.implicitName, jobs: jobs)]
        case "steps":
            let job = rootJob(fields, pool)
            return [PlannedStage(name: Self.implicitName, displayName: Self.implicitName, jobs: [job])]
        default: return []
        }
    }

    /// Name of the stage of a file without stages.
    static let implicitName = "__default"

    func missing(_ key: String, _ noun: String, _ fields: Fields) {
        guard let pair = fields.mapping.pair(key), !pair.value.isUnknown else { return }
        guard pair.value.isNull || pair.value.mapping?.pairs.isEmpty == true else { return }
        log.error(
            "pipeline.no-\(key)",
            "'\(key)' has no items",
            at: pair.key.place,
            advice: "Write at least one \(noun), after '- '."
        )
    }
}

extension SyntaxPlace {
    /// The place up to the end of its first line, which is enough to point at.
    var firstLine: SyntaxPlace {
        let start = source.position(at: range.lowerBound)
        let line = source.line(start.line)
        let lineStart = source.position(line: start.line, column: 1).offset
        var place = self
        place.range = range.lowerBound..<max(range.lowerBound, min(range.upperBound, lineStart + line.utf8.count))
        return place
    }
}
