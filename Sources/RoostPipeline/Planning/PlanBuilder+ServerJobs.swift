import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// Refuses what a job without an agent cannot do; it checks nothing out by itself.
    func settleServerJob(_ job: inout PlannedJob, _ fields: Fields) {
        let isServer = job.pool?.isServer == true
        if let deployment = job.deployment, isServer || deployment.hooks.contains(where: { $0.pool?.isServer == true })
        {
            let place = fields.mapping.pair("pool")?.key.place ?? fields.place
            limitations.add(
                .error(
                    "job.server-deployment",
                    "The deployment \(job.name) has 'pool: server', and deployments need agents",
                    at: place.span,
                    advice: "Name a pool with agents; put what the server shall do into a job of its own."
                ),
                site: place.site
            )
        }
        checkTasks(job, fields)
        if isServer { job.steps.removeAll { $0.task.id == TaskReference.checkout.id } }
    }

    private func checkTasks(_ job: PlannedJob, _ fields: Fields) {
        let isServer = job.pool?.isServer == true
        guard isServer || job.steps.contains(where: { TaskCatalog.isServerTask($0.task) }) else { return }
        for node in fields.node("steps")?.sequence?.items ?? [] {
            guard case .mapping(let step) = node,
                let pair = step.pairs.first(where: { StepKind(rawValue: $0.key.text) != nil })
            else { continue }
            let name = pair.value.scalar?.text ?? ""
            let isServerTask = pair.key.text == "task" && TaskCatalog.isServerTask(named: name)
            guard isServerTask != isServer, pair.key.text != "checkout" || !equalIgnoringCase(name, "none") else {
                continue
            }
            let what = pair.key.text == "task" ? "The task '\(name)'" : "A '\(pair.key.text)' step"
            limitations.add(
                .error(
                    isServer ? "job.server-task" : "job.agent-task",
                    isServer
                        ? "\(what) needs an agent, and the job \(job.name) has 'pool: server'"
                        : "\(what) is carried out by the server, and the job \(job.name) has an agent",
                    at: pair.value.place.span,
                    advice: isServer
                        ? "Jobs with 'pool: server' take \(TaskCatalog.serverTaskNames); put the step into a job of its own."
                        : "Put it into a job of its own with 'pool: server'."
                ),
                site: pair.value.place.site
            )
        }
    }
}

extension TaskCatalog {
    static func isServerTask(_ task: TaskReference) -> Bool { isServerTask(named: "\(task.name)@\(task.version)") }

    static func isServerTask(named reference: String) -> Bool {
        let parts = reference.split(separator: "@")
        guard parts.count == 2, let name = parts.first.map(String.init), let task = task(name) else { return false }
        return server.contains(task)
    }

    static var serverTaskNames: String {
        server.flatMap { task in task.majors.map { "\(task.name)@\($0)" } }.joined(separator: ", ")
    }
}
