import Foundation
import RoostModel
import RoostStore
import RoostWire
import Testing

@testable import RoostServer

@Suite("Errors of the service")
struct ErrorShapeTests {
    @Test("an error has every member that clients of Azure DevOps read, and what to do")
    func shape() async throws {
        try await LiveServer.with { server in
            let answer = try await server.send(
                .GET,
                "/_apis/distributedtask/pools/99",
                headers: [("X-VSS-E2EID", "my-request")]
            )
            #expect(answer.status == 404)
            #expect(answer.headers["Content-Type"] == ["application/json; charset=utf-8"])
            #expect(answer.headers["ActivityId"] == ["my-request"])
            let json = answer.json
            #expect(json["$id"] as? String == "1")
            #expect(json["innerException"] is NSNull)
            #expect(json["typeKey"] as? String == "TaskAgentPoolNotFoundException")
            #expect(
                json["typeName"] as? String
                    == "Microsoft.TeamFoundation.DistributedTask.WebApi.TaskAgentPoolNotFoundException, Microsoft.TeamFoundation.DistributedTask.WebApi"
            )
            #expect(json["errorCode"] as? Int == 0)
            #expect(json["eventId"] as? Int == 3000)
            #expect(json["code"] as? String == "pool.not-found")
            #expect(json["requestId"] as? String == "my-request")
            #expect(answer.message.hasPrefix("There is no agent pool '99'. List them"))
        }
    }

    @Test("things that do not exist are 404, each under its own key")
    func notFound() async throws {
        try await LiveServer.with { server in
            let project = server.seed.project.id
            let cases = [
                ("/_apis/distributedtask/pools/1/agents/99", "TaskAgentNotFoundException"),
                ("/_apis/distributedtask/pools/1/jobrequests/99", "TaskAgentJobNotFoundException"),
                ("/_apis/projects/nowhere", "ProjectDoesNotExistWithNameException"),
                ("/\(project)/_apis/build/builds/99", "BuildNotFoundException"),
                ("/\(project)/_apis/build/builds/1/logs/99", "TaskOrchestrationPlanLogNotFoundException"),
                ("/\(project)/_apis/build/definitions/99", "DefinitionNotFoundException"),
                ("/\(project)/_apis/distributedtask/queues/99", "TaskAgentQueueNotFoundException"),
                (
                    "/\(project)/_apis/distributedtask/hubs/Build/plans/\(UUID())",
                    "TaskOrchestrationPlanNotFoundException"
                ),
                ("\(server.seed.planPath)/timelines/\(UUID())", "TimelineNotFoundException"),
                // A run of another project is not shown.
                ("/Other/_apis/build/builds/1", "BuildNotFoundException"),
            ]
            for (path, key) in cases {
                let answer = try await server.send(.GET, path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.typeKey == key, "\(path)")
            }
        }
    }

    @Test("a name that is taken is 409, under the noun's key")
    func conflicts() async throws {
        try await LiveServer.with { server in
            let pool = try await server.send(.POST, "/_apis/distributedtask/pools", body: #"{"name":"DEFAULT"}"#)
            #expect(pool.status == 409)
            #expect(pool.typeKey == "TaskAgentPoolExistsException")
            let project = try await server.send(.POST, "/_apis/projects", body: #"{"name":"other"}"#)
            #expect(project.typeKey == "ProjectAlreadyExistsException")
            let key = try #require(ServerSeed.key).publicKey
            let agent = """
                {"name":"BUILD-01","version":"1.0.0","authorization":{"publicKey":{"exponent":"\(key.exponent.base64EncodedString())",
                "modulus":"\(key.modulus.base64EncodedString())"}}}
                """
            let taken = try await server.send(.POST, "/_apis/distributedtask/pools/1/agents", body: agent)
            #expect(taken.status == 409)
            #expect(taken.typeKey == "TaskAgentExistsException")
        }
    }

    @Test("an unknown address, a wrong method and a resource that is not served are told apart")
    func unknownRoutes() async throws {
        try await LiveServer.with { server in
            let unknown = try await server.send(.GET, "/_apis/nothing/here")
            #expect(unknown.status == 404)
            #expect(unknown.typeKey == "VssResourceNotFoundException")
            #expect(unknown.message.contains("There is nothing at GET /_apis/nothing/here."))

            let method = try await server.send(.PUT, "/_apis/distributedtask/pools")
            #expect(method.status == 405)
            #expect(method.headers["Allow"] == ["GET, POST"])

            let notServed = try await server.send(.GET, "/_apis/distributedtask/pools/1/poolmetadata")
            #expect(notServed.status == 404)
            #expect(
                notServed.message.contains(
                    "The resource 'poolmetadata' of the area 'distributedtask' is known but not served"
                )
            )

            let page = try await server.send(.GET, "/nowhere/at/all")
            #expect(page.status == 404)
        }
    }

    @Test("malformed JSON is named by line and column, a wrong type by its path")
    func malformedJSON() async throws {
        try await LiveServer.with { server in
            let syntax = try await server.send(.POST, "/_apis/distributedtask/pools", body: "{\n  \"name\": oops\n}")
            #expect(syntax.status == 400)
            #expect(syntax.message.hasPrefix("body:2:"), "\(syntax.message)")
            let type = try await server.send(
                .PATCH,
                "\(server.seed.timelinePath)/records",
                as: .bearer(server.job),
                body: #"{"count":1,"value":[{"id":"\#(UUID())","percentComplete":"half"}]}"#
            )
            #expect(type.status == 400)
            #expect(type.message.hasPrefix("body:value[0].percentComplete: "), "\(type.message)")
            let deep = try await server.send(
                .POST,
                "/_apis/distributedtask/pools",
                body: String(repeating: "[", count: 10_000)
            )
            #expect(deep.status == 400)
            let empty = try await server.send(.POST, "/_apis/distributedtask/pools", body: "")
            #expect(empty.status == 400)
        }
    }

    @Test("parameters of the wrong form are 400 and named")
    func parameters() async throws {
        try await LiveServer.with { server in
            for path in [
                "/_apis/distributedtask/pools/first", "/_apis/distributedtask/pools?poolIds=1,two",
                "/Other/_apis/build/builds?minTime=yesterday", "/_apis/distributedtask/pools/1/agents?demands=a%20b",
                "/_apis/roost/audit?before=x",
            ] {
                let answer = try await server.send(.GET, path)
                #expect(answer.status == 400, "\(path): \(answer.text)")
            }
        }
    }

    @Test("when the store refuses, the answer is 503 and says why")
    func storeTrouble() async throws {
        try await LiveServer.with { server in
            // The first use of a token is noted in the store; the next is not.
            _ = try await server.send(.GET, "/_apis/projects")
            server.store.failNextCommit(with: .diskFull(path: "/data"))
            let answer = try await server.send(.POST, "/_apis/distributedtask/pools", body: #"{"name":"new"}"#)
            #expect(answer.status == 503)
            #expect(answer.message.contains("The disk of the store is full."))
            #expect(answer.headers["Retry-After"] == ["2"])
        }
    }
}
