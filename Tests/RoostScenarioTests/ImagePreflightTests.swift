import Foundation
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@Suite("Galleries of the server before a build", .timeLimit(.minutes(5)))
struct ImagePreflightTests {
    private static let template = """
        source "roost-rootfs" "a" {
          shared_image_gallery {
            gallery_name = "bases"
            image_name = "debian"
          }
          shared_image_gallery_destination {
            gallery_name = "agents"
            image_name = "linux"
            image_version = "1.0.0"
            target_region {
              name = "nowhere"
            }
          }
        }
        build {
          sources = ["roost-rootfs.a"]
        }

        """

    private func run(_ words: [String], _ cluster: TestCluster) async throws -> (code: Int32, output: String) {
        let folder = cluster.folder.path
        let environment = [
            "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1",
            "XDG_CACHE_HOME": "\(folder)/.cache", "PATH": "/usr/bin:/bin",
        ]
        return try await ChildProgram(
            "roost",
            ["image", "preflight"] + words,
            environment: environment,
            folder: folder
        )
        .finished()
    }

    @Test("what the server lacks is told together, made when that is wanted, and only once")
    func galleries() async throws {
        try await TestCluster.with { cluster in
            let file = "\(cluster.folder.path)/a.pkr.hcl"
            try Data(Self.template.utf8).write(to: URL(filePath: file))
            let first = try await run(["--within", "30", "a.pkr.hcl"], cluster)
            #expect(first.code == 1)
            for words in [
                "The image definition bases/debian, which roost-rootfs.a is made from, is not on the server",
                "The gallery \"agents\", into which roost-rootfs.a publishes, is not on the server",
                "The image definition \"linux\" of gallery \"agents\", of which roost-rootfs.a makes a version",
                "The server has no region \"nowhere\"", "Make it with 'roost gallery create agents",
                "Make it with 'roost image-definition create agents linux --publisher agents --offer linux",
            ] { #expect(first.output.contains(words), "\(first.output)") }

            let fitting = Self.template.replacing("\"nowhere\"", with: "\"local\"")
            try Data(fitting.utf8).write(to: URL(filePath: file))
            let made = try await run(["--within", "30", "--create-missing", "a.pkr.hcl"], cluster)
            #expect(made.output.contains("Made gallery \"agents\" of the server."), "\(made.output)")
            #expect(made.output.contains("Made image definition \"linux\" of gallery \"agents\" of the server."))
            let definition = try await cluster.client.imageDefinition("linux", gallery: "agents")
            #expect(definition.properties?.osType == "Linux")
            let again = try await run(["--within", "30", "--create-missing", "a.pkr.hcl"], cluster)
            // What it is made from is never made here.
            #expect(again.code == 1 && !again.output.contains("Made "))
            #expect(again.output.contains("bases/debian") && !again.output.contains("into which"))
        }
    }

    @Test("without a server, that is told, with what to do")
    func noServer() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try Data(Self.template.utf8).write(to: URL(filePath: "\(folder.path)/a.pkr.hcl"))
        let environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "NO_COLOR": "1"]
        let (code, output) = try await ChildProgram(
            "roost",
            ["image", "preflight", "a.pkr.hcl"],
            environment: environment,
            folder: folder.path
        ).finished()
        #expect(code == 1 && output.contains("It could not be found out about"), "\(output)")
    }
}
