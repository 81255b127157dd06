import Foundation
import RoostModel
import RoostProviders
import RoostClient
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite(
    "Machines of a server whose certificate is of an authority of its own",
    .enabled(if: ContractKind.hasBusybox, "busybox-static is not installed"),
    .timeLimit(.minutes(2))
)
struct MachineAuthorityTests {
    private static let agent = "\(ChildProgram.buildFolder)/roost-agent"
    private static let hasTools = ["curl", "git"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }

    @Test(
        "agents of processes trust it, and so do curl and git of their jobs",
        .enabled(if: hasTools, "curl and git are not in /usr/bin")
    )
    func process() async throws {
        // Whether the server likes the request is another question.
        let script = """
            set -e
            url=$(System.CollectionUri)
            curl -sS -o /dev/null "$url"
            ! curl -sS -o /dev/null --cacert /dev/null "$url"
            git ls-remote "$url/none" >said 2>&1 || true
            ! grep -i certificate said
            test -s "$NODE_EXTRA_CA_CERTS" && test -s "$REQUESTS_CA_BUNDLE" && test -s "$SSL_CERT_FILE"
            """
        try await run(script) { folder, _ in
            try ProcessProvider(folder: folder, program: .agent(Self.agent), keeper: ContractKind.keeper)
        }
    }

    @Test(
        "agents of sandboxes trust it through the door to the server",
        .enabled(if: ContractKind.canSandbox, "no sandbox can be made on this computer")
    )
    func sandbox() async throws {
        try await run("set -e; test -s \"$NODE_EXTRA_CA_CERTS\"; test -s \"$CURL_CA_BUNDLE\"", withImage: true) {
            folder,
            _ in
            try SandboxProvider(
                folder: folder,
                program: .agent(Self.agent, authorityFile: nil),
                keeper: ContractKind.keeper
            )
        }
    }

    @Test("an authority that cannot be read is told, and no machine is made")
    func missing() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let provider = ScriptedProvider { _ in }
        try await TestCluster.with(
            providers: ["scripted": provider],
            configure: { $0.machineAuthority = "\(scratch.path)/none.pem" },
            { cluster in
                let pool = try await cluster.plane.createElasticPool(
                    name: "elastic",
                    provider: "scripted",
                    settings: ElasticPoolSettings(max: 1, standby: 1),
                    by: .system
                ).pool
                let status = try await cluster.status(of: pool) {
                    $0.differences.contains { $0.sentence.contains("none.pem") }
                }
                #expect(status.health == "unhealthy")
                #expect(provider.truth.isEmpty)
            }
        )
        await provider.shutDown()
    }

    private func run(
        _ script: String,
        withImage: Bool = false,
        _ make: (String, AuthorityFiles) throws -> any MachineProvider
    ) async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let files = try AuthorityFiles(in: scratch.path)
        // What else is in the file is not handed out.
        let both = try Data(contentsOf: URL(filePath: files.authority)) + Data(contentsOf: URL(filePath: files.key))
        try both.write(to: URL(filePath: files.authority))
        let provider = try make("\(scratch.path)/machines", files)
        let lines = script.split(separator: "\n").map { "    \($0)\n" }.joined()
        try await TestCluster.with(providers: ["kind": provider], authority: files) { cluster in
            var settings = ElasticPoolSettings(max: 1, idleDelay: .zero)
            if withImage {
                let gallery = try await TestGallery(cluster)
                try await gallery.publish("1.0.0") { folder in try BusyboxImage.pack(into: folder) { _ in } }
                settings.images = [gallery.image]
            }
            let pool = try await cluster.plane.createElasticPool(
                name: "elastic",
                provider: "kind",
                settings: settings,
                by: .system
            ).pool
            let repository = try ScratchRepository([
                "azure-pipelines.yml": "pool: elastic\nsteps:\n- checkout: none\n- script: |\n\(lines)"
            ])
            defer { repository.remove() }
            let view = try await cluster.finished(cluster.queue(cluster.pipeline(repository)).id)
            let said = view.records.flatMap(\.issues).map(\.message)
            let log = try await cluster.plane.elasticLogs(of: pool, limit: 30).map(\.message)
            #expect(view.run.state.result == .succeeded, "\(said) \(log)")
            let key = try String(contentsOfFile: files.key, encoding: .utf8).split(separator: "\n")[1]
            let found = try ShortCommand.run(["grep", "-rlF", "--", String(key), "\(scratch.path)/machines"])
            #expect(
                found.code == 1,
                "the server's key is on a machine: \(String(decoding: found.output, as: UTF8.self))"
            )
            _ = try await cluster.machines(of: pool) { $0.isEmpty }
        }
    }
}
