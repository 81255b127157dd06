import Foundation
import RoostModel
import RoostProviders
import RoostTesting
import Testing

@Suite(
    "Machines in sandboxes without an image",
    .enabled(if: ContractKind.canSandbox, "no sandbox, or no busybox, on this computer")
)
struct ComputerSandboxTests {
    private static func kind(shown: [String] = []) -> ContractKind {
        let program = MachineProgramChoice(executable: "/bin/busybox", words: ["sh", "-c", ShellServer.script])
        return ContractKind(name: "sandbox of the computer") { folder in
            try SandboxProvider(folder: folder, program: .image(program), keeper: ContractKind.keeper, shown: shown)
        }
    }

    @Test("they have the computer's programs and see nothing that belongs to somebody")
    func programs() async throws {
        try await ContractGround.with(Self.kind()) { ground in
            #expect(ground.provider.traits.images == .optional)
            let shell = try await ground.shell(try await ground.provider.create(ground.order(1)))
            #expect(try await shell.run("git --version").hasPrefix("git version"))
            #expect(try await shell.run("grep -c ^root: /etc/passwd") == "1")
            #expect(try await shell.run("cat /etc/hostname") == ground.tag(1).name)
            #expect(try await shell.run("ls -A /root /home /srv /opt /var/lib /mnt").contains("trace") == false)
            let hidden = ["/etc/shadow", "/etc/ssl/private", ground.folder, ChildProgram.buildFolder]
            for path in hidden { #expect(try await shell.run("ls -d \(path) 2>/dev/null || echo none") == "none") }
        }
    }

    @Test("what a job changes of the programs it changes for itself alone, and only until its machine is made anew")
    func changes() async throws {
        let name = "roost-trace-\(UUID())"
        try await ContractGround.with(Self.kind()) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let shell = try await ground.shell(machine)
            let other = try await ground.shell(try await ground.provider.create(ground.order(2)))
            // Where the user that makes sandboxes has no others, programs belong to nobody inside and stay as they are.
            let isWritten = try await shell.run("echo x 2>/dev/null > /usr/bin/\(name) && echo yes || echo no") == "yes"
            #expect(isWritten || geteuid() != 0)
            #expect(try await shell.run("echo x > /root/\(name) && cat /root/\(name)") == "x")
            #expect(try await other.run("ls /usr/bin/\(name) /root/\(name) 2>/dev/null").isEmpty)
            #expect(!FileManager.default.fileExists(atPath: "/usr/bin/\(name)"))
            let next = try await ground.provider.reimage(machine.id, ground.order(1, generation: 2))
            let after = try await ground.shell(next)
            #expect(try await after.run("ls /usr/bin/\(name) /root/\(name) 2>/dev/null").isEmpty)
        }
    }

    @Test("they see what the server shows them, read only")
    func shown() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let folder = "\(scratch.path)/tools"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("one".utf8).write(to: URL(filePath: "\(folder)/version"))
        try await ContractGround.with(Self.kind(shown: [folder, "\(scratch.path)/nothing"])) { ground in
            let shell = try await ground.shell(try await ground.provider.create(ground.order(1)))
            #expect(try await shell.run("cat \(folder)/version") == "one")
            #expect(try await shell.run("echo two 2>/dev/null > \(folder)/version || echo refused") == "refused")
        }
    }

    @Test("a server whose own files they would see makes none without an image")
    func ownFiles() async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let shows = Self.kind(shown: [scratch.path])
        let provider = try shows.make("\(scratch.path)/machines")
        #expect(provider.traits.images == .required)
        let joining = MachineJoining(url: URL(filePath: "/"), pool: "p", agent: "a", token: Secret("t"))
        let tag = MachineTag(server: UUID(), pool: PoolID(1), instance: 1)
        let failure = await #expect(throws: ProviderFailure.self) {
            try await provider.create(MachineOrder(tag: tag, image: nil, joining: joining))
        }
        #expect(failure?.summary.contains("would see") == true)
        #expect(failure?.advice?.contains("image") == true)
    }

    @Test("what the settings of programs were copied to is made anew when they change, and goes with the last machine")
    func layer() async throws {
        try await ContractGround.with(Self.kind()) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let layers = { try FileManager.default.contentsOfDirectory(atPath: "\(ground.folder)/computer") }
            #expect(try layers().count == 1)
            let next = try Self.kind().make(ground.folder)
            try await next.sweep()
            #expect(try layers().count == 1)
            try await next.delete(machine.id)
            try await next.sweep()
            #expect(try layers().isEmpty)
        }
    }
}
