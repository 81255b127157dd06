import Foundation
import RoostModel
import RoostProviders
import RoostClient
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite(
    "Sandboxes of a gallery's image",
    .enabled(if: ContractKind.canSandbox, "no sandbox, or no busybox, on this computer"),
    .timeLimit(.minutes(3))
)
struct GallerySandboxTests {
    private static let agent = "\(ChildProgram.buildFolder)/roost-agent"

    /// An image without an agent whose `/etc/number` says which version it is.
    private static func publish(_ number: String, _ gallery: TestGallery) async throws {
        try await gallery.publish("\(number).0.0") { folder in
            try BusyboxImage.pack(into: folder) { tree in
                try Data("\(number)\n".utf8).write(to: URL(filePath: "\(tree)/etc/number"))
            }
        }
    }

    private struct Ground: Sendable {
        let cluster: TestCluster
        let pool: PoolID

        /// Queues a job of one step.
        func queue(_ name: String, _ script: String) async throws -> RunID {
            let lines = script.split(separator: "\n").map { "    \($0)\n" }.joined()
            let repository = try ScratchRepository([
                "azure-pipelines.yml": "pool: elastic\nsteps:\n- checkout: none\n- script: |\n\(lines)"
            ])
            defer { repository.remove() }
            return try await cluster.queue(cluster.pipeline(repository, name: name)).id
        }

        func succeeds(_ run: RunID) async throws {
            let view = try await cluster.finished(run)
            let said = view.records.flatMap(\.issues).map(\.message)
            let log = try await cluster.plane.elasticLogs(of: pool, limit: 30).map(\.message)
            #expect(view.run.state.result == .succeeded, "\(said) \(log)")
        }

        func versions() throws -> [String] { try cluster.plane.elasticInstances(of: pool).map(\.image.version) }
    }

    @Test("each job has a clean machine, and a new version is for the next one while a job goes on with the old")
    func life() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let folder = "\(scratch.path)/machines"
        let provider = try SandboxProvider(
            folder: folder,
            program: .agent(Self.agent, authorityFile: nil),
            keeper: ContractKind.keeper
        )
        let gate = try ShellServer()
        try await TestCluster.with(providers: ["sandbox": provider]) { cluster in
            let gallery = try await TestGallery(cluster)
            try await Self.publish("1", gallery)
            var settings = ElasticPoolSettings(max: 1, idleDelay: .zero, canary: nil, images: [gallery.image])
            settings.network = .host
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "sandbox",
                settings: settings,
                by: .system
            ).pool
            let ground = Ground(cluster: cluster, pool: pool)
            let clean = "test \"$(cat /etc/number)\" = 1\ntest ! -e /root/trace\necho mine >/root/trace"
            for run in [try await ground.queue("one", clean), try await ground.queue("two", clean)] {
                try await ground.succeeds(run)
            }

            try await cluster.plane.updateElasticPool(pool, by: .system) { $0.max = 2 }
            let long = try await ground.queue(
                "long",
                """
                test "$(cat /etc/number)" = 1
                export ROOST_AGENT=long ROOST_TOKEN=none
                /bin/busybox nc 127.0.0.1 \(gate.port) -e /bin/sh
                test "$(cat /etc/number)" = 1
                """
            )
            let shell = try await gate.shell(of: "long")
            try await Self.publish("2", gallery)
            _ = try await cluster.status(of: pool) { $0.images[0].wanted == "agents/debian/2.0.0" }
            let next = try await ground.queue("next", "test \"$(cat /etc/number)\" = 2\ntest ! -e /root/trace")
            _ = try await cluster.machines(of: pool) { $0.contains { $0.image.version == "agents/debian/2.0.0" } }
            #expect(try ground.versions().contains("agents/debian/1.0.0"))
            try await ground.succeeds(next)
            #expect(try await shell.run("cat /etc/number") == "1")
            shell.tell("exit 0")
            try await ground.succeeds(long)
            _ = try await cluster.machines(of: pool) { $0.isEmpty }
            #expect(try await provider.machines(of: cluster.plane.instanceID, in: nil).isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/machines").isEmpty)
        }
    }
}
