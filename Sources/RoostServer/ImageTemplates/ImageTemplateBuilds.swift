import FoundationEssentials
import Logging
import RoostModel
import ServiceLifecycle

/// Keeps what became of builds of templates, and builds those whose images they begin with have moved on.
struct ImageTemplateBuilds: Service {
    let plane: ControlPlane

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await watchRuns() }
                group.addTask {
                    while !Task.isCancelled {
                        await plane.keepEndedImageBuilds()
                        await plane.followImageTriggers()
                        await plane.imageTemplateWork.wait(until: nil, now: Date())
                    }
                }
            }
        }
    }

    private func watchRuns() async {
        for await run in plane.recentRunEvents() where run.state.isCompleted { plane.imageTemplateWork.signal() }
    }
}

extension ControlPlane {
    fileprivate func keepEndedImageBuilds() async {
        for template in imageTemplates() {
            guard let last = template.lastRun, last.isActive else { continue }
            let view = try? await run(last.id)
            guard view?.run.state.isCompleted ?? true else { continue }
            await keep(view, of: template, last)
        }
    }

    private func keep(_ view: RunView?, of template: ManagedImageTemplate, _ last: ImageTemplateRun) async {
        let reading = view.map { ImageRunReading($0.run, $0.records) }
        var ended = last
        // A run that was deleted tells nothing any more.
        ended.status =
            reading?.status
            ?? ImageRunStatus(
                startTime: template.createdAt,
                state: .failed,
                message: "The run \(last.id) is not there."
            )
        ended.outputs = reading?.outputs ?? []
        let kept = ended
        do {
            try await change { state, change throws(ControlError) in
                guard var now = state.imageTemplates[template.key], now.lastRun?.id == last.id else { return }
                now.lastRun = kept
                try state.put(now, &change)
                let word = kept.status?.state.rawValue ?? ""
                change.audit(.system, "image-template.state", "image-template:\(now.name)", word)
            }
        } catch {
            logger.error("the end of a build of an image could not be kept", metadata: ["error": "\(error)"])
        }
    }

    fileprivate func followImageTriggers() async {
        for decision in planImageTriggers(imageTemplates(), latest: latestVersion) {
            do { try await carryOut(decision) } catch {
                logger.warning(
                    "a template of an image could not be built",
                    metadata: ["template": "\(decision.template)", "error": "\(error)"]
                )
                await note("Could not be built: \(error.summary)", decision.template)
            }
        }
    }

    private func note(_ message: String, _ key: String) async {
        try? await change { state, change throws(ControlError) in
            guard var template = state.imageTemplates[key], template.trigger?.message != message else { return }
            template.trigger?.message = message
            template.trigger?.time = change.now
            try state.put(template, &change)
        }
    }
}
