import RoostModel
import RoostPipeline

extension TriggerService {
    /// Images and packages that the file of a pipeline's default branch waits for.
    func artifacts(_ event: HostEvent, of pipeline: Pipeline) async -> [TriggerRecord] {
        let triggers = plane.read { $0.triggers.pipelines[pipeline.id]?.main?.triggers } ?? PipelineTriggers()
        var records: [TriggerRecord] = []
        switch event.content {
        case .images(let images):
            for image in images {
                for resource in triggers.containers where resource.isOf(image) {
                    let verdict = planImage(image, resource, snapshot(pipeline, triggers))
                    records.append(await carryOut(verdict, image.arrival(for: resource), of: pipeline.id))
                }
            }
        case .package(let package):
            for resource in triggers.packages where resource.isOf(package) {
                let verdict = planPackage(package, snapshot(pipeline, triggers))
                records.append(await carryOut(verdict, package.arrival(for: resource), of: pipeline.id))
            }
        case .pushes, .pullRequest, .comment, .other: break
        }
        return records
    }

    /// Queues a run of the default branch, or keeps the reason not to.
    func carryOut(
        _ verdict: TriggerVerdict,
        _ arrival: ResourceArrival,
        of id: PipelineID
    ) async -> TriggerRecord {
        await work.perform(id) {
            let kind = arrival.resource.category.rawValue
            guard case .queue(let reason) = verdict else {
                return await self.keep(self.record(kind, arrival.event, .skipped, verdict.reason), of: id)
            }
            var request = RunRequest(pipeline: id)
            request.reason = .resourceTrigger
            request.cause = RunCause(requestedFor: arrival.requestedFor, resource: arrival.resource)
            return await self.queue(request, kind, arrival.event, reason) { _, _ in }
        }
    }
}

/// Something new of a resource: what a run that it begins is told.
struct ResourceArrival: Sendable {
    var resource: TriggeringResource
    /// As the log of decisions names it.
    var event: String
    var requestedFor = ""
}

extension ImageEvent {
    fileprivate func arrival(for container: ContainerResource) -> ResourceArrival {
        let name = ImageName(registry: registry.isEmpty ? container.image.registry : registry, repository: repository)
        let location = tag.map { "\(name):\($0)" } ?? "\(name)@\(digest)"
        var details = [
            "Type": container.isAzure ? "ACR" : "Docker", "Registry": name.registry, "Repository": name.repository,
            "URI": location, "Tag": tag ?? "",
        ]
        if !digest.isEmpty { details["Digest"] = digest }
        return ResourceArrival(
            resource: TriggeringResource(alias: container.alias, category: .container, details: details),
            event: "\(location) as '\(container.alias)'",
            requestedFor: pusher
        )
    }
}

extension PackageEvent {
    fileprivate func arrival(for package: PackageResource) -> ResourceArrival {
        ResourceArrival(
            resource: TriggeringResource(
                alias: package.alias,
                category: .package,
                details: ["Type": type, "Name": package.name, "Version": version]
            ),
            event: "\(name) \(version) as '\(package.alias)'",
            requestedFor: publisher
        )
    }
}
