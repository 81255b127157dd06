import Crypto
import Foundation
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

/// Results of builds that packer does, recorded in a gallery of the server.
@Suite("Results of builds that are recorded in a gallery", .timeLimit(.minutes(5)))
struct ImageRecordingTests {
    private struct Ground {
        let cluster: TestCluster

        var folder: String { cluster.folder.path }

        func roost(
            _ words: [String],
            _ environment: [String: String] = [:]
        ) async throws -> (code: Int32, output: String) {
            let all = [
                "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1",
                "XDG_CACHE_HOME": "\(folder)/.cache", "HOME": folder, "SEEN": "\(folder)/seen",
                "PATH": "\(folder)/bin:/usr/local/bin:/usr/bin:/bin",
            ]
            return try await ChildProgram(
                "roost",
                words,
                environment: all.merging(environment) { $1 },
                folder: folder
            ).finished()
        }

        func done(_ words: String) async throws -> String {
            let (code, output) = try await roost(words.split(separator: " ").map(String.init))
            #expect(code == 0, "\(words): \(output)")
            return output
        }

        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }

        /// Another process writes it, so that nobody has it open for writing when it is started.
        func addProgram(_ name: String, _ text: String) throws {
            let place = "\(folder)/bin/\(name)"
            let made = try ShortCommand.run(
                ["sh", "-c", "mkdir -p \"${0%/*}\" && cat > \"$0\" && chmod 755 \"$0\"", place],
                input: Data(text.utf8)
            )
            try #require(made.code == 0)
        }

        func versions() async throws -> [ImageVersionWire] {
            try await cluster.client.imageVersions(gallery: "agents", definition: "cloud")
        }

