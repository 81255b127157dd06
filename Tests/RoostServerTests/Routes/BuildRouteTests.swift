import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Pipelines and runs over HTTP")
struct BuildRouteTests {
    @Test("a build shows what clients of builds read")
    func build() async throws {
        try await LiveServer.with { server in
            let answer = try await server.send(.GET, "/Fabrikam%20Fibre/_apis/build/builds/1")
            let build = try answer.decode(BuildWire.self)
            #expect(build.buildNumber == "20261124.1")
            #expect(build.status == "inProgress")
            #expect(build.definition?.name == "ci")
            #expect(build.project?.name == "Fabrikam Fibre")
            #expect(build.orchestrationPlan?.planId == server.seed.run.planID.rawValue)
            #expect(build.sourceBranch == "refs/heads/main")
            #expect(build.repository?.type == "Git")
            #expect(build.url == "\(server.app.address)\(server.seed.project.id)/_apis/build/builds/1")
            #expect(answer.text.contains("\"_links\""))
            let changes = try await server.send(.GET, "/_apis/build/builds/1/changes")
            #expect(changes.list.first?["message"] as? String == "a change")
            let timeline = try await server.send(.GET, "/Fabrikam%20Fibre/_apis/build/builds/1/Timeline").decode(
                TimelineWire.self
            )
            #expect(timeline.id == server.seed.run.timelineID)
            #expect(timeline.records?.count == 2)
        }
    }

