import Foundation
import RoostModel
import RoostProviders
import RoostTesting
import Testing

@Suite("A provider that is killed", .enabled(if: ContractKind.hasBusybox, "busybox-static is not installed"))
struct KilledProviderTests {
    @Test("at any moment: what it made is listed, and the next one removes all of it", arguments: ContractKind.all)
    func killed(_ kind: ContractKind) async throws {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let folder = "\(scratch.path)/machines"
        let server = UUID()
        var words = ["churn", folder, "--server", server.uuidString, "--keeper", ContractKind.keeper.executable]
        if kind.image != nil {
            try BusyboxImage.pack(into: scratch.path) { _ in }
            words += ["--image", "\(scratch.path)/rootfs.tar"]
        }
        for turn in 0..<6 {
            let program = try ChildProgram("roost-machines", words, folder: scratch.path)
            // Later and later, so that it is in the middle of different things.
            try await program.line(with: "made \(1 + turn)")
            for _ in 0..<(turn * 300) { await Task.yield() }
            program.send(SIGKILL)
            await program.end()
            let provider = try kind.make(folder)
            let listed = try await provider.machines(of: server, in: nil)
            let known = Set(listed.map(\.id))
            #expect(processes(of: server).isSubset(of: known), "every process belongs to a machine that is listed")
            for machine in listed { try await provider.delete(machine.id) }
            #expect(try await provider.machines(of: server, in: nil).isEmpty)
            #expect(processes(of: server).isEmpty)
            try await (provider as? ProcessProvider)?.sweep()
            try await (provider as? SandboxProvider)?.sweep()
            for name in ["machines", "graveyard"] {
                #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)") == [])
            }
        }
    }

    /// Names of machines that processes have in their environment.
    private func processes(of server: UUID) -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let mark = Data("ROOST_MACHINE=\(server.uuidString.lowercased())".utf8)
        return Set(
            names.filter { Int($0) != nil }.compactMap { name in
                guard let all = FileManager.default.contents(atPath: "/proc/\(name)/environ"),
                    all.range(of: mark) != nil
                else { return nil }
                let entry = all.split(separator: 0).first { $0.starts(with: mark) }
                return entry.map { String(decoding: $0.dropFirst("ROOST_MACHINE=".utf8.count), as: UTF8.self) }
            }
        )
    }
}
