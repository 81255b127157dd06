import Foundation
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("People of one project", .timeLimit(.minutes(2)))
struct ProjectReaderTests {
    @Test("see what waits in it, why, and its tests, and nothing of others")
    func reader() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "pool: Default\nsteps:\n- script: echo\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let plane = cluster.plane
            // It takes no job, so that both wait.
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: cluster.defaultPool.id.rawValue,
                name: "one"
            )
            let own = try await cluster.pipeline(repository, name: "own")
            let second = try await plane.createProject(name: "second", description: "", by: .system)
            let other = try await plane.createPipeline(
                name: "other",
                project: second.id,
                repository: own.repository,
                yamlPath: own.yamlPath,
                by: .system
            )
            _ = try await cluster.queue(own)
            _ = try await cluster.queue(other)
            try await plane.removeRole(of: .everyone, on: .organization, by: .system)
            _ = try await plane.assignRole(.reader, to: .user("bob"), on: .project(own.project), by: .system)
            let token = try await plane.createToken(
                user: "bob",
                name: "t",
                scopes: [.full],
                lifetime: .seconds(600),
                by: .system
            )
            let bob = try RoostClient(
                url: cluster.address,
                credential: .personalToken(token.value),
                options: ClientOptions(userAgent: "test")
            )
            let result: Result<Void, any Error>
            do { result = .success(try await Self.check(cluster.client, bob, own, other)) } catch {
                result = .failure(error)
            }
            await bob.close()
            await agent.close()
            try result.get()
        }
    }

    private static func check(
        _ admin: RoostClient,
        _ bob: RoostClient,
        _ own: Pipeline,
        _ other: Pipeline
    ) async throws {
        let all = try await admin.queue()
        #expect(Set(all.map(\.pipeline)) == ["own", "other"])
        let seen = try await bob.queue()
        #expect(seen.map(\.pipeline) == ["own"])
        let requests = Dictionary(all.map { ($0.pipeline ?? "", $0.requestId ?? 0) }) { first, _ in first }
        #expect(try await bob.why(request: try #require(requests["own"])).sentence?.isEmpty == false)
        await #expect(throws: ClientError.self) { try await bob.why(request: try #require(requests["other"])) }
        #expect(try await bob.flakyTests(pipeline: own.id.rawValue).isEmpty)
        await #expect(throws: ClientError.self) { try await bob.flakyTests(pipeline: other.id.rawValue) }
    }
}
