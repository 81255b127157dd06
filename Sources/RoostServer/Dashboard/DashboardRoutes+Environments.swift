import Foundation
import Hummingbird
import RoostModel
import RoostPipeline

/// Environments, and the buttons of approvals.
extension DashboardRoutes {
    func addEnvironmentPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/environments") { request, _ in try await environmentsPage(request) }
        page(router, "/environments/:environment") { try await environmentPage($0, $1) }
        for (word, isApproved) in [("approve", true), ("reject", false)] {
            action(router, "/approvals/:approval/\(word)") { request, context, form in
                try request.require(.buildExecute, to: "\(word) a deployment")
                guard let id = context.get("approval").flatMap({ CheckRunID(text: $0) }) else {
                    throw DashboardPathError()
                }
                let decided = try await plane.decide(
                    approval: id,
                    isApproved: isApproved,
                    comment: form["comment"],
                    by: request.caller
                )
                return "/runs/\(decided.run)"
            }
        }
    }

    /// The checks of a run's stages, for its page.
    func checks(of run: Run, _ request: DashboardRequest) async throws -> [StageChecks] {
        let t = request.phrases
        let mayDecide = (try? request.require(.buildExecute, to: "approve")) != nil
        let parts = RunChecks(
            run: run,
            waits: plane.checkWaits(of: run.id),
            user: request.userName,
            missingScope: mayDecide ? nil : t["scopeMissing"],
            manages: { manages($0.secured ?? .project(run.project), request) },
            phrases: t,
            now: Date()
        )
        return parts.stages(try await plane.checkpoints(of: run.id))
    }

    // MARK: Pages

    private struct EnvironmentRow {
        var id: Int
        var name: String
        var project: String
        var description: String
        var checks: Int
        var limit: String
        var last: DeploymentRow?
    }

    private struct DeploymentRow {
        var run: Int
        var number: String
        var pipeline: String
        var stage: String
        var job: String
        var state: String
        var stateText: String
        var requestedBy: String
        var queuedAt: String
        var age: String
        var duration: String
    }

    private struct CheckRow {
        var id: Int
        var title: String
        var text: String
    }

    private struct MachineRow {
        var name: String
        var pool: Int?
        var agent: Int
        var tags: String
    }

    private struct WaitRow {
        var run: Int
        var pipeline: String
        var number: String
        var stage: String
        var reasons: [String]
    }

    private func environmentsPage(_ request: DashboardRequest) async throws -> Page {
        let t = request.phrases
        var rows: [EnvironmentRow] = []
        for project in plane.projects() {
            for environment in plane.environments(in: project.id) where sees(.environment(environment.id), request) {
                let last = try await plane.deployments(to: environment.id, limit: 1).first
                rows.append(
                    EnvironmentRow(
                        id: environment.id.rawValue,
                        name: environment.name,
                        project: project.name,
                        description: environment.description,
                        checks: plane.checks(of: environment.id).count,
                        limit: environment.concurrencyLimit.map(String.init) ?? t["noLimit"],
                        last: last.map { row($0, t) }
                    )
                )
            }
        }
        let content = render("environments", ["t": t.table, "environments": rows] as [String: Any])
        return Page(title: t["environments"], section: "environments", content: content, stream: "/changes")
    }

    private func environmentPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let t = request.phrases
        let id = EnvironmentID(try parameters.number("environment"))
        let environment = try plane.environment(id)
        let history = try await plane.deployments(to: id, limit: 50)
        let values: [String: Any] = [
            "t": t.table, "name": environment.name, "description": environment.description,
            "limit": environment.concurrencyLimit.map(String.init) ?? t["noLimit"],
            "checks": plane.checks(of: id).map {
                CheckRow(id: $0.id.rawValue, title: t.title($0.kind), text: t.text($0.kind))
            },
            "machines": environment.machines.map { machine in
                MachineRow(
                    name: machine.name,
                    pool: plane.poolOfAgent(machine.agent)?.rawValue,
                    agent: machine.agent.rawValue,
                    tags: machine.tags.joined(separator: ", ")
                )
            },
            "waits": plane.checkWaits(for: id).map { wait in
                WaitRow(
                    run: wait.run.id.rawValue,
                    pipeline: wait.run.pipelineName,
                    number: wait.run.number,
                    stage: wait.wait.stage,
                    reasons: wait.wait.reasons.map(t.checkWait)
                )
            },
            "history": history.map { row($0, t) },
        ]
        return Page(
            title: environment.name,
            section: "environments",
            content: render("environment", values),
            stream: "/changes"
        )
    }

    private func row(_ deployment: Deployment, _ t: Phrases) -> DeploymentRow {
        let state = deployment.result?.rawValue ?? "running"
        let now = Date()
        return DeploymentRow(
            run: deployment.run.rawValue,
            number: deployment.runNumber,
            pipeline: deployment.pipelineName,
            stage: deployment.stage,
            job: deployment.job,
            state: state,
            stateText: t.state(state),
            requestedBy: deployment.requestedBy,
            queuedAt: deployment.queuedAt.ISO8601Format(),
            age: t.age(deployment.queuedAt, now: now),
            duration: t.duration((deployment.finishedAt ?? now).timeIntervalSince(deployment.queuedAt))
        )
    }
}
