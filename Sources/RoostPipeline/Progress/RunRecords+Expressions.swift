import RoostLanguage
import RoostModel

extension RunRecords {
    /// `dependencies` of a job: `{ J: { result, outputs: { 'S.V' } } }`, with `'L.S.V'` for a leg or a copy.
    func jobs(_ names: [String], of stage: String) -> NamedValue {
        .members(
            ClosureMembers(
                find: { name in
                    names.first { equalIgnoringCase($0, name) }.map { job(stage, $0) }
                },
                all: { ObjectValue(names.map { ($0, job(stage, $0)) }) }
            )
        )
    }

    /// `dependencies` of a stage: `{ X: { result, outputs: { 'J.S.V' } } }`.
    func stages(_ stages: [PlannedStage]) -> NamedValue {
        .members(
            ClosureMembers(
                find: { name in
                    stages.first { equalIgnoringCase($0.name, name) }.map(self.stage)
                },
                all: { ObjectValue(stages.map { ($0.name, self.stage($0)) }) }
            )
        )
    }

    /// `stageDependencies`: `{ X: { J: { result, outputs } } }`.
    func stageJobs(_ stages: [PlannedStage]) -> NamedValue {
        let jobs: (PlannedStage) -> Value = { stage in
            .object(ObjectValue(stage.jobs.map { ($0.name, job(stage.name, $0.name)) }))
        }
        return .members(
            ClosureMembers(
                find: { name in
                    stages.first { equalIgnoringCase($0.name, name) }.map(jobs)
                },
                all: { ObjectValue(stages.map { ($0.name, jobs($0)) }) }
            )
        )
    }

    /// Values of secret outputs of jobs of a stage.
    func secretOutputs(_ stage: String, _ jobs: [String]) -> [String] {
        jobs.flatMap { self[stage, $0] }.flatMap(\.outputs.values).filter { $0.isSecret && !$0.value.isEmpty }.map(
            \.value
        )
    }

    private func job(_ stage: String, _ name: String) -> Value {
        .object([
            "result": result(stage, name).map { .string($0.expressionText) } ?? .null,
            "outputs": .object(outputs(stage, name)),
        ])
    }

    private func stage(_ stage: PlannedStage) -> Value {
        var all = ObjectValue()
        for job in stage.jobs {
            for (key, value) in outputs(stage.name, job.name) { all["\(job.name).\(key)"] = value }
        }
        return .object([
            "result": result(stage).map { .string($0.expressionText) } ?? .null, "outputs": .object(all),
        ])
    }

    private func outputs(_ stage: String, _ job: String) -> ObjectValue {
        var all = ObjectValue()
        for copy in self[stage, job] {
            let prefix = copy.leg.map { "\($0)." } ?? ""
            for (key, output) in copy.outputs.sorted(by: { $0.key < $1.key }) {
                all[prefix + key] = .string(output.value)
                if let alias = copy.hookAlias { all["\(alias).\(key)"] = .string(output.value) }
            }
        }
        return all
    }
}

extension CopyRecord {
    /// The other name of the outputs of a deployment's hook: `deploy.S.V` stands beside `J.S.V`.
    fileprivate var hookAlias: String? {
        guard let hook, hook.increment == nil, leg != hook.hook.rawValue else { return nil }
        return hook.resource == nil ? hook.hook.rawValue : nil
    }
}
