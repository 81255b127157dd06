import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import RoostModel
import Testing

@testable import RoostServer

/// Walks all routes of the server with the tokens of machines.
@Suite("What the tokens of machines reach")
struct AccessWalkTests {
    /// Every route a listener's token may use, with the agent's own ids.
    private static let listenerRoutes: Set<String> = [
        "GET _apis/connectiondata", "OPTIONS _apis/", "GET _apis/resourceareas", "GET _apis/resourceareas/{areaId}",
        "GET _apis/roost/server", "GET _apis/operations/{operationId}",
        "POST _apis/distributedtask/pools/{poolId}/sessions",
        "DELETE _apis/distributedtask/pools/{poolId}/sessions/{sessionId}",
        "GET _apis/distributedtask/pools/{poolId}/agents/{agentId}",
        "DELETE _apis/distributedtask/pools/{poolId}/agents/{agentId}",
        "GET _apis/distributedtask/pools/{poolId}/messages",
        "DELETE _apis/distributedtask/pools/{poolId}/messages/{messageId}",
        "GET _apis/distributedtask/pools/{poolId}/jobrequests/{requestId}",
        "PATCH _apis/distributedtask/pools/{poolId}/jobrequests/{requestId}",
        "PUT _apis/distributedtask/pools/{poolId}/agents/{agentId}/updates",
        "PUT _apis/roost/pools/{poolId}/agents/{agentId}/systemcapabilities",
        "PUT _apis/roost/pools/{poolId}/agents/{agentId}/warmup",
        "GET _apis/distributedtask/packages/{packageType}",
        "GET _apis/distributedtask/packages/{packageType}/{platform}",
        "GET _apis/distributedtask/packages/{packageType}/{platform}/{version}",
        "GET _apis/roost/packages/{platform}/{version}/content", "GET _apis/roost/packagekeys",
        "PUT _apis/roost/pools/{poolId}/agents/{agentId}/updatereport",
        "GET _apis/roost/pools/{poolId}/agents/{agentId}/maintenance",
        "PUT _apis/roost/pools/{poolId}/agents/{agentId}/maintenance/{jobId}",
        "GET _apis/featureavailability/featureflags", "GET _apis/featureavailability/featureflags/{name}",
        "POST _apis/customerintelligence/events",
    ]

    /// Every route a job's token may use beside those of its own plan and run.
    private static let jobRoutes: Set<String> = [
        "GET _apis/connectiondata", "OPTIONS _apis/", "GET _apis/resourceareas", "GET _apis/resourceareas/{areaId}",
        "GET _apis/roost/server", "GET _apis/operations/{operationId}", "GET _apis/projects/{projectId}",
        "GET _apis/distributedtask/tasks", "GET _apis/distributedtask/tasks/{taskId}",
        "GET _apis/distributedtask/tasks/{taskId}/{versionString}",
        "GET _apis/distributedtask/securefiles/{secureFileId}",
        "GET _apis/featureavailability/featureflags", "GET _apis/featureavailability/featureflags/{name}",
        "POST _apis/customerintelligence/events", "GET _apis/roost/imageregions",
    ]

    private static func name(_ route: Route) -> String { "\(route.method.rawValue) \(route.name)" }

    private static func isRefused(_ status: Int) -> Bool { status == 401 || status == 403 }

    /// The status of the answer's head; what streams is not waited for.
    private static func status(
        _ server: LiveServer,
        _ route: Route,
        _ path: String,
        _ sender: LiveServer.Sender
    ) async throws -> Int {
        let hasBody = [.post, .put, .patch].contains(route.method)
        let response = try await server.head(
            #require(LiveServer.Verb(rawValue: route.method.rawValue)),
            path,
            as: sender,
            body: hasBody ? .bytes(.init(string: "{}")) : nil
        )
        return Int(response.status.code)
    }

