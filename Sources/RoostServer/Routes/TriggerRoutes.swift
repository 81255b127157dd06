import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostWire

/// What begins runs of a pipeline: settings, schedules, and what came of events.
func addTriggerRoutes(to table: RouteTable) {
    let item = "roost/pipelines/{pipelineId}/triggers"
    let write = RouteAccess.scope(.buildExecute)

    table.get(item, .service(.optional), access: .scope(.build)) { call in
        try call.answer(await call.triggers(of: call.pipeline("pipelineId")))
    }
    table.patch(item, .service(.optional), access: write) { call in
        let change = try await call.decode(TriggerSettingsWire.self)
        let known = try call.pipeline("pipelineId")
        let made = change.makeWebhookSecret == true ? Secret(PersonalToken.make().exposed) : nil
        let settings = try known.triggers.applying(change, made)
        let pipeline = try await call.plane.updatePipeline(known.id, by: call.caller) { $0.triggers = settings }
        var answer = await call.triggers(of: pipeline)
        answer.settings?.webhookSecret = made?.exposed
        return try call.answer(answer)
    }
    table.post("\(item)/poll", .service(.optional), access: write) { call in
        let pipeline = try call.pipeline("pipelineId")
        let records = await call.services.triggers.poll(pipeline.id)
        return try call.list(records.map { TriggerDecisionWire($0, pipeline) })
    }
    let request = "\(item)/requests/{requestNumber}"
    table.post("\(request)/approve", .service(.optional), access: write) { call in
        let (pipeline, number) = try call.waitingRequest()
        let approval = RequestApproval(
            who: call.caller.displayName,
            caller: call.caller,
            commit: try await call.decode(RequestApprovalWire.self).commit
        )
        let record = await call.services.triggers.approve(number, of: pipeline.id, approval)
        return try call.answer(record.map { TriggerDecisionWire($0, pipeline) })
    }
    table.post("\(request)/decline", .service(.optional), access: write) { call in
        let (pipeline, number) = try call.waitingRequest()
        let record = await call.services.triggers.decline(number, of: pipeline.id, by: call.caller)
        return try call.answer(record.map { TriggerDecisionWire($0, pipeline) })
    }
}

extension TriggerSettings {
    /// The settings with what a request changes.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)``.
    fileprivate func applying(_ change: TriggerSettingsWire, _ made: Secret?) throws(ControlError) -> TriggerSettings {
        var settings = self
        settings.push = change.push ?? push
        settings.pullRequest = change.pullRequest ?? pullRequest
        settings.schedules = change.schedules ?? schedules
        settings.resources = change.resources ?? resources
        // Whoever turns a kind on or off again has the file say which.
        if change.push != nil { settings.pushFilters = nil }
        if change.pullRequest != nil { settings.pullRequestFilters = nil }
        if let filters = change.pushFilters {
            settings.push = true
            settings.pushFilters = TriggerFilters(filters)
        }
        if let filters = change.pullRequestFilters {
            settings.pullRequest = true
            settings.pullRequestFilters = TriggerFilters(filters)
        }
        if let seconds = change.pollInterval {
            guard seconds == 0 || (5...86_400).contains(seconds) else {
                throw .invalid(
                    what: "'pollInterval'",
                    problem: "\(seconds) seconds are not between 5 and 86400",
                    advice: "0 ends polling."
                )
            }
            settings.pollInterval = seconds == 0 ? nil : seconds
        }
        settings.forks.areBuilt = change.forks ?? settings.forks.areBuilt
        settings.forks.getSecrets = change.forkSecrets ?? settings.forks.getSecrets
        if let word = change.requestApproval {
            guard let approval = ForkSettings.Approval(rawValue: word) else {
                let known = ForkSettings.Approval.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(what: "'requestApproval'", problem: "'\(word)' is none of \(known)", advice: nil)
            }
            settings.forks.approval = approval
        }
        if let secret = change.webhookSecret {
            guard secret.isEmpty || secret.utf8.count >= 16 else {
                throw .invalid(
                    what: "'webhookSecret'",
                    problem: "it has fewer than 16 characters",
                    advice: "Let the server make one with 'makeWebhookSecret'."
                )
            }
            settings.webhookSecret = secret.isEmpty ? nil : Secret(secret)
        }
        settings.webhookSecret = made ?? settings.webhookSecret
        return settings
    }
}

