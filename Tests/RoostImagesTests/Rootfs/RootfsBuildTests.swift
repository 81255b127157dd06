import Foundation
import RoostTemplate
import RoostTesting
import Testing

@testable import RoostImages

@Suite("Root file systems in layers", .enabled(if: RootfsGround.obstacle == nil, "\(RootfsGround.obstacle ?? "")"))
struct RootfsBuildTests {
    private static func lines(_ changes: [Int: String] = [:]) -> [String] {
        (1...10).map { changes[$0] ?? "echo \($0) >> /var/log/steps; mkdir -p /opt/\($0)" }
    }

    @Test("a build that failed goes on before the failed step, and a changed step is made again with those after it")
    func resumes() async throws {
        try await RootfsGround.with { ground in
            let broken = try await ground.build(Self.lines([9: "echo half > /half; exit 7"]))
            #expect(broken.ran == Array(1...9))
            #expect(broken.artifact == nil)
            let fixed = try await ground.build(Self.lines())
            #expect(fixed.ran == [9, 10])
            #expect(try await ground.build(Self.lines()).ran == [])
            let changed = try await ground.build(Self.lines([3: "echo three >> /var/log/steps"]))
            #expect(changed.ran == Array(3...10))
            let text = try await ground.tool("tar", "-xOf", "image.tar", "./var/log/steps")
            #expect(text == "1\n2\nthree\n4\n5\n6\n7\n8\n9\n10\n")
            let names = try await ground.tool("tar", "-tf", "image.tar").split(separator: "\n")
            #expect(names.contains("./opt/10/"))
            #expect(!names.contains("./half"))
            #expect(!names.contains("./opt/3/"))
        }
    }

