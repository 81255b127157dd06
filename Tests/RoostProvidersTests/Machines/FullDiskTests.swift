import Foundation
import RoostModel
import RoostProviders
import RoostTesting
import Testing

/// A file system of a few pages, mounted for a test.
private struct SmallDisk {
    static let obstacle: String? = {
        guard geteuid() == 0 else { return "only root mounts file systems" }
        guard let scratch = try? ScratchFolder() else { return "there is no folder" }
        defer { scratch.remove() }
        let mount = try? ShortCommand.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", scratch.path])
        guard mount?.code == 0 else { return "no file system can be mounted here" }
        return (try? ShortCommand.run(["umount", scratch.path]).code) == 0 ? nil : "what is mounted stays"
    }()

    let scratch: ScratchFolder
    var path: String { scratch.path }

    init(_ size: String) throws {
        scratch = try ScratchFolder()
        let mount = try ShortCommand.run(["mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", scratch.path])
        guard mount.code == 0 else { throw TestFailure("tmpfs cannot be mounted") }
    }

    func remove() {
        _ = try? ShortCommand.run(["umount", "-l", path])
        scratch.remove()
    }
}

@Suite(
    "Providers on a full disk",
    .enabled(if: SmallDisk.obstacle == nil, "\(SmallDisk.obstacle ?? "")"),
    .enabled(if: ContractKind.hasBusybox, "busybox-static is not installed"),
    .timeLimit(.minutes(1))
)
struct FullDiskTests {
    @Test("a machine for which there is no room is refused with that reason, and made once there is some")
    func process() async throws {
        let disk = try SmallDisk("256k")
        defer { disk.remove() }
        try await ContractGround.with(ContractKind.process, in: disk.path) { ground in
            _ = try ShortCommand.run(["dd", "if=/dev/zero", "of=\(disk.path)/filler", "bs=4k"])
            let failure = await #expect(throws: ProviderFailure.self) {
                try await ground.provider.create(ground.order(1))
            }
            guard case .quota(0, let text)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(text.contains("No space left on device"))
            #expect(ground.leftovers.isEmpty)
            try FileManager.default.removeItem(atPath: "\(disk.path)/filler")
            let machine = try await ground.provider.create(ground.order(1))
            #expect(try await ground.shell(machine).run("echo up") == "up")
        }
    }

    @Test(
        "an image for which there is no room is not blamed for that",
        .enabled(if: ContractKind.canSandbox, "no sandbox can be made on this computer"),
        // Neither the archive fits, nor what is in it beside the archive.
        arguments: ["512k", "3m"]
    )
    func sandbox(size: String) async throws {
        let disk = try SmallDisk(size)
        defer { disk.remove() }
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        try BusyboxImage.pack(into: scratch.path) { _ in }
        let archive = URL(filePath: "\(scratch.path)/rootfs.tar")
        var kind = ContractKind.sandbox
        kind.image = MachineImage(name: "tests/large/1.0.0", digest: "large") { folder in
            try Data(contentsOf: archive).write(to: URL(filePath: "\(folder)/rootfs.tar"))
        }
        try await ContractGround.with(kind, in: disk.path) { ground in
            let failure = await #expect(throws: ProviderFailure.self) {
                try await ground.provider.create(ground.order(1))
            }
            guard case .quota(0, let text)? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(text.contains("No space left on device") || text.contains("Wrote only"))
            #expect(ground.leftovers.isEmpty)
        }
    }

    @Test(
        "a disk without room for the agent is told as that, and not as an agent that is missing",
        .enabled(if: ContractKind.canSandbox, "no sandbox can be made on this computer")
    )
    func agent() async throws {
        let disk = try SmallDisk("4m")
        defer { disk.remove() }
        let provider = try SandboxProvider(
            folder: disk.path,
            program: .agent("\(ChildProgram.buildFolder)/roost-agent", authorityFile: nil),
            keeper: KeeperProgram(executable: "\(ChildProgram.buildFolder)/roost")
        )
        let failure = try #require(await provider.readiness().failure)
        #expect(failure == .quota(room: 0, "\(disk.path): No space left on device"))
        #expect(failure.advice?.contains("make room there") == true)
        // What was copied so far would keep the disk full.
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(disk.path)/agents").isEmpty)
    }
}
