import Foundation
import RoostControlGroups
import RoostModel
import Testing

@testable import RoostProviders

@Suite("A keeper that is killed", .enabled(if: ContractKind.hasBusybox, "busybox-static is not installed"))
struct KilledKeeperTests {
    /// Without control groups its processes are found by what is in their environment.
    private static let ungrouped = ContractKind(name: "process without control groups") { folder in
        let program = MachineProgramChoice(executable: "/bin/busybox", words: ["sh", "-c", ShellServer.script])
        return try ProcessProvider(
            folder: folder,
            program: program,
            keeper: ContractKind.keeper,
            keys: nil,
            ControlGroups([])
        )
    }

    private static let kinds = ContractKind.all + [ungrouped]

    @Test("one that is killed while it is asked to end its machine leaves no process", arguments: kinds)
    func keeperKilledMeanwhile(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let shell = try await ground.shell(machine)
            try await shell.run("(/bin/busybox setsid sleep 86414 >/dev/null 2>&1 &)")
            let lock = try String(
                contentsOfFile: "\(ground.folder)/machines/\(machine.id)/keeper.lock",
                encoding: .utf8
            )
            let keeper = try #require(Int32(lock.trimmingCharacters(in: .whitespacesAndNewlines)))
            // It answers nothing any more, and its socket still takes who asks.
            #expect(kill(keeper, SIGSTOP) == 0)
            async let deletion: Void = ground.provider.delete(machine.id)
            while ground.leftovers.contains(machine.id) { await Task.yield() }
            // Its folder is put aside, and it is asked in this moment, or has been; it must not last until the patience with it ends.
            for _ in 0..<20 { await Task.yield() }
            #expect(kill(keeper, SIGKILL) == 0)
            try await deletion
            #expect(ground.processes(machine.id).isEmpty)
            #expect(ground.leftovers.isEmpty)
            #expect(ground.groups.isEmpty)
        }
    }
}
