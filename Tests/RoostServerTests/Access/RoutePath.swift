import Foundation
import RoostModel

@testable import RoostServer

/// Addresses of routes with ids put in, for tests that walk them.
enum RoutePath {
    static func of(_ route: Route, _ values: [String: String]) -> String {
        let filled = route.template.split(separator: "/").map { part in
            part.first == "{" ? values[String(part.dropFirst().dropLast())] ?? UUID().uuidString : String(part)
        }
        switch route.place {
        case .root: return "/" + filled.joined(separator: "/")
        case .service(.ignored): return "/_apis/" + filled.joined(separator: "/")
        case .service: return "/\(values["project"] ?? "x")/_apis/" + filled.joined(separator: "/")
        }
    }

    /// Things of the seed's agent and job.
    static func own(_ seed: ServerSeed) -> [String: String] {
        [
            "project": seed.project.id.description, "projectId": seed.project.id.description,
            "poolId": "\(seed.pool.id)",
            "agentId": "\(seed.agent.id)", "requestId": "1", "messageId": "9", "hubName": "Build",
            "planId": "\(seed.run.planID)",
            "timelineId": seed.run.timelineID.uuidString, "recordId": "\(seed.step.id)", "buildId": "1", "logId": "1",
            "definitionId": "1", "pipelineId": "1", "runId": "1", "queueId": "1", "name": "n", "type": "t", "tag": "t",
            "taskId": TaskReference.bash.id, "versionString": "1.0.0", "packageType": "agent", "platform": "linux-x64",
            "version": "1.0.0",
            "definition": "ci", "jobId": "\(seed.job.id)", "scopeId": "distributedtask.agentpoolrole",
            "resourceId": "\(seed.pool.id)",
        ]
    }

    /// Things of others.
    static func foreign(_ seed: ServerSeed) -> [String: String] {
        own(seed).merging(
            [
                "poolId": "\(seed.otherPool.id)", "agentId": "\(seed.otherAgent.id)", "planId": UUID().uuidString,
                "buildId": "2",
                "project": seed.otherProject.id.description, "projectId": seed.otherProject.id.description,
            ]
        ) { _, other in other }
    }
}
