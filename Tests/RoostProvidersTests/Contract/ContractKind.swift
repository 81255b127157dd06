import Foundation
import RoostImages
import RoostModel
import RoostProviders
import RoostTesting
import Testing

/// A provider that the contract is tried on.
struct ContractKind: Sendable, CustomTestStringConvertible {
    var name: String
    /// Makes one over a folder.
    var make: @Sendable (_ folder: String) throws -> any MachineProvider
    /// What its machines are made of.
    var image: MachineImage?
    var size = MachineSize()
    /// Nil for machines that hand in a shell; what others write to their console once they are up.
    var greeting: String?

    var testDescription: String { name }

    static let keeper = KeeperProgram(executable: "\(ChildProgram.buildFolder)/roost")
    private static let program = MachineProgramChoice(
        executable: "/bin/busybox",
        words: ["sh", "-c", ShellServer.script]
    )

    static let process = ContractKind(name: "process") { folder in
        try ProcessProvider(folder: folder, program: program, keeper: keeper)
    }

    static let sandbox = ContractKind(
        name: "sandbox",
        make: { folder in try SandboxProvider(folder: folder, program: .image(program), keeper: keeper) },
        image: BusyboxImage.image
    )

    /// Starts a disk of one sector, so that no system has to start first.
    static let vm = ContractKind(
        name: "vm",
        make: { folder in VMProvider(folder: folder, program: "/bin/false", accelerator: .tcg) },
        image: BootSector(line: "it is up").image("0c"),
        size: MachineSize(milliProcessors: 1000, memory: 64 << 20),
        greeting: "it is up"
    )

    /// Why no sandbox can be made here; nil when one can.
    static let sandboxObstacle: String? = {
        guard let scratch = try? ScratchFolder() else { return "there is no folder" }
        defer { scratch.remove() }
        do { _ = try MachineLayers(folder: scratch.path) } catch { return "\(error)" }
        return nil
    }()

    static var canSandbox: Bool { hasBusybox && sandboxObstacle == nil }
    static let hasBusybox = BusyboxTree.program == "/bin/busybox"
    /// Those in whose machines commands can be run.
    static let all: [ContractKind] = (hasBusybox ? [process] : []) + (canSandbox ? [sandbox] : [])
    static let every: [ContractKind] = all + (VMNeeds.obstacle == nil ? [vm] : [])
}

/// An image of a few files, without an agent.
enum BusyboxImage {
    static let image = MachineImage(name: "tests/busybox/1.0.0", digest: "busybox of the tests") { folder in
        try pack(into: folder) { _ in }
    }

    /// Writes the archive of one, with what is added to its tree.
    static func pack(into folder: String, adding: (_ tree: String) throws -> Void) throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let tree = "\(scratch.path)/tree"
        try BusyboxTree.make(tree)
        for name in ["var/tmp", "opt", "home", "usr/bin", "etc/cron.d"] {
            try FileManager.default.createDirectory(atPath: "\(tree)/\(name)", withIntermediateDirectories: true)
        }
        try Data("Package: base\n".utf8).write(to: URL(filePath: "\(tree)/var/lib/dpkg/status"))
        try adding(tree)
        let words = ["tar", "--owner=0", "--group=0", "-cf", "\(folder)/rootfs.tar", "-C", tree, "."]
        guard try ShortCommand.run(words).code == 0 else { throw TestFailure("tar failed") }
    }
}