        /// The files of a version, by their names.
        func files(of version: String) async throws -> [String: Data] {
            _ = try await done("image-version download agents cloud \(version) --path out-\(version)")
            let place = "\(folder)/out-\(version)"
            let names = try FileManager.default.contentsOfDirectory(atPath: place)
            return try names.reduce(into: [:]) {
                $0[$1] = try Data(contentsOf: URL(filePath: "\(place)/\($1)"))
            }
        }
    }

    private static func with(_ body: @Sendable @escaping (Ground) async throws -> Void) async throws {
        try await TestCluster.with { cluster in
            let ground = Ground(cluster: cluster)
            _ = try await ground.done("gallery create agents")
            _ = try await ground.done(
                "image-definition create agents cloud --publisher contoso --offer agents --sku cloud --os-type linux"
            )
            try await body(ground)
        }
    }

    private static func hash(_ data: Data) -> String {
        SHA256.hash(data: data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    // MARK: Files

    private static let docker = #"""
        #!/bin/sh
        case "$1" in
          -v) echo "Docker version 20.10.0, build 1" ;;
          run) echo c0ffee ;;
          export) head -c 3000000 /dev/zero; echo the image ;;
        esac
        """#

    private static let hcl = """
        source "docker" "d" {
          image        = "debian:13"
          pull         = false
          export_path  = "image.tar"
          communicator = "none"
        }
        build {
          sources = ["docker.d"]
          post-processors {
            post-processor "compress" {
              output = "image.tar.gz"
            }
            post-processor "roost-gallery" {
              gallery_name        = "agents"
              image_name          = "cloud"
              exclude_from_latest = true
              end_of_life_date    = "2099-01-31T00:00:00Z"
              tags                = { team = "ci" }
              target_region {
                name     = "local"
                replicas = 2
              }
            }
            post-processor "manifest" {
              output = "m.json"
            }
          }
          post-processor "roost-gallery" {
            gallery_name  = "agents"
            image_name    = "cloud"
            image_version = "1.4.2"
          }
        }

        """

    private static let json = """
        {"builders": [{"type": "docker", "name": "d", "image": "debian:13", "pull": false, "export_path": "image.tar",
        "communicator": "none"}], "post-processors": [[{"type": "compress", "output": "image.tar.gz"},
        {"type": "roost-gallery", "gallery_name": "agents", "image_name": "cloud", "exclude_from_latest": true,
        "end_of_life_date": "2099-01-31T00:00:00Z", "tags": {"team": "ci"},
        "target_region": [{"name": "local", "replicas": 2}]}, {"type": "manifest", "output": "m.json"}],
        {"type": "roost-gallery", "gallery_name": "agents", "image_name": "cloud", "image_version": "1.4.2"}]}
        """

    @Test(
        "of a build by the real packer, the files of any link of a chain become a version with their hash",
        .enabled(if: PackerTaskTests.isThere("packer"), "Packer is not installed"),
        arguments: ["a.pkr.hcl", "a.json"]
    )
    func files(_ name: String) async throws {
        try await Self.with { ground in
            try ground.addProgram("docker", Self.docker)
            try ground.write(name, name.hasSuffix("hcl") ? Self.hcl : Self.json)
            let built = try await ground.roost(["image", "build", name])
            try #require(built.code == 0, "\(built.output)")

            let versions = try await ground.versions()
            #expect(Set(versions.compactMap(\.name)) == ["0.0.1", "1.4.2"], "\(built.output)")
            let packed = try #require(versions.first { $0.name == "0.0.1" })
            #expect(packed.properties?.provisioningState == "Succeeded")
            #expect(packed.properties?.publishingProfile?.excludeFromLatest == true)
            #expect(packed.properties?.publishingProfile?.endOfLifeDate == Date(timeIntervalSince1970: 4_073_500_800))
            #expect(packed.properties?.publishingProfile?.targetRegions?.map(\.regionalReplicaCount) == [2])
            #expect(packed.tags == ["team": "ci"])
            #expect(packed.properties?.provenance?.source == "debian:13")
            #expect(packed.properties?.provenance?.templateHash?.count == 64)
            #expect(packed.properties?.provenance?.builder?.hasPrefix("roost ") == true)

            let whole = try await ground.files(of: "1.4.2")
            #expect(whole.keys.sorted() == ["image.tar"] && whole["image.tar"]?.count == 3_000_010)
            let small = try await ground.files(of: "0.0.1")
            #expect(small.keys.sorted() == ["image.tar.gz"] && (small["image.tar.gz"]?.count ?? 0) < 100_000)
            // What the template keeps on this machine stays, and the link after the recording knows the version.
            #expect(FileManager.default.fileExists(atPath: "\(ground.folder)/image.tar"))
            let manifest = try String(contentsOfFile: "\(ground.folder)/m.json", encoding: .utf8)
            #expect(manifest.contains("/galleries/agents/images/cloud/versions/0.0.1"), "\(manifest)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(ground.folder)/.cache/roost/packer-builds") == [
                    "door"
                ]
            )
            let lineage = try await ground.done("image-version lineage agents cloud 0.0.1")
            #expect(lineage.contains("debian:13"), "\(lineage)")
        }
    }

    @Test("what is built here is recorded too")
    func own() async throws {
        try await Self.with { ground in
            let template = """
                source "file" "f" {
                  content = "hello"
                  target  = "hello.img"
                }
                build {
                  sources = ["file.f"]
                  post-processor "roost-gallery" {
                    gallery_name = "agents"
                    image_name   = "cloud"
                  }
                }

                """
            try ground.write("a.pkr.hcl", template)
            for number in ["0.0.1", "0.0.2"] {
                let built = try await ground.roost(["image", "build", "-force", "a.pkr.hcl"])
                #expect(built.code == 0 && built.output.contains("versions/\(number) (sha256:"), "\(built.output)")
            }
            #expect(try await ground.files(of: "0.0.2") == ["hello.img": Data("hello".utf8)])
            let version = try #require(try await ground.versions().first { $0.name == "0.0.1" })
            #expect(
                try await ground.done("image-version show agents cloud 0.0.1").contains(
                    try #require(version.properties?.contentHash)
                )
            )
        }
    }

    @Test("targets that are recorded at one moment get a number each")
    func together() async throws {
        try await Self.with { ground in
            let names = (1...6).map { "f\($0)" }
            let sources = names.map {
                "source \"file\" \"\($0)\" {\n  content = \"\($0)\"\n  target = \"\($0).img\"\n}"
            }
            let template = """
                \(sources.joined(separator: "\n"))
                build {
                  sources = [\(names.map { "\"file.\($0)\"" }.joined(separator: ", "))]
                  post-processor "roost-gallery" {
                    gallery_name = "agents"
                    image_name   = "cloud"
                  }
                }

                """
            try ground.write("a.pkr.hcl", template)
            let built = try await ground.roost(["image", "build", "a.pkr.hcl"])
            #expect(built.code == 0, "\(built.output)")
            #expect(Set(try await ground.versions().compactMap(\.name)) == Set((1...6).map { "0.0.\($0)" }))
        }
    }

    // MARK: Images in clouds

    private static let packer = #"""
        #!/bin/bash
        [ "$1" = validate ] && exit 0
        echo built >> "$SEEN"
        cp "${!#}" "$SEEN.template"
        for part in builder-id,Azure.ResourceManagement.VMImage id,/subscriptions/s/images/m 'string,Azure.ResourceManagement.VMImage:\n\nOSType: Linux\nManagedImageResourceGroupName: g\nManagedImageName: m\nManagedImageId: /subscriptions/s/images/m\nManagedImageLocation: chinanorth3\nManagedImageSharedImageGalleryId: /subscriptions/s/galleries/x\nOSDiskUriReadOnlySas: https://x.example/a?sig=hush' end; do
          echo "17,a,artifact,0,$part"
        done
        """#

    private static func azure(_ options: String = "", after: String = "") -> String {
        """
        source "azure-arm" "a" {
          use_azure_cli_auth                = true
          subscription_id                   = "s"
          os_type                           = "Linux"
          image_publisher                   = "Debian"
          image_offer                       = "debian-13"
          image_sku                         = "13"
          location                          = "chinanorth3"
          managed_image_name                = "m"
          managed_image_resource_group_name = "g"
        }
        build {
          sources = ["azure-arm.a"]
          post-processors {
            post-processor "roost-gallery" {
              gallery_name = "agents"
              image_name   = "cloud"
              \(options)
            }
            \(after)
          }
        }

        """
    }

    @Test("of an image in a cloud the version says what and where it is, without what lets others in")
    func cloud() async throws {
        try await Self.with { ground in
            try ground.addProgram("packer", Self.packer)
            try ground.write("a.pkr.hcl", Self.azure("image_version = \"2.0.0\""))
            let built = try await ground.roost(["image", "build", "a.pkr.hcl"], ["ROOST_IMAGE_PREFLIGHT": "off"])
            try #require(built.code == 0, "\(built.output)")
            #expect(built.output.contains("/galleries/agents/images/cloud/versions/2.0.0 (sha256:"))
            let template = try String(contentsOfFile: "\(ground.folder)/seen.template", encoding: .utf8)
            #expect(!template.contains("roost-gallery"))

            let files = try await ground.files(of: "2.0.0")
            let data = try #require(files["artifact.json"])
            #expect(files.count == 1)
            let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(record["builderType"] as? String == "azure-arm")
            #expect(record["builderId"] as? String == "Azure.ResourceManagement.VMImage")
            #expect(record["artifactId"] as? String == "/subscriptions/s/images/m")
            #expect(record["location"] as? String == "chinanorth3")
            let values = record["values"] as? [String: String]
            #expect(values?["ManagedImageSharedImageGalleryId"] == "/subscriptions/s/galleries/x")
            #expect(!String(decoding: data, as: UTF8.self).contains("hush"))
            let version = try #require(try await ground.versions().first)
            #expect(version.properties?.provenance?.source == "Debian:debian-13:13:latest")
            for words in ["show", "lineage"] {
                let shown = try await ground.done("image-version \(words) agents cloud 2.0.0")
                #expect(shown.contains("/subscriptions/s/galleries/x") && !shown.contains("hush"), "\(shown)")
            }
        }
    }

    @Test("what no gallery would take is told before packer starts")
    func refused() async throws {
        try await Self.with { ground in
            try ground.addProgram("packer", Self.packer)
            let off = ["ROOST_IMAGE_PREFLIGHT": "off"]
            try ground.write("a.pkr.hcl", Self.azure("image_version = \"2.0.0\""))
            #expect(try await ground.roost(["image", "build", "a.pkr.hcl"], off).code == 0)
            let again = try await ground.roost(["image", "build", "a.pkr.hcl"], off)
            #expect(again.code == 1 && again.output.contains("versions/2.0.0 is there already"), "\(again.output)")
            let alone = try await ground.roost(
                ["image", "build", "a.pkr.hcl"],
                off.merging(["ROOST_URL": "http://127.0.0.1:9"]) { $1 }
            )
            #expect(alone.code == 1 && alone.output.contains("The server cannot be reached"), "\(alone.output)")
            let push = "post-processor \"docker-push\" {\n}"
            for (text, reason) in [
                (Self.azure(after: push), "is packer's, and packer is done when roost-gallery begins"),
                (Self.azure("image_version = build.ID"), "have to be known before the build"),
                (Self.azure("image_version = \"1.2\""), "image_version"),
                (Self.azure("end_of_life_date = \"2027-13-41T00:00:00Z\""), "is no moment"),
                (Self.azure("keep_input_artifact = false"), "cannot take it away"),
            ] {
                try ground.write("b.pkr.hcl", text)
                let answer = try await ground.roost(["image", "build", "b.pkr.hcl"], off)
                #expect(answer.code == 1 && answer.output.contains(reason), "\(reason): \(answer.output)")
            }
            #expect(try String(contentsOfFile: "\(ground.folder)/seen", encoding: .utf8) == "built\n")
        }
    }

    @Test("preflight asks for gallery, definition, version and regions of a recording, at their places")
    func missing() async throws {
        try await Self.with { ground in
            let own = """
                source "file" "f" {
                  content = "hello"
                  target  = "hello.img"
                }
                build {
                  sources = ["file.f"]
                  post-processor "roost-gallery" {
                    gallery_name  = "agents"
                    image_name    = "cloud"
                    image_version = "1.4.2"
                  }
                }

                """
            try ground.write("a.pkr.hcl", own)
            #expect(try await ground.roost(["image", "build", "a.pkr.hcl"]).code == 0)
            let again = try await ground.roost(["image", "preflight", "--within", "60", "a.pkr.hcl"])
            let there = "a.pkr.hcl:10:21: error: /galleries/agents/images/cloud/versions/1.4.2 is there already"
            #expect(again.code == 1 && again.output.contains(there), "\(again.output)")

            let text = Self.hcl.replacing("\"agents\"", with: "\"agent\"").replacing("\"local\"", with: "\"moon\"")
            try ground.write("b.pkr.hcl", text)
            let answer = try await ground.roost(["image", "preflight", "--within", "60", "b.pkr.hcl"])
            #expect(answer.code == 1)
            for part in [
                "b.pkr.hcl:14:29: error: The gallery \"agent\", into which docker.d publishes, is not on the server",
                "The server has no region \"moon\"",
            ] {
                #expect(answer.output.contains(part), "\(part): \(answer.output)")
            }
        }
    }
}