    @Test("every route but the anonymous ones refuses a request without a credential")
    func nobody() async throws {
        try await LiveServer.with { server in
            for route in server.app.routes where !route.access.isAnonymous {
                let status = try await Self.status(
                    server,
                    route,
                    RoutePath.of(route, RoutePath.own(server.seed)),
                    .nobody
                )
                #expect(status == 401, "\(Self.name(route))")
            }
            let anonymous = server.app.routes.filter(\.access.isAnonymous).map(Self.name)
            #expect(
                Set(anonymous) == [
                    "GET /healthz", "GET /readyz", "POST _apis/oauth2/token/{instanceId}",
                    "POST _apis/roost/hooks/{host}", "POST _apis/public/distributedtask/webhooks/{webHookId}",
                    "GET /{tenant}/v2.0/.well-known/openid-configuration", "GET /{tenant}/discovery/v2.0/keys",
                    "POST /{tenant}/oauth2/v2.0/token", "POST /{tenant}/oauth2/v2.0/devicecode",
                    "POST /{tenant}/oauth2/v2.0/revoke",
                    "POST _apis/roost/enrollment/exchange", "GET _apis/roost/machine",
                    "POST _apis/roost/machine/token",
                ]
            )
        }
    }

    @Test("a listener's token is refused everywhere but at its own session, messages, leases and what all may ask")
    func listener() async throws {
        try await LiveServer.with { server in
            let token = LiveServer.Sender.bearer(try server.listener)
            // Its token ends with its registration.
            let leaving = "DELETE _apis/distributedtask/pools/{poolId}/agents/{agentId}"
            let routes = server.app.routes.filter { !$0.access.isAnonymous }
            for route in routes.filter({ Self.name($0) != leaving }) + routes.filter({ Self.name($0) == leaving }) {
                let status = try await Self.status(
                    server,
                    route,
                    RoutePath.of(route, RoutePath.own(server.seed)),
                    token
                )
                #expect(
                    Self.isRefused(status) != Self.listenerRoutes.contains(Self.name(route)),
                    "\(status) \(Self.name(route))"
                )
            }
            let known = Set(server.app.routes.map(Self.name))
            #expect(Self.listenerRoutes.isSubset(of: known))
        }
    }

    @Test("a listener's token is refused at another pool and another agent")
    func foreignListener() async throws {
        try await LiveServer.with { server in
            let token = LiveServer.Sender.bearer(try server.listener)
            for route in server.app.routes where route.template.contains("{poolId}") {
                let status = try await Self.status(
                    server,
                    route,
                    RoutePath.of(route, RoutePath.foreign(server.seed)),
                    token
                )
                #expect(status == 403, "\(status) \(Self.name(route))")
            }
        }
    }

    @Test("a job's token is refused everywhere but at its own plan, its own run and what all may ask")
    func job() async throws {
        try await LiveServer.with { server in
            let token = LiveServer.Sender.bearer(try server.job)
            var reached: Set<String> = []
            for route in server.app.routes where !route.access.isAnonymous {
                let status = try await Self.status(
                    server,
                    route,
                    RoutePath.of(route, RoutePath.own(server.seed)),
                    token
                )
                guard !Self.isRefused(status) else { continue }
                reached.insert(Self.name(route))
                // Whose the tests are stands in their rows, which the handlers compare; `TestRouteTests` tries them.
                let isOwn =
                    route.template.hasPrefix(planTemplate) || route.template.contains("{buildId}")
                    || route.template.hasPrefix("test/") || route.template.hasPrefix("testresults/")
                #expect(isOwn || Self.jobRoutes.contains(Self.name(route)), "\(status) \(Self.name(route))")
            }
            #expect(Self.jobRoutes.isSubset(of: reached))
            #expect(reached.contains("PATCH _apis/\(planTemplate)/timelines/{timelineId}/records"))
            #expect(reached.contains("PATCH _apis/build/builds/{buildId}"))
            #expect(!reached.contains("DELETE _apis/build/builds/{buildId}"))
            #expect(!reached.contains("DELETE _apis/test/runs/{runId}"))
            #expect(!reached.contains("POST _apis/roost/runs/{buildId}/rerun"))
        }
    }

    @Test("a job's token is refused at another plan, another run and another project")
    func foreignJob() async throws {
        try await LiveServer.with { server in
            let token = LiveServer.Sender.bearer(try server.job)
            let foreign = RoutePath.foreign(server.seed)
            for route in server.app.routes
            where ["{planId}", "{buildId}", "{projectId}"].contains(where: route.template.contains) {
                let status = try await Self.status(server, route, RoutePath.of(route, foreign), token)
                #expect(status == 403, "\(status) \(Self.name(route))")
            }
        }
    }

    @Test("a person's token without scopes is refused wherever a scope is asked for")
    func noScope() async throws {
        try await LiveServer.with { server in
            let made = try await server.app.plane.createToken(
                user: "eve",
                name: "t",
                scopes: [.projectManage],
                lifetime: .seconds(3600),
                by: .system
            )
            for route in server.app.routes {
                guard case .scoped(let scopes) = route.access.users, !scopes.contains(.project),
                    !scopes.contains(.projectManage)
                else {
                    continue
                }
                let status = try await Self.status(
                    server,
                    route,
                    RoutePath.of(route, RoutePath.own(server.seed)),
                    .basic(made.value.exposed)
                )
                #expect(status == 403, "\(status) \(Self.name(route))")
            }
        }
    }

    @Test("a listener may not see or end the request of another agent, nor open another agent's session")
    func otherAgentsThings() async throws {
        try await LiveServer.with { server in
            let second = try await server.app.plane.registerAgent(
                AgentDraft(
                    name: "build-02",
                    version: "1",
                    osDescription: "",
                    capabilities: [:],
                    publicKey: server.seed.agent.publicKey
                ),
                in: server.seed.pool.id,
                by: .system
            )
            let token = LiveServer.Sender.bearer(try server.app.plane.issueListenerToken(for: second).token.exposed)
            let pool = "/_apis/distributedtask/pools/1"
            #expect(try await server.send(.GET, "\(pool)/jobrequests/1", as: token).status == 403)
            let renewal = try await server.send(.PATCH, "\(pool)/jobrequests/1?lockToken=0", as: token, body: "{}")
            #expect(renewal.status == 409)
            #expect(renewal.typeKey == "TaskAgentJobTokenExpiredException")
            let session = try await server.send(.POST, "\(pool)/sessions", as: token, body: #"{"agent":{"id":1}}"#)
            #expect(session.status == 403)
            let stolen = try await server.openSession()
            let poll = try await server.send(.GET, "\(pool)/messages?sessionId=\(stolen)", as: token)
            #expect(poll.typeKey == "TaskAgentSessionExpiredException")
        }
    }

    @Test("a job's token is refused from the moment its job has ended, though it was accepted before")
    func endedJob() async throws {
        try await LiveServer.with { server in
            let token = LiveServer.Sender.bearer(try server.job)
            #expect(try await server.send(.GET, server.seed.timelinePath, as: token).status == 200)
            let end = #"{"name":"JobCompleted","jobId":"\#(server.seed.job.id)","requestId":1,"result":"succeeded"}"#
            #expect(try await server.send(.POST, "\(server.seed.planPath)/events", as: token, body: end).status == 204)
            let after = try await server.send(.GET, server.seed.timelinePath, as: token)
            #expect(after.status == 401)
            #expect(after.json["code"] as? String == "token.job-ended")
        }
    }

    @Test("a removed agent's token is refused, though it was accepted before")
    func removedAgent() async throws {
        try await LiveServer.with { server in
            let token = LiveServer.Sender.bearer(
                try server.app.plane.issueListenerToken(for: server.seed.otherAgent).token.exposed
            )
            #expect(try await server.send(.GET, "/_apis/connectiondata", as: token).status == 200)
            #expect(try await server.send(.DELETE, "/_apis/distributedtask/pools/2/agents/2").status == 204)
            let after = try await server.send(.GET, "/_apis/connectiondata", as: token)
            #expect(after.status == 401)
            #expect(after.typeKey == "TaskAgentAccessTokenExpiredException")
        }
    }

    @Test("pages refuse the tokens of machines")
    func pages() async throws {
        try await LiveServer.with(pages: Dashboard.pages()) { server in
            for token in [try server.listener, try server.job] {
                for path in ["/", "/runs", "/runs/1", "/pools", "/login", "/changes", "/runs/1/logs/1/text"] {
                    #expect(try await server.send(.GET, path, as: .bearer(token)).status == 403, "\(path)")
                }
                // In the cookie they are nobody's.
                let page = try await server.send(.GET, "/runs/1/logs/1/text", as: .cookie(token))
                #expect(page.status == 401 || page.status == 403)
            }
        }
    }
}
