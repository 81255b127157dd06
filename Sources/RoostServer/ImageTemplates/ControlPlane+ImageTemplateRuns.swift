import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// Begins a build of a template.
    ///
    /// - Throws: ``ImageTemplateError/running(_:run:)`` while one runs, and what queueing a run throws.
    func runImageTemplate(_ name: String, by caller: Caller) async throws(ControlError) -> ManagedImageTemplate {
        try await inTurn(name) { () throws(ControlError) in try await self.queue(name, nil, caller) }
    }

    /// The same because the image it begins with has moved on.
    func carryOut(_ decision: ImageTriggerDecision) async throws(ControlError) {
        _ = try await inTurn(decision.template) { () throws(ControlError) in
            try await self.queue(decision.template, decision, .system)
        }
    }

    private func queue(
        _ name: String,
        _ decision: ImageTriggerDecision?,
        _ caller: Caller
    ) async throws(ControlError) -> ManagedImageTemplate {
        let known = try imageTemplate(name)
        if let run = known.lastRun, run.isActive { throw .imageTemplate(.running(known.name, run: run.id)) }
        try await restorePipeline(of: known)
        var request = RunRequest(pipeline: known.pipeline)
        if decision != nil { request.reason = .resourceTrigger }
        _ = try await queueRun(request, by: caller) { run, state, change in
            guard var template = state.imageTemplates[known.key] else { return }
            template.lastRun = ImageTemplateRun(id: run.id)
            if let decision {
                template.trigger?.seen = decision.version
                template.trigger?.message = "Built as run \(run.id): \(decision.reason)."
                template.trigger?.time = change.now
            }
            // Its JSON was written before, and only numbers and texts are new.
            try? state.put(template, &change)
            change.audit(
                caller,
                "image-template.run",
                "image-template:\(known.name)",
                decision?.reason ?? "run \(run.id)"
            )
        }
        return try imageTemplate(name)
    }

    /// The pipeline may be changed by people who may not publish images; what it builds is the template all the same.
    private func restorePipeline(of template: ManagedImageTemplate) async throws(ControlError) {
        let known = try pipeline(template.pipeline)
        let url = folder(of: template).path
        let isOwn = known.repository.url == url && known.yamlPath == ImageTemplateFolder.pipelineFile
        guard !isOwn || !known.variables.isEmpty else { return }
        try await updatePipeline(template.pipeline, by: .system) { pipeline in
            pipeline.repository = PipelineRepository(
                url: url,
                name: template.name,
                defaultBranch: "refs/heads/main"
            )
            pipeline.yamlPath = ImageTemplateFolder.pipelineFile
            pipeline.variables = [:]
        }
    }

    /// Asks the build of a template to end.
    func cancelImageTemplate(_ name: String, by caller: Caller) async throws(ControlError) -> ManagedImageTemplate {
        let template = try imageTemplate(name)
        guard let run = template.lastRun, run.isActive else { throw .imageTemplate(.notRunning(template.name)) }
        _ = try await cancelRun(run.id, by: caller)
        return template
    }

    /// What is known of the newest build: read from its run while that is there, and kept after its end.
    ///
    /// - Parameters:
    ///   - template: of which.
    ///   - withSteps: whether what was done to the machine is wanted; without it nothing of an ended build is read.
    /// - Returns: nil before the first build.
    func buildView(
        of template: ManagedImageTemplate,
        withSteps: Bool = true
    ) async -> ImageTemplateBuildView? {
        guard let last = template.lastRun else { return nil }
        if !withSteps, let status = last.status {
            return ImageTemplateBuildView(run: last.id, status: status, outputs: last.outputs, steps: [])
        }
        guard let view = try? await run(last.id) else {
            return last.status.map {
                ImageTemplateBuildView(run: last.id, status: $0, outputs: last.outputs, steps: [])
            }
        }
        let reading = ImageRunReading(view.run, view.records)
        return ImageTemplateBuildView(
            run: last.id,
            status: last.status ?? reading.status,
            outputs: last.status == nil ? reading.outputs : last.outputs,
            steps: reading.steps
        )
    }

    // MARK: Triggers

    func putImageTrigger(
        _ trigger: String,
        of name: String,
        by caller: Caller
    ) async throws(ControlError) -> ManagedImageTemplate {
        let latest = try imageTemplate(name).source.flatMap(latestVersion)
        return try await change { state, change throws(ControlError) in
            var template = try state.imageTemplate(name)
            guard ManagedImageTemplate.isName(trigger) else { throw .imageTemplate(.nameInvalid(trigger)) }
            if let known = template.trigger {
                guard known.name.lowercased() == trigger.lowercased() else {
                    throw .imageTemplate(.triggerTaken(template.name, by: known.name))
                }
                return template
            }
            guard let source = template.source, ImageVersionNumber(source.version) == nil else {
                throw .imageTemplate(.triggerUseless(template.name))
            }
            template.trigger = ImageTemplateTrigger(
                name: trigger,
                seen: latest,
                message: "Waits for a version of \(source.key)\(latest.map { " above \($0)" } ?? "").",
                time: change.now
            )
            try state.put(template, &change)
            change.audit(caller, "image-template.trigger", "image-template:\(template.name)", trigger)
            return template
        }
    }

    func deleteImageTrigger(_ trigger: String, of name: String, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            var template = try state.imageTemplate(name)
            guard template.trigger?.name.lowercased() == trigger.lowercased() else {
                throw .imageTemplate(.triggerNotFound(template.name, trigger: trigger))
            }
            template.trigger = nil
            try state.put(template, &change)
            change.audit(caller, "image-template.trigger-delete", "image-template:\(template.name)", trigger)
        }
    }

    /// The version that a source resolves to now.
    func latestVersion(_ source: ImageTemplateSource) -> ImageVersionNumber? {
        guard let definition = try? imageDefinition(source.definition, in: source.gallery),
            let selector = ImageSelector(source.version)
        else { return nil }
        let query = ImageQuery(selector, region: definition.location)
        return (try? resolve(query, of: definition))?.version.number
    }
}

/// A build of a template, as far as it is known.
struct ImageTemplateBuildView: Sendable {
    var run: RunID
    var status: ImageRunStatus
    var outputs: [ImageRunOutput]
    var steps: [ImageRunStep]
}