extension Call {
    /// The pull request that the path names, which must wait.
    fileprivate func waitingRequest() throws -> (pipeline: Pipeline, number: Int) {
        let (pipeline, number) = (try pipeline("pipelineId"), try number("requestNumber"))
        guard plane.read({ $0.triggers.waiting[pipeline.id]?[number] }) != nil else {
            throw ControlError.invalid(
                what: "Pull request #\(number) of the pipeline '\(pipeline.name)'",
                problem: "it does not wait for approval",
                advice: "'roost pipeline triggers \(pipeline.name)' shows those that do."
            )
        }
        return (pipeline, number)
    }

    fileprivate func triggers(of pipeline: Pipeline) async -> PipelineTriggersWire {
        let (state, records, waiting) = plane.read { state in
            (
                state.triggers.pipelines[pipeline.id], state.triggers.records[pipeline.id] ?? [],
                state.triggers.waiting[pipeline.id] ?? [:]
            )
        }
        let file = await services.triggers.mainTriggers(of: pipeline)
        let inForce = file.triggers.map { pipeline.triggers.overriding($0) }
        let now = Date()
        return PipelineTriggersWire(
            pipelineId: pipeline.id.rawValue,
            pipeline: pipeline.name,
            settings: TriggerSettingsWire(
                push: pipeline.triggers.push,
                pullRequest: pipeline.triggers.pullRequest,
                schedules: pipeline.triggers.schedules,
                resources: pipeline.triggers.resources,
                pushFilters: pipeline.triggers.pushFilters.map { TriggerFiltersWire($0) },
                pullRequestFilters: pipeline.triggers.pullRequestFilters.map { TriggerFiltersWire($0) },
                pollInterval: pipeline.triggers.pollInterval,
                hasWebhookSecret: pipeline.triggers.webhookSecret != nil,
                forks: pipeline.triggers.forks.areBuilt,
                requestApproval: pipeline.triggers.forks.approval.rawValue,
                forkSecrets: pipeline.triggers.forks.getSecrets
            ),
            push: inForce?.push.description,
            pullRequest: inForce?.pullRequest.description,
            problem: file.problem,
            schedules: (state?.scheduleKeys ?? []).map { key in
                TriggerScheduleWire(
                    branch: key.ref,
                    cron: key.schedule.cron.text,
                    displayName: key.schedule.displayName,
                    always: key.schedule.always,
                    batch: key.schedule.batch,
                    nextDue: key.schedule.cron.next(after: now)
                )
            },
            resources: file.triggers?.resourceViews ?? [],
            waiting: waiting.values.sorted { ($0.since, $0.event.request.number) < ($1.since, $1.event.request.number) }
                .map(WaitingRequestWire.init),
            decisions: records.reversed().map { TriggerDecisionWire($0, pipeline) },
            hooks: Dictionary(
                HookHost.allCases.map { ($0.rawValue, "\(services.address)_apis/roost/hooks/\($0.rawValue)") }
            ) { first, _ in first }
        )
    }
}

extension WaitingRequestWire {
    fileprivate init(_ waiting: WaitingRequest) {
        let request = waiting.event.request
        self.init(
            number: request.number,
            author: waiting.event.author,
            commit: request.sourceCommit,
            sourceBranch: request.sourceBranch,
            sourceRepository: request.sourceRepositoryURL,
            targetBranch: request.targetBranch,
            since: waiting.since
        )
    }
}

extension PipelineTriggers {
    fileprivate var resourceViews: [TriggerResourceWire] {
        let runs = pipelines.compactMap { resource in
            resource.trigger.map {
                TriggerResourceWire(
                    alias: resource.alias,
                    category: "pipeline",
                    source: resource.source,
                    trigger: $0.description
                )
            }
        }
        let pushes = repositories.compactMap { resource in
            resource.trigger.map {
                TriggerResourceWire(
                    alias: resource.alias,
                    category: "repository",
                    source: resource.name,
                    trigger: $0.description
                )
            }
        }
        return runs + pushes + artifactViews
    }

    private var artifactViews: [TriggerResourceWire] {
        let images = containers.map { resource in
            TriggerResourceWire(
                alias: resource.alias,
                category: "container",
                source: resource.image.description,
                trigger: resource.tags.map { "tags \($0)" } ?? "every image"
            )
        }
        let versions = packages.map { resource in
            TriggerResourceWire(
                alias: resource.alias,
                category: "package",
                source: "\(resource.type) \(resource.name)",
                trigger: "every version"
            )
        }
        let messages = webhooks.map { resource in
            TriggerResourceWire(
                alias: resource.alias,
                category: "webhook",
                source: resource.connection,
                trigger: resource.condition
            )
        }
        return images + versions + messages
    }
}
