import Foundation
import RoostImages
import RoostModel
import RoostProviders
import RoostTesting
import Testing

@Suite("Machines in sandboxes", .enabled(if: ContractKind.canSandbox, "no sandbox, or no busybox, on this computer"))
struct SandboxTests {
    /// The image of the tests with a program that makes what is shared between processes.
    static func kind() async throws -> (ContractKind, ScratchFolder) {
        let scratch = try ScratchFolder()
        let bundle = try await ProgramBundle("/usr/bin/ipcmk", in: "\(scratch.path)/bundle")
        let words = bundle.words(at: "/opt/bundle").joined(separator: " ")
        var kind = ContractKind.sandbox
        kind.image = MachineImage(name: "tests/traces/1.0.0", digest: "traces \(UUID())") { folder in
            try BusyboxImage.pack(into: folder) { tree in
                try FileManager.default.copyItem(atPath: bundle.folder, toPath: "\(tree)/opt/bundle")
                try Data("#!/bin/sh\nexec \(words) \"$@\"\n".utf8).write(to: URL(filePath: "\(tree)/opt/ipcmk"))
                chmod("\(tree)/opt/ipcmk", 0o755)
            }
        }
        return (kind, scratch)
    }

    @Test("no trace of a job is there after a reimage")
    func traces() async throws {
        let (kind, scratch) = try await Self.kind()
        defer { scratch.remove() }
        try await ContractGround.with(kind) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let before = try await ground.shell(machine)
            for trace in SandboxTrace.all {
                try await before.run(trace.leave)
                let found = try await before.run(trace.look)
                #expect(found.isEmpty != trace.isPossible, "\(trace.name): \(found)")
            }
            let next = try await ground.provider.reimage(machine.id, ground.order(1, generation: 2))
            let after = try await ground.shell(next)
            for trace in SandboxTrace.all {
                let found = try await after.run(trace.look)
                #expect(found.isEmpty, "\(trace.name): \(found)")
            }
            #expect(ground.processes("sleep\u{0}710").isEmpty)
        }
    }

    @Test("it reaches the server and nothing else of this computer")
    func network() async throws {
        try await ContractGround.with(ContractKind.sandbox) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let shell = try await ground.shell(machine)
            let other = try ShellServer()
            #expect(
                try await shell.run("echo | /bin/busybox nc -w 2 127.0.0.1 \(other.port) && echo reached")
                    == "nc: can't connect to remote host (127.0.0.1): Connection refused"
            )
            #expect(try await shell.run("/bin/busybox ip -o link | /bin/busybox wc -l") == "1")
            #expect(try await shell.run("cat /etc/hostname") == machine.tag.name)
            #expect(try await shell.run("hostname") == machine.tag.name)
            #expect(try await shell.run("grep ^Seccomp: /proc/self/status").hasSuffix("2"))
            // Of the rights that change the machine it has none, and can get none.
            let rights = try await shell.run("grep ^CapBnd: /proc/self/status").split(separator: "\t").last ?? ""
            let held: UInt64 = try #require(UInt64(rights, radix: 16))
            // To administer the network, load modules, administer the system and set the clock, as in linux/capability.h.
            let administering = [12, 16, 21, 25].filter { held >> $0 & 1 == 1 }
            #expect(administering.isEmpty)
            #expect(try await shell.run("ls /dev/sd* /dev/vd* /dev/nvme* 2>/dev/null").isEmpty)
        }
    }

    @Test("layers stay as long as a machine stands over them, and for a day, and are read anew after that")
    func layers() async throws {
        var kind = ContractKind.sandbox
        let (reads, read) = AsyncStream<Void>.makeStream()
        kind.image = MachineImage(name: "tests/counted/1.0.0", digest: "counted") { folder in
            read.yield()
            try BusyboxImage.pack(into: folder) { _ in }
        }
        try await ContractGround.with(kind) { ground in
            let provider = try #require(ground.provider as? SandboxProvider)
            let late = Date(timeIntervalSinceNow: 90_000)
            let first = try await provider.create(ground.order(1))
            try await provider.sweep(at: late)
            let second = try await provider.create(ground.order(2))
            #expect(try await ground.shell(second).run("echo up") == "up")
            for machine in [first, second] { try await provider.delete(machine.id) }
            try await provider.sweep()
            try await provider.delete(provider.create(ground.order(3)).id)
            try await provider.sweep(at: late)
            try await provider.delete(provider.create(ground.order(4)).id)
            #expect(ground.leftovers.isEmpty)
        }
        read.finish()
        #expect(await reads.reduce(into: 0) { count, _ in count += 1 } == 2)
    }

    @Test("an image that is no root file system is refused with the image's name")
    func badImage() async throws {
        var kind = ContractKind.sandbox
        kind.image = MachineImage(name: "team/broken/2.0.0", digest: "broken") { folder in
            try Data("no archive".utf8).write(to: URL(filePath: "\(folder)/notes.txt"))
        }
        try await ContractGround.with(kind) { ground in
            let failure = await #expect(throws: ProviderFailure.self) {
                try await ground.provider.create(ground.order(1))
            }
            guard case .image(let name, let text)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(name == "team/broken/2.0.0")
            #expect(text.contains("notes.txt"))
            #expect(ground.leftovers.isEmpty)
        }
    }
}
