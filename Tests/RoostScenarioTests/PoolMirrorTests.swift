import Foundation
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Copies of repositories beside the pool", .serialized, .timeLimit(.minutes(4)))
struct PoolMirrorTests {
    private static let pipeline = """
        steps:
        - checkout: self
          submodules: recursive
        - bash: |
            echo "tree=$(git rev-parse HEAD^{tree}) sub=$(cat lib/inner/b)"
            git fsck --full 2>&1 && echo "sound=yes"
            echo "commits=$(git rev-list --count --all)"
        """

    /// A served repository with a submodule at a relative address, and a tag.
    private static func with(_ body: (GitDaemon, ScratchRepository) async throws -> Void) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": pipeline, "a": "1"])
        let inner = try ScratchRepository(["b": "inner"])
        defer { for scratch in [repository, inner] { scratch.remove() } }
        try await GitDaemon.with(repository) { daemon in
            let name = URL(filePath: inner.path).lastPathComponent
            try repository.git(
                "-c",
                "protocol.file.allow=always",
                "submodule",
                "--quiet",
                "add",
                inner.path,
                "lib/inner"
            )
            try repository.git("config", "--file", ".gitmodules", "submodule.lib/inner.url", "../\(name)")
            try repository.commit([:], "a submodule")
            try repository.git("tag", "-a", "v1", "-m", "first")
            // Packs, as a repository of some age has them, and a loose object beside them.
            try repository.git("gc", "--quiet")
            try repository.commit(["a": "2"], "second")
            try await body(daemon, repository)
        }
    }

    @Test("serve a fresh machine when the host is gone, submodules too; each checkout tells where its time went")
    func serves() async throws {
        try await Self.with { daemon, repository in
            let tree = try repository.git("rev-parse", "HEAD^{tree}")
            try await TestCluster.with { cluster in
                let pipeline = try await cluster.pipeline(repository, url: daemon.url)
                try await cluster.withRealAgent(name: "first") {
                    let run = try await cluster.queue(pipeline)
                    let view = try await cluster.finished(run.id)
                    let output = try await cluster.output(of: run.id)
                    #expect(view.run.state == .completed(.succeeded), "\(output)")
                    #expect(output.contains("tree=\(tree) sub=inner") && output.contains("sound=yes"), "\(output)")
                }
                let run = try await cluster.queue(pipeline)
                await daemon.stop()
                try await cluster.withRealAgent(name: "second") {
                    let view = try await cluster.finished(run.id)
                    let output = try await cluster.output(of: run.id)
                    #expect(view.run.state == .completed(.succeeded), "\(output)")
                    #expect(output.contains("Taking 1 packs"), "\(output)")
                    #expect(output.contains("tree=\(tree) sub=inner") && output.contains("sound=yes"), "\(output)")
                    #expect(output.contains("commits=3"), "\(output)")
                }
                let checkouts = try await cluster.client.checkouts(repository: "ci")
                #expect(checkouts.map(\.agentName) == ["second", "first"])
                #expect(checkouts.allSatisfy { $0.source == "pool" && $0.total > 0 && $0.url == daemon.url })
                #expect(checkouts.first?.buildId == run.id.rawValue)
                #expect(checkouts.first.map { $0.bytes > 0 } == true)
            }
        }
    }

    @Test("are for the jobs of the run alone, and for no repository beside those it checks out")
    func access() async throws {
        try await Self.with { daemon, repository in
            try await TestCluster.with { cluster in
                let pipeline = try await cluster.pipeline(repository, url: daemon.url)
                let agent = try await SimulatedAgent(
                    cluster: cluster.address,
                    registrar: cluster.client,
                    pool: try cluster.defaultPool.id.rawValue,
                    name: "one"
                )
                let session = try await agent.openSession()
                _ = try await cluster.queue(pipeline)
                let job = try await agent.takeJob(session)
                let client = try agent.jobClient(job)
                let address = try #require(job.resources?.repositories?.first?.properties?.roostMirrorUrl)
                let base = String(address.dropFirst(cluster.address.count))
                func content(_ client: RoostClient, _ base: String, _ place: [String]) async -> String {
                    do {
                        return "\(try await client.mirrorContent(base + MirrorPlace.encode(place)).packs.count) packs"
                    } catch {
                        return error.code
                    }
                }
                #expect(await content(client, base, MirrorPlace.itself) == "1 packs")
                #expect(await content(client, base, ["lib/inner"]) == "1 packs")
                #expect(await content(client, base, ["lib/other"]).contains("repository.unavailable"))
                #expect(await content(client, base, ["../.."]).contains("repository.unavailable"))
                let other = base.replacing(MirrorPlace.encode(["self"]), with: MirrorPlace.encode(["/etc"]))
                #expect(await content(client, other, MirrorPlace.itself).contains("repository.unavailable"))
                #expect(await content(cluster.client, base, MirrorPlace.itself).contains("forbidden"))
                let foreign = base.replacing("/runs/\(1)/", with: "/runs/2/")
                #expect(await content(client, foreign, MirrorPlace.itself).contains("forbidden"))
                await client.close()
                await agent.close()
            }
        }
    }
}
