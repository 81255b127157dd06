import Foundation
import RoostLanguage
import RoostTemplate
import RoostTesting
import Synchronization
import Testing

@testable import RoostImages

@Suite(
    "Templates of Image Builder, built here",
    .enabled(if: RootfsGround.obstacle == nil, "\(RootfsGround.obstacle ?? "")")
)
struct ImageBuilderBuildTests {
    @Test(
        "what is customized is validated on the finished image and stored for every output; nothing of a validation stays in it"
    )
    func stores() async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            let template = build.template(
                customize: [#"{"type": "Shell", "name": "tools", "inline": ["echo 1 > /opt-tools"]}"#],
                validate:
                    #"{"inVMValidations": [{"type": "Shell", "inline": ["test -s /opt-tools", "echo x > /tried"]}]}"#,
                outputs: ["first", "second"]
            )
            let result = try await build.run(template)
            guard case .finished(let artifacts) = result.outcome else { throw Unfinished(result: "\(result.outcome)") }
            #expect(artifacts.map(\.files) == [["\(ground.path)/first.tar.zst", "\(ground.path)/second.tar.zst"]])
            let names = try await ground.tool("tar", "-tf", "second.tar.zst").split(separator: "\n")
            #expect(names.contains("./opt-tools") && !names.contains("./tried"))
            #expect(build.phases == [.building, .customizing, .validating, .distributing])
            #expect(build.steps == ["shell tools done", "shell done"])
            #expect(build.outputs == ["first", "second"])
            let left = try FileManager.default.contentsOfDirectory(atPath: ground.path)
            #expect(!left.contains { $0.hasPrefix(".roost-image") })
            let again = try await build.run(template, isForced: true)
            #expect(again.isFinished && build.steps.first == "shell tools reused")
        }
    }

    @Test("the same steps in HCL2, in JSON and as an Image Builder template make the same image")
    func sameImage() async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            let line = "mkdir -p /srv/a; echo text > /srv/a/b; chmod 4711 /srv/a/b"
            let result = try await build.run(
                build.template(customize: [#"{"type": "Shell", "inline": ["\#(line)"]}"#], outputs: ["first"])
            )
            #expect(result.isFinished)
            let source = "base = \"\(ground.base)\"\n output = \"second.tar.zst\"\n network = \"host\""
            let hcl = """
                source "roost-rootfs" "a" {
                \(source)
                }
                build {
                  sources = ["roost-rootfs.a"]
                  provisioner "shell" {
                    inline = ["\(line)"]
                  }
                }
                """
            let second = try await build.run(hcl, name: "a.pkr.hcl")
            #expect(second.isFinished)
            let json = """
                {"builders": [{"type": "roost-rootfs", "base": "\(ground.base)", "output": "third.tar.zst", "network": "host"}],
                 "provisioners": [{"type": "shell", "inline": ["\(line)"]}]}
                """
            let third = try await build.run(json, name: "a.json")
            #expect(third.isFinished)
            let first = try await ground.listing("first.tar.zst")
            #expect(try await ground.listing("second.tar.zst") == first)
            #expect(try await ground.listing("third.tar.zst") == first)
            var contents: Set<String> = []
            for name in ["first", "second", "third"] {
                contents.insert(try await ground.tool("sh", "-c", "tar -xOf \(name).tar.zst | sha256sum"))
            }
            #expect(contents.count == 1)
            #expect(first.contains { $0.hasPrefix("-rws--x--x") && $0.hasSuffix("./srv/a/b") })
        }
    }

    @Test("one output that cannot be stored keeps no other from it, and the build says so")
    func partial() async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            try ground.write("in the way", to: "second.tar.zst")
            let result = try await build.run(build.template(customize: [], outputs: ["first", "second", "third"]))
            guard case .failed(let reason) = result.outcome else { throw Unfinished(result: "\(result.outcome)") }
            #expect(reason.hasPrefix("1 of 3 distributions failed: second: "))
            #expect(build.outputs == ["first", "second failed", "third"])
            #expect(try await ground.tool("cat", "second.tar.zst") == "in the way")
            #expect(FileManager.default.fileExists(atPath: "\(ground.path)/third.tar.zst"))
        }
    }

    @Test(
        "an image that fails its validation is stored only when the template says so, and the build fails either way",
        arguments: [false, true]
    )
    func failedValidation(continues: Bool) async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            let validate =
                #"{"continueDistributeOnFailure": \#(continues), "inVMValidations": [{"type": "Shell", "name": "port", "inline": ["exit 4"]}]}"#
            let result = try await build.run(build.template(customize: [], validate: validate, outputs: ["first"]))
            guard case .failed(let reason) = result.outcome else { throw Unfinished(result: "\(result.outcome)") }
            #expect(reason.hasPrefix("The validation shell port of the finished image failed: "))
            #expect(build.outputs == (continues ? ["first"] : []))
            #expect(FileManager.default.fileExists(atPath: "\(ground.path)/first.tar.zst") == continues)
        }
    }

    @Test("a failed customizer fails the build at its place; the next build begins before it")
    func failedCustomizer() async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            func steps(_ second: String) -> [String] {
                ["echo 1 > /one", second].map { #"{"type": "Shell", "inline": ["\#($0)"]}"# }
            }
            let broken = try await build.run(build.template(customize: steps("exit 9"), outputs: ["first"]))
            #expect(!broken.isFinished)
            #expect(build.steps == ["shell done", "shell failed"])
            let fixed = try await build.run(build.template(customize: steps("echo 2 > /two"), outputs: ["first"]))
            #expect(fixed.isFinished && build.steps == ["shell reused", "shell done"])
        }
    }

    @Test("scripts and files of addresses are fetched and compared before anything is made")
    func fetches() async throws {
        try await RootfsGround.with { ground in
            try ground.write("#!/bin/sh\necho fetched > /made\n", to: "web/script.sh")
            try ground.write("content", to: "web/file.txt")
            let digest = try FileDigest.of("\(ground.path)/web/file.txt")
            try await FolderServer.with("\(ground.path)/web") { address in
                let build = ImageBuilderBuild(ground)
                func steps(_ sum: String) -> [String] {
                    [
                        #"{"type": "Shell", "scriptUri": "\#(address)/script.sh?sig=key-of-the-store"}"#,
                        #"{"type": "File", "sourceUri": "\#(address)/file.txt", "sha256Checksum": "\#(sum)", "destination": "/srv.txt"}"#,
                    ]
                }
                let wrong = String(repeating: "0", count: 64)
                let refused = try await build.run(build.template(customize: steps(wrong), outputs: ["first"]))
                guard case .failed(let reason) = refused.outcome else { throw Unfinished(result: "built") }
                #expect(reason == "\(address)/file.txt: its SHA-256 is \(digest), and \(wrong) was wanted")
                #expect(build.steps == [])
                let result = try await build.run(build.template(customize: steps(digest), outputs: ["first"]))
                #expect(result.isFinished)
                #expect(try await ground.tool("tar", "-xOf", "first.tar.zst", "./made") == "fetched\n")
                #expect(try await ground.tool("tar", "-xOf", "first.tar.zst", "./srv.txt") == "content")
                #expect(!build.said.contains { $0.contains("key-of-the-store") })
            }
        }
    }

    @Test(
        "a source that this machine has nothing for, and outputs that it cannot store, are told before anything is made"
    )
    func refusals() async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            let unknown = build.template(customize: [], outputs: ["first"], offer: "other")
            let noBase = try build.refusals(unknown).map(\.code)
            #expect(noBase == ["image-build.base"])
            let disk = build.template(customize: [], outputs: []).replacing(
                "\"distribute\": []",
                with:
                    #""distribute": [{"type": "ManagedImage", "runOutputName": "x", "location": "l", "imageId": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/.."}]"#
            )
            let noStore = try build.refusals(disk).map(\.code)
            #expect(noStore == ["image-build.distribute"])
        }
    }

    @Test(
        "a VHD is a disk of the size of the machine, under the name of its address or of the output",
        .enabled(if: DiskGround.obstacle == nil, "\(DiskGround.obstacle ?? "")")
    )
    func disk() async throws {
        try await RootfsGround.with { ground in
            let build = ImageBuilderBuild(ground)
            let template = build.template(
                customize: [#"{"type": "Shell", "name": "one", "inline": ["echo 1 > /opt-one"]}"#],
                outputs: []
            ).replacing(
                "\"distribute\": []",
                with:
                    #""vmProfile": {"osDiskSizeGB": 1}, "distribute": [{"type": "VHD", "runOutputName": "first"}, {"type": "VHD", "runOutputName": "second", "uri": "https://store.example/c/named.vhd?x"}]"#
            )
            let result = try await build.run(template)
            guard case .finished(let artifacts) = result.outcome else { throw Unfinished(result: "\(result.outcome)") }
            #expect(artifacts.map(\.files) == [["\(ground.path)/first.vhd", "\(ground.path)/named.vhd"]])
            let size = try FileManager.default.attributesOfItem(atPath: "\(ground.path)/first.vhd")[.size] as? Int
            #expect(size == (1 << 30) + 512)
            #expect(try await ground.tool("sh", "-c", "tail -c 512 first.vhd | head -c 8") == "conectix")
            #expect(try FileDigest.of("\(ground.path)/first.vhd") == FileDigest.of("\(ground.path)/named.vhd"))
            // The disk is a base again.
            let hcl = """
                source "roost-rootfs" "a" {
                  base   = "first.vhd"
                  output = "back.tar"
                }
                build { sources = ["roost-rootfs.a"] }
                """
            #expect(try await build.run(hcl, name: "a.pkr.hcl").isFinished)
            #expect(try await ground.tool("tar", "-xOf", "back.tar", "./opt-one") == "1\n")
        }
    }
}

private struct Unfinished: Error { var result: String }

extension ImageBuildResult {
    var isFinished: Bool { if case .finished = outcome { true } else { false } }
}
