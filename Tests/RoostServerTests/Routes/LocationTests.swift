import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Finding one's way")
struct LocationTests {
    @Test(
        "the same answer comes with and without the organization, in any letter case, with doubled and trailing slashes"
    )
    func paths() async throws {
        try await LiveServer.with { server in
            for path in [
                "/_apis/distributedtask/pools", "/roost/_apis/distributedtask/pools",
                "/ROOST/_apis/distributedtask/pools",
                "//_apis/distributedtask/pools", "/roost//_apis//distributedtask/pools/",
                "/_apis/distributedtask/Pools",
                "/_APIS/DistributedTask/POOLS", "/_apis/distributedtask/pools?",
                "/Fabrikam%20Fibre/_apis/distributedtask/pools",
            ] {
                let answer = try await server.send(.GET, path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.json["count"] as? Int == 2, "\(path)")
            }
            let elsewhere = try await server.send(.GET, "/contoso/_apis/distributedtask/pools")
            #expect(elsewhere.status == 404)
            #expect(elsewhere.message.contains("There is no organization or project 'contoso'."))
            #expect(try await server.send(.GET, "/contoso/Other/_apis/build/builds").status == 404)
        }
    }

    @Test("a project is named by name, in any letter case, or by id, below the organization or not")
    func projects() async throws {
        try await LiveServer.with { server in
            let id = server.seed.project.id
            for prefix in [
                "/Fabrikam%20Fibre", "/fabrikam%20FIBRE", "/\(id)", "/roost/Fabrikam%20Fibre", "/Roost/\(id)",
            ] {
                let answer = try await server.send(.GET, "\(prefix)/_apis/build/builds")
                #expect(answer.json["count"] as? Int == 1, "\(prefix)")
                #expect(
                    try await server.send(.GET, "\(prefix)/_apis/pipelines").json["count"] as? Int == 1,
                    "\(prefix)"
                )
            }
            #expect(try await server.send(.GET, "/Other/_apis/build/builds").json["count"] as? Int == 0)
            #expect(try await server.send(.GET, "/_apis/build/builds").json["count"] as? Int == 1)
            let without = try await server.send(.GET, "/_apis/pipelines")
            #expect(without.status == 400)
            #expect(without.json["code"] as? String == "request.needs-project")
        }
    }

    @Test("a project with the organization's name is found in its place")
    func sameName() async throws {
        try await LiveServer.with { server in
            _ = try await server.app.plane.createProject(name: "Roost", description: "", by: .system)
            #expect(try await server.send(.GET, "/roost/_apis/pipelines").json["count"] as? Int == 0)
            #expect(try await server.send(.GET, "/roost/roost/_apis/pipelines").json["count"] as? Int == 0)
        }
    }

    @Test("connection data keeps clients at this address and names who asks, the same each time")
    func connectionData() async throws {
        try await LiveServer.with { server in
            for path in [
                "/_apis/connectionData", "/_apis/ConnectionData",
                "/_apis/connectiondata?connectOptions=1&lastChangeId=-1",
            ] {
                let json = try await server.send(.GET, path).json
                #expect(json["deploymentType"] as? String == "onPremises")
                #expect(json["instanceId"] as? String == server.app.plane.instanceID.uuidString.lowercased())
                let location = try #require(json["locationServiceData"] as? [String: Any])
                #expect(location["serviceOwner"] as? String == "00000000-0000-0000-0000-000000000000")
                #expect((location["serviceDefinitions"] as? [Any])?.isEmpty == true)
                #expect(
                    (json["authenticatedUser"] as? [String: Any])?["descriptor"] as? String == "Roost.Identity;user:ada"
                )
            }
            let head = try await server.send(.HEAD, "/_apis/connectiondata", as: .nobody)
            #expect(head.status == 401)
            let tenant = server.app.plane.instanceID.uuidString.lowercased()
            #expect(
                head.headers["WWW-Authenticate"].contains("Bearer authorization_uri=\(server.app.address)\(tenant)"),
                "\(head.headers)"
            )
        }
    }

    @Test("OPTIONS lists every resource, served or not, with and without a trailing slash, wrapped or bare")
    func options() async throws {
        try await LiveServer.with { server in
            for path in ["/_apis", "/_apis/", "/roost/_apis?allHostTypes=true"] {
                let answer = try await server.send(.OPTIONS, path)
                #expect(answer.status == 200)
                #expect(answer.json["count"] as? Int == ResourceLocation.all.count)
            }
            let bare = try await server.send(
                .OPTIONS,
                "/_apis",
                headers: [("Accept", "application/json;noArrayWrap=true")]
            )
            #expect((try JSONSerialization.jsonObject(with: bare.bytes) as? [Any])?.count == ResourceLocation.all.count)
            let areas = try await server.send(.GET, "/_apis/ResourceAreas")
            #expect(areas.json["count"] as? Int == 0)
        }
    }

    @Test("every listed resource is served, or says that it is not: none is an unknown address")
    func listedResources() async throws {
        try await LiveServer.with { server in
            let values = [
                "project": "Other", "scopeIdentifier": "Other", "poolId": "1", "buildId": "1", "definitionId": "1",
                "pipelineId": "1",
                "taskId": TaskReference.bash.id, "hubName": "Build", "planId": "\(server.seed.run.planID)",
            ]
            for location in ResourceLocation.all {
                let path = location.routeTemplate.split(separator: "/").map { part in
                    switch part {
                    case "{area}": location.area
                    case "{resource}": location.resourceName
                    default: part.first == "{" ? values[part.dropFirst().dropLast().description] ?? "1" : String(part)
                    }
                }
                let answer = try await server.send(.GET, "/" + path.joined(separator: "/"))
                #expect(answer.json["code"] as? String != "request.no-such-route", "\(location.routeTemplate)")
                #expect(answer.status != 500, "\(location.routeTemplate)")
            }
        }
    }

    @Test("the version that is asked for is echoed, wherever it is asked")
    func version() async throws {
        try await LiveServer.with { server in
            let query = try await server.send(.GET, "/_apis/distributedtask/pools?api-version=5.1-preview.1")
            #expect(query.headers["Content-Type"] == ["application/json; charset=utf-8; api-version=5.1-preview.1"])
            let accept = try await server.send(
                .GET,
                "/_apis/projects",
                headers: [("Accept", "application/json;api-version=7.1-preview.4")]
            )
            #expect(accept.headers["Content-Type"] == ["application/json; charset=utf-8; api-version=7.1-preview.4"])
        }
    }

    @Test("what agents ask in passing is answered")
    func inPassing() async throws {
        try await LiveServer.with { server in
            let listener = LiveServer.Sender.bearer(try server.listener)
            let flag = try await server.send(
                .GET,
                "/_apis/FeatureAvailability/FeatureFlags/DistributedTask.Agent.UseEnhancedLogging?checkFeatureExists=false",
                as: listener
            )
            #expect(flag.json["effectiveState"] as? String == "Off")
            #expect(
                try await server.send(.POST, "/_apis/CustomerIntelligence/Events", as: listener, body: "[{}]").status
                    == 204
            )
            let packages = try await server.send(
                .GET,
                "/_apis/distributedtask/packages/agent/linux-x64?$top=1",
                as: listener
            )
            #expect(packages.json["count"] as? Int == 0)
            let package = try await server.send(
                .GET,
                "/_apis/distributedtask/packages/agent/linux-x64/4.0.0",
                as: listener
            )
            #expect(package.text == "null")
            let probe = try await server.send(.GET, "/_apis/distributedtask/tasks/d9bafed4-0b18-4f58-968d-86655b4d2ce9")
            #expect(probe.list.first?["name"] as? String == "CmdLine")
        }
    }
}
