import Foundation
import Hummingbird
import RoostModel
import RoostPipeline

/// Pull requests that wait for somebody, on the page of their pipeline.
extension DashboardRoutes {
    struct RequestPart {
        var t: [String: String]
        var rows: [RequestRow]
    }

    struct RequestRow {
        var pipeline: Int
        var number: Int
        var author: String
        var branch: String
        var target: String
        var repository: String?
        var commit: String
        var short: String
        var since: String
        var age: String
        var mayDecide: Bool
        var t: [String: String]
    }

    /// Those of a pipeline, oldest first; nil when none waits.
    func waitingRequests(of pipeline: Pipeline, _ request: DashboardRequest) -> RequestPart? {
        let waiting = plane.read { $0.triggers.waiting[pipeline.id] ?? [:] }.values
        guard !waiting.isEmpty else { return nil }
        let t = request.phrases
        let mayDecide = (try? request.require(.buildExecute, to: "approve a pull request")) != nil
        let rows = waiting.sorted { ($0.since, $0.event.request.number) < ($1.since, $1.event.request.number) }.map {
            let wanted = $0.event.request
            return RequestRow(
                pipeline: pipeline.id.rawValue,
                number: wanted.number,
                author: $0.event.author,
                branch: wanted.sourceBranch.shortRef,
                target: wanted.targetBranch.shortRef,
                repository: wanted.sourceRepositoryURL.isEmpty ? nil : wanted.sourceRepositoryURL,
                commit: wanted.sourceCommit,
                short: String(wanted.sourceCommit.prefix(10)),
                since: $0.since.ISO8601Format(),
                age: t.age($0.since, now: Date()),
                mayDecide: mayDecide,
                t: t.table
            )
        }
        return RequestPart(t: t.table, rows: rows)
    }

    func addRequestActions<Context: RequestContext>(to router: some RouterMethods<Context>) {
        action(router, "/pipelines/:pipeline/requests/:request/approve") { request, context, form in
            try request.require(.buildExecute, to: "approve a pull request")
            let (id, number) = (PipelineID(try context.number("pipeline")), try context.number("request"))
            // Of the commit that the page showed, and of no newer one.
            let approval = RequestApproval(
                who: request.caller.displayName,
                caller: request.caller,
                commit: form["commit"].isEmpty ? nil : form["commit"]
            )
            let record = await triggers.approve(number, of: id, approval)
            if let run = record?.run { return "/runs/\(run)" }
            throw ControlError.invalid(
                what: "Pull request #\(number)",
                problem: "it begins no run: \(record?.reason.sentence ?? "its pipeline is gone.")",
                advice: nil
            )
        }
        action(router, "/pipelines/:pipeline/requests/:request/decline") { request, context, _ in
            try request.require(.buildExecute, to: "decline a pull request")
            let id = PipelineID(try context.number("pipeline"))
            _ = await triggers.decline(try context.number("request"), of: id, by: request.caller)
            return "/pipelines/\(id)"
        }
    }
}
