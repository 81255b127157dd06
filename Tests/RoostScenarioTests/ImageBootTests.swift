import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// What has to be here for images to start.
enum ImageBootNeeds {
    static let namespaces =
        (try? ShortCommand.run(["unshare", "--user", "--map-root-user", "--mount", "true"]).code) == 0
    static let machines = ProcessInfo.processInfo.environment["ROOST_TEST_MACHINES"] == "1" && geteuid() == 0
}

/// Images with an agent in them, as `roost image build` makes them, started by `roost image boot`.
@Suite(
    "Images that start",
    .serialized,
    .enabled(if: ImageBootNeeds.namespaces, "needs namespaces"),
    .timeLimit(.minutes(10))
)
struct ImageBootTests {
    private static let yaml = """
        steps:
        - checkout: none
        - bash: |
            echo "it ran in $(cat /etc/image-name) as $(id -un)"
            test ! -e /run/roost/boot
        """

    private struct Ground {
        let cluster: TestCluster
        let folder: String
        let token: String

        func roost(_ words: String...) throws -> ChildProgram {
            let environment = ["NO_COLOR": "1", "XDG_CACHE_HOME": "\(folder)/cache"]
            return try ChildProgram("roost", words, environment: environment, folder: folder)
        }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }

        /// Starts the image, lets its agent run a job, and ends it.
        func joins(_ image: String, _ repository: ScratchRepository, as way: String, user: String) async throws {
            let before = try digest(image)
            let boot = try roost(
                "image",
                "boot",
                image,
                "--as",
                way,
                "--url",
                cluster.address,
                "--token-file",
                "token",
                "--agent",
                way
            )
            try await boot.line(with: "Listening for Jobs")
            let agents = try cluster.plane.agents(in: try cluster.defaultPool.id)
            #expect(agents.map(\.agent.name) == [way] && agents.allSatisfy(\.online))
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            #expect(try await cluster.output(of: run.id).contains("it ran in built as \(user)"))
            // Who hands it over has it in memory, and nowhere else.
            #expect(ProcessTraces(of: boot.pid).openPlaces(of: token) == [])
            boot.send(SIGTERM)
            let ended = await boot.finished()
            #expect(ended.code == 0, "\(ended.output)")
            #expect(!ended.output.contains(token))
            #expect(try digest(image) == before)
            for name in ["work", "ledger"] {
                let path = "\(folder)/cache/roost/image-layers/\(name)"
                #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            }
        }

        private func digest(_ image: String) throws -> Data {
            try ShortCommand.run(["sha256sum", image], in: folder).output
        }
    }

    private func with(_ body: @Sendable @escaping (Ground, ScratchRepository) async throws -> Void) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pool = Int(try cluster.defaultPool.id.rawValue)
            let made = try await cluster.client.createEnrollmentToken(pool: pool, EnrollmentTokenWire(uses: 1))
            let token = try #require(made.token)
            let ground = Ground(cluster: cluster, folder: "\(cluster.folder.path)/images", token: token)
            _ = try AgentFolder("\(ground.folder)/agent", copies: true)
            try ground.write("token", token)
            let result = await Result { try await body(ground, repository) }
            // What was made in a sandbox may belong to others.
            _ = try ShortCommand.run(["unshare", "--user", "--map-root-user", "rm", "-rf", "\(ground.folder)/cache"])
            try result.get()
        }
    }

    @Test("a sandbox of an image joins by itself with what it is handed, runs a job, and leaves nothing")
    func sandbox() async throws {
        // Where nobody else can be had in a sandbox, root runs the jobs.
        let user = geteuid() == 0 ? "agent" : "root"
        try await with { ground, repository in
            try MachineFiles.make("\(ground.folder)/base", for: "\(ground.folder)/agent/bin/roost-agent")
            try ground.write(
                "image.pkr.hcl",
                """
                source "roost-rootfs" "agent" {
                  base   = "base"
                  output = "agent.tar"
                }
                build {
                  sources = ["source.roost-rootfs.agent"]
                  provisioner "file" {
                    source      = "agent"
                    destination = "/opt"
                  }
                  provisioner "shell" {
                    inline = ["echo built >/etc/image-name", "/opt/agent/boot.sh install \(user)"]
                  }
                }
                """
            )
            let built = try await ground.roost("image", "build", "image.pkr.hcl").finished()
            #expect(built.code == 0, "\(built.output)")
            try await ground.joins("agent.tar", repository, as: "sandbox", user: user)
        }
    }
}

extension Result where Failure == any Error {
    /// What some work comes to.
    fileprivate init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
