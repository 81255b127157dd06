import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Images that are built into galleries", .timeLimit(.minutes(5)))
struct ImagePublishingTests {
    /// A server with two regions, a gallery with a definition, and a base.
    private struct Ground {
        let cluster: TestCluster

        func roost(_ words: String...) async throws -> (code: Int32, output: String) {
            let environment = [
                "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1",
                "XDG_CACHE_HOME": "\(folder)/.cache",
            ]
            return try await ChildProgram("roost", words, environment: environment, folder: folder).finished()
        }

        func done(_ words: String) async throws -> String {
            let (code, output) = try await ChildProgram(
                "roost",
                words.split(separator: " ").map(String.init),
                environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1"],
                folder: folder
            ).finished()
            #expect(code == 0, "\(words): \(output)")
            return output
        }

        var folder: String { cluster.folder.path }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }

        func version(_ number: String, of definition: String = "debian") async throws -> ImageVersionWire {
            try await cluster.client.imageVersion(number, gallery: "agents", definition: definition)
        }

        /// Runs a job on an agent that says it runs an image.
        func runJob(on name: String, of image: String) async throws {
            let repository = try ScratchRepository([
                "azure-pipelines.yml":
                    "pool:\n  name: Default\n  demands: who -equals \(name)\nsteps:\n- script: echo\n"
            ])
            defer { repository.remove() }
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: name,
                capabilities: ["who": name, ImageRecord.capability: image]
            )
            let session = try await agent.openSession()
            let run = try await cluster.queue(try await cluster.pipeline(repository, name: name))
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            try await agent.complete(job)
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            await agent.close()
        }

        func removeCache() async throws {
            // What was made in a sandbox may belong to others.
            _ = try ShortCommand.run(["rm", "-rf", "\(folder)/.cache"])
        }
    }

    private static func regions(_ configuration: inout ServerConfiguration) {
        let folder = configuration.data
        configuration.imageRegions = ImageRegionList(folders: ["west": "\(folder)/west", "east": "\(folder)/east"])
    }

    private static func with(_ body: @Sendable @escaping (Ground) async throws -> Void) async throws {
        try await TestCluster.with(configure: regions) { cluster in
            let ground = Ground(cluster: cluster)
            try BusyboxTree.make("\(ground.folder)/base")
            _ = try await ground.done("gallery create agents --location west")
            _ = try await ground.done(
                "image-definition create agents debian --publisher contoso --offer agents --sku debian --os-type linux"
            )
            try await body(ground)
            try await ground.removeCache()
        }
    }

    private static let status = """
        Package: openssl
        Status: install ok installed
        Architecture: amd64
        Version: 3.0.15-1~deb12u1

        Package: libssl3
        Status: install ok installed
        Architecture: amd64
        Source: openssl (3.0.15-1~deb12u1)
        Version: 3.0.15-1~deb12u1

        Package: gone
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 1

        """

    private func template(_ base: String, _ steps: String, version: String? = nil, test: String = "true") -> String {
        """
        source "roost-rootfs" "agent" {
          \(base)
          shared_image_gallery_destination {
            gallery_name = "agents"
            image_name   = "debian"
            \(version.map { "image_version = \"\($0)\"" } ?? "")
            target_region { name = "west" }
            target_region {
              name     = "east"
              replicas = 2
            }
          }
          test {
            name   = "it works"
            inline = ["\(test)"]
          }
        }
        build {
          sources = ["source.roost-rootfs.agent"]
          \(steps)
        }

        """
    }

    private static let first = """
        provisioner "file" {
          source      = "status"
          destination = "/var/lib/dpkg/status"
        }
        provisioner "shell" { inline = ["echo built > /built"] }
        """

    @Test(
        "a build is tested, looked through and published to two regions, and the next begins with it",
        .enabled(if: BusyboxTree.program != nil)
    )
    func published() async throws {
        try await Self.with { ground in
            try ground.write("status", Self.status)
            try ground.write("a.pkr.hcl", template("base = \"base\"", Self.first, version: "1.0.7"))
            let built = try await ground.roost("image", "build", "a.pkr.hcl")
            #expect(built.code == 0, "\(built.output)")
            #expect(built.output.contains("/galleries/agents/images/debian/versions/1.0.7 (sha256:"))

            let version = try await ground.version("1.0.7")
            let regions = version.properties?.publishingProfile?.targetRegions ?? []
            #expect(regions.map(\.name) == ["west", "east"] && regions.map(\.regionalReplicaCount) == [1, 2])
            #expect(version.properties?.replicationStatus?.summary.map(\.state) == ["Completed", "Completed"])
            let capabilities = version.properties?.capabilities ?? [:]
            #expect(capabilities["sh"] == "/bin/sh" && capabilities["Agent.OS"] == "Linux")
            #expect(capabilities[ImageRecord.capability] == "/galleries/agents/images/debian/versions/1.0.7")
            let layers = version.properties?.provenance?.layers?.map(\.title) ?? []
            #expect(layers == ["base", "file", "shell", "record of the image"])

            // The same build once more would be another content under the same number.
            let again = try await ground.roost("image", "build", "a.pkr.hcl")
            #expect(
                again.code == 1
                    && again.output.contains("/galleries/agents/images/debian/versions/1.0.7 is there already"),
                "\(again.output)"
            )

            let base = "shared_image_gallery {\n gallery_name = \"agents\"\n image_name = \"debian\"\n }"
            let next = "provisioner \"shell\" { inline = [\"cat /built && echo more > /more\"] }"
            try ground.write("b.pkr.hcl", template(base, next, test: "grep 1.0.8 /etc/roost/image.json"))
            let second = try await ground.roost("image", "build", "b.pkr.hcl")
            #expect(second.code == 0, "\(second.output)")
            let child = try await ground.version("1.0.8")
            #expect(child.properties?.provenance?.source == "/galleries/agents/images/debian/versions/1.0.7")
            #expect(try await ground.done("image-version download agents debian 1.0.8 --path out").contains("1.0.8"))
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(ground.folder)/out").sorted()
            #expect(files == ["inventory.json", "rootfs.tar.zst", "sbom.cyclonedx.json", "sbom.spdx.json"])
            // The programs of those who made the two forms find nothing wrong, and the same packages.
            let bills = try await ClientProgramTests.python("bills.py", ["out"], ground.cluster)
            #expect(bills["problems"] as? [String] == [])
            let packages = ["libssl3 3.0.15-1~deb12u1", "openssl 3.0.15-1~deb12u1"]
            #expect(bills["cyclonedx"] as? [String] == packages)
            #expect((bills["spdx"] as? [String])?.filter { $0.contains("ssl") } == packages)
            #expect((bills["purls"] as? [String])?.first == "pkg:deb/libssl3@3.0.15-1~deb12u1?arch=amd64")
        }
    }

    @Test(
        "packages of versions are listed and compared, and jobs are found that ran on those with a flaw",
        .enabled(if: BusyboxTree.program != nil)
    )
    func lineage() async throws {
        try await Self.with { ground in
            try ground.write("status", Self.status)
            try ground.write("a.pkr.hcl", template("base = \"base\"", Self.first, version: "1.0.0"))
            #expect(try await ground.roost("image", "build", "a.pkr.hcl").code == 0)
            try ground.write("status", Self.status.replacing("3.0.15-1~deb12u1", with: "3.0.16-1~deb12u1"))
            try ground.write("b.pkr.hcl", template("base = \"base\"", Self.first, version: "1.1.0"))
            #expect(try await ground.roost("image", "build", "b.pkr.hcl").code == 0)

            let packages = try await ground.done("image-version packages agents debian 1.0.0 --name openssl")
            #expect(packages.contains("libssl3") && packages.contains("3.0.15-1~deb12u1") && !packages.contains("gone"))
            let changed = try await ground.roost("image-version", "diff", "agents", "debian", "1.0.0", "1.1.0")
            #expect(
                changed.code == 1 && changed.output.contains("higher") && changed.output.contains("3.0.16-1~deb12u1")
            )
            #expect(try await ground.done("image-version diff agents debian 1.0.0 1.0.0").contains("the same"))

            // Jobs of agents that say they run the first version, and the second.
            for (agent, version) in [("old", "1.0.0"), ("new", "1.1.0")] {
                let image = "/galleries/agents/images/debian/versions/\(version)"
                try await ground.runJob(on: agent, of: image)
            }
            let uses = try await ground.done("image-version uses --package openssl --below 3.0.16-1~deb12u1")
            #expect(uses.contains("old") && uses.contains("versions/1.0.0") && !uses.contains("versions/1.1.0"))
            let all = try await ground.done("image-version uses")
            #expect(all.contains("old") && all.contains("new"))
            let lineage = try await ground.done("image-version lineage agents debian 1.1.0")
            #expect(lineage.contains("shell") && lineage.contains("new") && !lineage.contains("old"))
        }
    }

    @Test(
        "an image that fails its test, or that has nowhere to go, is not published",
        .enabled(if: BusyboxTree.program != nil)
    )
    func refused() async throws {
        try await Self.with { ground in
            try ground.write("status", Self.status)
            try ground.write("a.pkr.hcl", template("base = \"base\"", Self.first, test: "false"))
            let failed = try await ground.roost("image", "build", "a.pkr.hcl")
            #expect(failed.code == 1 && failed.output.contains("fails \"it works\""), "\(failed.output)")
            #expect(try await ground.cluster.client.imageVersions(gallery: "agents", definition: "debian").isEmpty)

            let text = template("base = \"base\"", "provisioner \"shell-local\" { inline = [\"touch ran\"] }")
            try ground.write("b.pkr.hcl", text.replacing("\"debian\"", with: "\"debain\""))
            let missing = try await ground.roost("image", "build", "b.pkr.hcl")
            #expect(
                missing.code == 1 && missing.output.contains("b.pkr.hcl:5:20: error: The image definition \"debain\""),
                "\(missing.output)"
            )
            try ground.write("c.pkr.hcl", text.replacing("\"east\"", with: "\"eats\""))
            let region = try await ground.roost("image", "build", "c.pkr.hcl")
            #expect(region.code == 1 && region.output.contains("no region \"eats\""), "\(region.output)")
            #expect(!FileManager.default.fileExists(atPath: "\(ground.folder)/ran"))
        }
    }
}