    @Test(
        "builds are filtered",
        arguments: [
            ("", 1), ("?definitions=1", 1), ("?definitions=2", 0), ("?statusFilter=inProgress", 1),
            ("?statusFilter=completed", 0),
            ("?statusFilter=notStarted,completed", 0), ("?statusFilter=all", 1), ("?branchName=refs/heads/main", 1),
            ("?branchName=dev", 0),
            ("?buildNumber=20261124.1", 1), ("?buildIds=1,2", 1), ("?tagFilters=x", 0), ("?reasonFilter=manual", 1),
            ("?reasonFilter=schedule", 0), ("?minTime=2020-01-01T00:00:00Z", 1), ("?maxTime=2020-01-01", 0),
            ("?$top=1", 1),
            ("?resultFilter=failed&statusFilter=completed", 0), ("?requestedFor=ada", 1), ("?requestedFor=bob", 0),
        ]
    )
    func filters(query: String, count: Int) async throws {
        try await LiveServer.with { server in
            let answer = try await server.send(.GET, "/Fabrikam%20Fibre/_apis/build/builds\(query)")
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.list.count == count)
        }
    }

    @Test("a run is renamed, tagged and kept; what cannot be set is refused")
    func update() async throws {
        try await LiveServer.with { server in
            let path = "/_apis/build/builds/1"
            let job = LiveServer.Sender.bearer(try server.job)
            let renamed = try await server.send(.PATCH, path, as: job, body: #"{"id":1,"buildNumber":"2.0.1"}"#)
            #expect(renamed.json["buildNumber"] as? String == "2.0.1")
            #expect(
                try await server.send(.PATCH, path, body: #"{"keepForever":true}"#).json["keepForever"] as? Bool == true
            )
            #expect(try await server.send(.PATCH, path, body: #"{"status":"completed"}"#).status == 400)
            let tagged = try await server.send(.PUT, "\(path)/tags/release%201", as: job)
            #expect(tagged.json["value"] as? [String] == ["keep-forever", "release 1"])
            #expect(try await server.send(.POST, "\(path)/tags", body: #"["a","b"]"#).json["count"] as? Int == 4)
            #expect(try await server.send(.DELETE, "\(path)/tags/a").json["count"] as? Int == 3)
            #expect(try await server.send(.DELETE, path).status == 409)
        }
    }

    @Test("definitions are made, changed with their revision, and removed")
    func definitions() async throws {
        try await LiveServer.with { server in
            let path = "/Other/_apis/build/definitions"
            let draft = """
                {"name":"nightly","path":"team/a","repository":{"url":"https://git.example.com/team/app.git","defaultBranch":"dev"},
                "process":{"type":2,"yamlFilename":"ci/nightly.yml"},"queue":{"pool":{"name":"default"}},
                "variables":{"token":{"value":"s3cr3t","isSecret":true},"level":{"value":"1","allowOverride":true}}}
                """
            let made = try await server.send(.POST, path, body: draft)
            #expect(made.status == 200, "\(made.text)")
            #expect(!made.text.contains("s3cr3t"))
            var definition = try made.decode(BuildDefinitionWire.self)
            #expect(definition.path == #"\team\a"#)
            #expect(definition.repository?.name == "app")
            #expect(definition.repository?.defaultBranch == "refs/heads/dev")
            #expect(definition.process?.yamlFilename == "ci/nightly.yml")
            let id = try #require(definition.id)
            definition.name = "weekly"
            let body = String(decoding: try WireJSON.encode(definition), as: UTF8.self)
            let changed = try await server.send(.PUT, "\(path)/\(id)", body: body).decode(BuildDefinitionWire.self)
            #expect(changed.name == "weekly")
            #expect(changed.revision == 2)
            #expect(try server.app.plane.pipeline(PipelineID(id)).variables["token"]?.value == "s3cr3t")
            let stale = try await server.send(.PUT, "\(path)/\(id)", body: body)
            #expect(stale.status == 400)
            #expect(stale.message.contains("revision 1"))
            #expect(try await server.send(.GET, "\(path)?name=week*").list.count == 1)
            #expect(try await server.send(.GET, "/Fabrikam%20Fibre/_apis/build/definitions/\(id)").status == 404)
            #expect(try await server.send(.DELETE, "\(path)/\(id)").status == 204)
            #expect(try await server.send(.POST, path, body: #"{"name":"x"}"#).message.contains("repository.url"))
        }
    }

    @Test("pipelines and their runs are shown in the newer shape too")
    func pipelines() async throws {
        try await LiveServer.with { server in
            let path = "/Fabrikam%20Fibre/_apis/pipelines"
            let pipeline = try await server.send(.GET, "\(path)/1").decode(PipelineWire.self)
            #expect(pipeline.configuration?.path == "azure-pipelines.yml")
            #expect(try await server.send(.GET, "\(path)/1/runs").list.count == 1)
            let run = try await server.send(.GET, "\(path)/1/runs/1").decode(PipelineRunWire.self)
            #expect(run.state == "inProgress")
            #expect(run.pipeline?.name == "ci")
            let logs = try await server.send(.GET, "\(path)/1/runs/1/logs")
            #expect((logs.json["logs"] as? [Any])?.count == 1)
            let body =
                #"{"name":"new","folder":"\\x","configuration":{"type":"yaml","path":"a.yml","repository":{"url":"/srv/app"}},"concurrencyLimit":2}"#
            let made = try await server.send(.POST, path, body: body).decode(PipelineWire.self)
            #expect(made.concurrencyLimit == 2)
            #expect(made.configuration?.repository?.name == "app")
        }
    }

    @Test("a run that cannot be made says why")
    func queueFailures() async throws {
        try await LiveServer.with { server in
            let none = try await server.send(.POST, "/Fabrikam%20Fibre/_apis/build/builds", body: "{}")
            #expect(none.message.contains("definition.id"))
            let repository = try await server.send(
                .POST,
                "/Fabrikam%20Fibre/_apis/build/builds",
                body: #"{"definition":{"id":1}}"#
            )
            #expect(repository.status == 400)
            #expect(repository.typeKey == "ExternalSourceProviderException")
            let foreign = try await server.send(.POST, "/Other/_apis/build/builds", body: #"{"definition":{"id":1}}"#)
            #expect(foreign.status == 404)
            let priority = try await server.send(
                .POST,
                "/_apis/build/builds",
                body: #"{"definition":{"id":1},"priority":"urgent"}"#
            )
            #expect(priority.status == 400)
            let text = try await server.send(
                .POST,
                "/_apis/build/builds",
                body: #"{"definition":{"id":1},"parameters":"x=1"}"#
            )
            #expect(text.message.contains("body:parameters"))
        }
    }

    @Test("a waiting or running job says where it is")
    func why() async throws {
        try await LiveServer.with { server in
            let why = try await server.send(.GET, "/_apis/roost/jobs/1/why")
            #expect(why.json["code"] as? String == "running")
            #expect(why.json["sentence"] as? String == "Running on agent 'build-01'.")
            let byJob = try await server.send(.GET, "/_apis/roost/runs/1/jobs/\(server.seed.job.id)/why")
            #expect(byJob.json["nearestAgent"] as? String == "build-01")
            #expect(try await server.send(.GET, "/_apis/roost/queue?poolId=1").json["count"] as? Int == 0)
        }
    }

    @Test("projects are made, changed and removed, each with the operation that did it")
    func projects() async throws {
        try await LiveServer.with { server in
            let made = try await server.send(
                .POST,
                "/_apis/projects",
                body: #"{"name":"New","description":"d","defaultPool":1}"#
            )
            #expect(made.json["status"] as? String == "succeeded")
            #expect(made.json["defaultPool"] as? Int == 1)
            let id = try #require(made.json["id"] as? String)
            #expect(try await server.send(.GET, "/_apis/operations/\(id)").json["status"] as? String == "succeeded")
            let changed = try await server.send(
                .PATCH,
                "/_apis/projects/\(id)",
                body: #"{"name":"Newer","defaultPool":0}"#
            )
            #expect(changed.json["name"] as? String == "Newer")
            #expect(changed.json["defaultPool"] == nil)
            let page = try await server.send(.GET, "/_apis/projects?$top=2")
            #expect(page.list.count == 2)
            #expect(page.headers["x-ms-continuationtoken"] == ["2"])
            #expect(try await server.send(.DELETE, "/_apis/projects/newer").json["status"] as? String == "succeeded")
            #expect(try await server.send(.DELETE, "/_apis/projects/Fabrikam%20Fibre").status == 409)
        }
    }
}
