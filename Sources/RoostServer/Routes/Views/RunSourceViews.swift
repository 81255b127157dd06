import FoundationEssentials
import RoostModel
import RoostWire

/// What a run was made of, as answers show it.
extension Call {
    /// Repositories and runs at exact commits; the pipeline's own repository is `self`.
    func resources(_ run: Run) -> RunResourcesWire {
        let own = RepositoryParametersWire(
            refName: run.sourceBranch,
            version: run.sourceVersion,
            repository: PipelineRepositoryReferenceWire(
                id: repository(run.repository).id,
                type: "git",
                name: run.repository.name,
                url: run.repository.url
            )
        )
        var repositories = ["self": own]
        for other in run.sources.repositories {
            repositories[other.alias] = RepositoryParametersWire(
                refName: other.ref,
                version: other.version,
                repository: PipelineRepositoryReferenceWire(type: other.type, fullName: other.name, url: other.url)
            )
        }
        var pipelines: [String: PipelineResourceParametersWire] = [:]
        for other in run.sources.pipelines {
            pipelines[other.alias] = PipelineResourceParametersWire(
                version: other.runName,
                pipeline: PipelineWire(id: other.pipelineID, name: other.pipelineName),
                runId: other.runID
            )
        }
        return RunResourcesWire(repositories: repositories, pipelines: pipelines.isEmpty ? nil : pipelines)
    }

    /// In the words of the builds' API; nil for a run that a person queued.
    func triggerInfo(_ run: Run) -> [String: String]? {
        var info: [String: String] = [:]
        switch run.reason {
        case .individualCI, .batchedCI:
            info["ci.sourceBranch"] = run.sourceBranch
            info["ci.sourceSha"] = run.sourceVersion
            info["ci.message"] = run.sourceVersionMessage
            info["ci.triggerRepository"] = run.repository.name
        case .pullRequest, .schedule, .resourceTrigger, .buildCompletion, .manual: break
        }
        if let request = run.cause.pullRequest {
            info["pr.number"] = String(request.number)
            info["pr.id"] = request.id
            info["pr.isFork"] = request.isFork ? "True" : "False"
            info["pr.sourceBranch"] = request.sourceBranch
            info["pr.sourceSha"] = request.sourceCommit
            info["pr.triggerRepository"] = run.repository.name
        }
        if let schedule = run.cause.schedule { info["scheduleName"] = schedule.displayName }
        if let resource = run.cause.resource {
            info["resource.alias"] = resource.alias
            info["resource.category"] = resource.category.rawValue
        }
        return info.isEmpty ? nil : info
    }
}

extension RunRequest {
    /// Takes over which commits and runs a request names.
    mutating func take(_ resources: RunResourcesWire?) {
        for (alias, wanted) in resources?.repositories ?? [:] where alias.lowercased() != "self" {
            pins[alias] = RepositoryPin(ref: wanted.refName, version: wanted.version)
        }
        for (alias, wanted) in resources?.pipelines ?? [:] {
            if let version = wanted.runId.map(String.init) ?? wanted.version { pipelineVersions[alias] = version }
        }
    }
}

extension Run {
    /// Whoever pushed or asked for the merge, else whoever queued it.
    var requestedFor: String { cause.requestedFor.isEmpty ? requestedBy : cause.requestedFor }
}
