import FoundationEssentials
import RoostLanguage
import RoostModel

extension ProgressScope {
    /// Variables of the run's request and of the root of the file, and the names every expression of the run may use.
    static func root(of snapshot: RunSnapshot, counters: CounterLedger) -> ProgressScope {
        let run = snapshot.run
        let variables = VariableScope()
        for (name, value) in snapshot.predefined { variables.predefine(name, value) }
        for (name, variable) in run.variables {
            variables.define(name, variable.value, isSecret: variable.isSecret)
        }
        let names: [String: NamedValue] = [
            "pipeline": .lazy {
                let start = run.startedAt ?? run.queuedAt
                return ["startTime": .dateTime(DateTime(secondsSince1970: start.timeIntervalSince1970))]
            },
            "resources": .lazy { ["repositories": .object(repositories(of: run))] },
            "dependencies": .value([:]),
            "stageDependencies": .value([:]),
        ]
        var scope = ProgressScope(variables: variables, names: names, counters: counters)
        for (name, group) in run.variableGroups { scope.groups[foldedName(name)] = group }
        scope.define(run.plan.variables)
        return scope
    }

    private static func repositories(of run: Run) -> ObjectValue {
        var repositories = ObjectValue()
        for repository in run.plan.repositories {
            repositories[repository.alias] = [
                "name": .string(repository.name), "type": .string(repository.type), "ref": .string(repository.ref),
            ]
        }
        repositories["self"] = [
            "name": .string(run.repository.name), "ref": .string(run.sourceBranch),
            "version": .string(run.sourceVersion), "url": .string(run.repository.url),
        ]
        return repositories
    }
}
