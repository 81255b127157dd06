import Foundation
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Pages of service connections", .timeLimit(.minutes(6)))
struct ConnectionPageTests {
    private static let yaml =
        "resources:\n  containers:\n  - container: c\n    image: registry.example.org/c\n    endpoint: images\nsteps:\n- script: echo\n  target: c"

    @Test("the page says what a connection is, verifies it, and gives and takes permissions; secrets are not in it")
    func page() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with(dashboard: true) { cluster in
            let browser = try PageBrowser(cluster)
            let pipeline = try await cluster.pipeline(repository)
            var draft = TaskConnectionDraft(name: "prod", type: "azurerm", scheme: "ServicePrincipal")
            draft.parameters = [
                "tenantid": "the-tenant", "serviceprincipalid": "c", "serviceprincipalkey": "hush-hush",
            ]
            draft.data = [
                "environment": "Private", "environmentUrl": "https://127.0.0.1:1",
                "environmentAuthorityUrl": "https://127.0.0.1:1", "activeDirectoryServiceEndpointResourceId": "x",
            ]
            let made = try await cluster.plane.createTaskConnection(draft, in: pipeline.project, by: .system)
            let path = "/connections/\(made.id.uuidString.lowercased())"
            let (_, list) = try await browser.send("/connections")
            #expect(list.contains(path) && list.contains("no pipeline") && list.contains("not yet tried"))
            let (status, shown) = try await browser.send(path)
            #expect(status == 200 && shown.contains("the-tenant") && !shown.contains("hush-hush"))
            #expect(shown.contains("No pipeline may use it") && shown.contains(">ci</option>"))
            #expect(try await browser.send("\(path)/verify", form: "").0 == 200)
            let tried = try await browser.send(path).1
            #expect(tried.contains("does not let us in") && tried.contains("127.0.0.1"))
            #expect(try await browser.send("\(path)/permit", form: "pipeline=\(pipeline.id)").0 == 200)
            #expect(try await browser.send(path).1.contains("/pipelines/\(pipeline.id)\">ci</a>"))
            #expect(try await browser.send("\(path)/permit", form: "").0 == 200)
            #expect(try await browser.send(path).1.contains("Every pipeline of the project may use it."))
            #expect(try await browser.send("\(path)/revoke", form: "").0 == 200)
            #expect(try await browser.send("\(path)/revoke", form: "pipeline=\(pipeline.id)").0 == 200)
            #expect(try await browser.send(path, language: "zh").1.contains("没有管道可以使用"))
            #expect(try await browser.send("/connections/nothing").0 == 404)
        }
    }

    @Test("the page of a run that waits for a permission has the button that gives it")
    func permit() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with(dashboard: true) { cluster in
            let browser = try PageBrowser(cluster)
            let pipeline = try await cluster.pipeline(repository)
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: cluster.defaultPool.id.rawValue,
                name: "a"
            )
            _ = try await cluster.plane.createServiceConnection(
                name: "images",
                registry: RegistryAccount(address: "registry.example.org", username: "u", password: Secret("pw-hush")),
                project: pipeline.project,
                by: .system
            )
            let run = try await cluster.queue(pipeline)
            for await _ in try await cluster.plane.events(run: run.id) {
                if !cluster.plane.checkWaits(of: run.id).isEmpty { break }
            }
            let (_, page) = try await browser.send("/runs/\(run.id)")
            let id = try #require(page.firstMatch(of: #//permissions/([0-9a-f-]+)/permit/#)?.1)
            #expect(page.contains("Waits for permission to use the service connection"))
            #expect(try await browser.send("/permissions/\(id)/permit", form: "").0 == 200)
            let job = try await agent.takeJob(try await agent.openSession())
            #expect(job.resources?.endpoints?.contains { $0.name == "images" } == true)
            try await agent.begin(job)
            try await agent.complete(job)
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            await agent.close()
        }
    }
}