    @Test("with layers and without the same tree comes out: removed files, replaced folders, owners and links")
    func sameTree() async throws {
        let lines = [
            "mkdir -p /srv/a/b; echo 1 > /srv/a/b/c; echo 2 > /srv/d; ln /srv/d /srv/hard; ln -s d /srv/soft",
            "rm -rf /srv/a; mkdir /srv/a; echo new > /srv/a/e; chmod 4711 /srv/a/e", "rm /srv/d /etc/group",
        ]
        try await RootfsGround.with { ground in
            _ = try await ground.build(lines, output: "first.tar")
            #expect(try await ground.build(lines, output: "cached.tar").ran == [])
            #expect(try await ground.build(lines, output: "anew.tar", usesCache: false).ran == [1, 2, 3])
            let first = try await ground.listing("first.tar")
            #expect(try await ground.listing("anew.tar") == first)
            #expect(try FileDigest.of("\(ground.path)/cached.tar") == FileDigest.of("\(ground.path)/first.tar"))
            #expect(first.contains { $0.hasPrefix("-rws--x--x 0/0 4") && $0.hasSuffix("./srv/a/e") })
            #expect(
                !first.contains { $0.hasSuffix("/srv/a/b/") || $0.hasSuffix("/etc/group") || $0.hasSuffix("./srv/d") }
            )
        }
    }

    @Test("commands are apart from the machine: processes, name, network, devices, and /tmp for the length of a step")
    func apart() async throws {
        try await RootfsGround.with { ground in
            let machine = try await ground.start("out/", ["hostname": SettingValue(.text("built"))])
            _ = try await machine.step(StepKey("first")) {
                #expect(try await machine.said("hostname").lines == ["built"])
                #expect(try await machine.said("id -u").lines == ["0"])
                let cards = try await machine.said("cat /proc/net/dev").lines.filter { $0.contains(":") }
                #expect(cards.count == 1 && cards.allSatisfy { $0.contains("lo:") })
                #expect(try await machine.said("echo $$ > /tmp/own; test $$ -lt 100 && echo few").lines == ["few"])
                #expect(
                    try await machine.said("test -s /tmp/own && echo x > /dev/null && echo there").lines == ["there"]
                )
                #expect(try await machine.said("echo 1 > /proc/sysrq-trigger").code != 0)
                #expect(try await machine.said("mount -t tmpfs none /root").code != 0)
                #expect(try await machine.said("echo out; echo err >&2; exit 3").code == 3)
            }
            _ = try await machine.step(StepKey("second")) {
                let code = try await machine.said("test -e /tmp/own").code
                #expect(code == 1)
            }
            let artifact = try await machine.finish()
            await machine.discard()
            #expect(artifact.files == ["\(ground.path)/out"])
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(ground.path)/out")
            #expect(names.sorted() == ["bin", "dev", "etc", "proc", "root", "tmp", "var"])
        }
    }

    @Test("files and folders go in and out, also where links lead out of the root")
    func files() async throws {
        try await RootfsGround.with { ground in
            try ground.write("one", to: "in/a/one", mode: 0o755)
            try ground.write("outside", to: "victim")
            let machine = try await ground.start()
            _ = try await machine.step(StepKey("files")) {
                try await machine.upload(.folder("\(ground.path)/in", contentsOnly: false), to: "/root/")
                try await machine.upload(.file("\(ground.path)/victim"), to: "/root/")
                #expect(try await machine.said("cat /root/in/a/one /root/victim; test -x /root/in/a/one").code == 0)
                // The same path outside must stay as it is.
                _ = try await machine.said("mkdir -p \(ground.path); ln -s \(ground.path)/victim /root/link")
                try await machine.upload(.bytes(Array("inside".utf8), mode: 0o600), to: "/root/link")
                #expect(try String(contentsOfFile: "\(ground.path)/victim", encoding: .utf8) == "outside")
                try await machine.download("/root/", to: "\(ground.path)/back")
                try await machine.download("/etc/passwd", to: "\(ground.path)/back")
            }
            await machine.discard()
            let back = "\(ground.path)/back"
            #expect(try String(contentsOfFile: "\(back)/in/a/one", encoding: .utf8) == "one")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(back)/link").hasSuffix("/victim"))
            #expect(try String(contentsOfFile: "\(back)/passwd", encoding: .utf8).hasPrefix("root:"))
        }
    }

    @Test("an image that is written is read again as a base, and removals of its layers count")
    func images() async throws {
        try await RootfsGround.with { ground in
            let first = try await ground.start("image.tar.gz", ["format": SettingValue(.text("oci"))])
            _ = try await first.step(StepKey("one")) {
                _ = try await first.said("mkdir -p /srv/a; echo 1 > /srv/a/b; echo 2 > /srv/c")
            }
            #expect(try await first.finish().id.hasPrefix("sha256:"))
            _ = try await ground.tool("mkdir", "image")
            _ = try await ground.tool("tar", "-xf", "image.tar.gz", "-C", "image")
            try await ground.addLayer(["srv/a/.wh..wh..opq": "", "srv/.wh.c": "", "srv/a/new": "3"], to: "image")
            let second = try await ground.start("out/", ["base": SettingValue(.text("image"))])
            _ = try await second.finish()
            let names = try await ground.tool("find", "out/srv").split(separator: "\n").sorted()
            #expect(names == ["out/srv", "out/srv/a", "out/srv/a/new"])
            try ground.write("changed", to: "image/blobs/sha256/\(String(repeating: "0", count: 64))")
            await #expect(throws: RootfsFailure.self) {
                try await ground.addLayer([:], to: "image", digest: String(repeating: "0", count: 64))
                _ = try await ground.start("third/", ["base": SettingValue(.text("image"))])
            }
        }
    }

    @Test("cancelling ends what a command started, and discarding leaves only finished layers")
    func cancelling() async throws {
        try await RootfsGround.with { ground in
            let machine = try await ground.start()
            let begun = AsyncStream<Void>.makeStream()
            let task = Task {
                try await machine.step(StepKey("endless")) {
                    _ = try await machine.run(MachineCommand("sleep 1000 & echo begun; sleep 1000")) { _ in
                        begun.continuation.yield()
                    }
                }
            }
            for await _ in begun.stream { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await machine.discard()
            await machine.discard()
            let cache = try LayerCache(ground.cache)
            #expect(try await cache.layers().map(\.record.title) == ["base"])
            for folder in ["work", "ledger"] {
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(ground.cache)/\(folder)") == [])
            }
        }
    }

    @Test("nothing of a step's settings is in the cache but a digest")
    func secrets() async throws {
        try await RootfsGround.with { ground in
            _ = try await ground.build(["test -n s3cr3t-word"])
            await #expect(throws: SandboxFailure.commandFailed(program: "grep", code: 1, text: "")) {
                try await MachineTool("grep", ["-rl", "s3cr3t-word", "cache"]).run(in: ground.path)
            }
        }
    }

    @Test("pruning removes what is old with what stands over it, and not while a build runs")
    func pruning() async throws {
        try await RootfsGround.with { ground in
            _ = try await ground.build(["echo 1 > /one"])
            let cache = try LayerCache(ground.cache)
            let machine = try await ground.start("other.tar")
            await #expect(throws: LayerCacheFailure.inUse(path: ground.cache)) {
                _ = try await cache.prune(LayerLimits(bytes: 0), at: .now)
            }
            await machine.discard()
            #expect(try await cache.prune(LayerLimits(age: .seconds(3600)), at: .now) == [])
            let gone = try await cache.prune(LayerLimits(age: .seconds(3600)), at: .now + 7200)
            #expect(gone.map(\.record.title).sorted() == ["base", "step 1"])
            #expect(try await cache.layers() == [])
            #expect(try await ground.build(["echo 1 > /one"]).ran == [1])
        }
    }

    @Test("an output that is there stays unless the build is forced")
    func occupied() async throws {
        try await RootfsGround.with { ground in
            try ground.write("mine", to: "image.tar")
            await #expect(throws: RootfsFailure.outputThere(path: "\(ground.path)/image.tar")) {
                _ = try await ground.start()
            }
            #expect(try String(contentsOfFile: "\(ground.path)/image.tar", encoding: .utf8) == "mine")
        }
    }
}
