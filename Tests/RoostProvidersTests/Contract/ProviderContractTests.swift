import Foundation
import RoostModel
import RoostProviders
import RoostTesting
import Testing

@Suite("What every provider of machines on this computer keeps to")
struct ProviderContractTests {
    @Test(
        "a machine runs its program with what it joins, and making it again makes nothing",
        arguments: ContractKind.all
    )
    func create(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let order = try ground.order(1)
            let machine = try await ground.provider.create(order)
            #expect(machine.state == .running)
            #expect(machine.tag == ground.tag(1))
            let shell = try await ground.shell(machine)
            #expect(shell.token == "token-1-1")
            let first = try await shell.run("echo $$")
            #expect(try await ground.provider.create(order) == machine)
            #expect(try await ground.machines() == [machine])
            #expect(try await shell.run("echo $$") == first)
            #expect(ground.processes("token-1-1", in: ["cmdline"]).isEmpty, "a token is on a command line")
        }
    }

    @Test("made twice at once there is one machine", arguments: ContractKind.every)
    func createAtOnce(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let order = try ground.order(1)
            let answers = try await withThrowingTaskGroup(of: ListedMachine.self) { group in
                for _ in 0..<4 { group.addTask { try await ground.provider.create(order) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.id)).count == 1)
            #expect(answers.allSatisfy { $0.state == .running || $0.state == .creating })
            let listed = try await ground.machines()
            #expect(listed.map(\.state) == [.running])
            _ = try await ground.isUp(listed[0])
        }
    }

    @Test(
        "who ends by itself is listed as stopped, wakes who listens, and leaves its last words",
        arguments: ContractKind.all
    )
    func ends(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let wakes = ground.provider.wakes()
            let machine = try await ground.provider.create(ground.order(1))
            let shell = try await ground.shell(machine)
            shell.tell("exit 3")
            for await _ in wakes { break }
            #expect(try await ground.machines().map(\.state) == [.stopped])
            #expect(await ground.provider.console(of: machine.id).last == "The agent ended with exit code 3.")
            #expect(try await ground.provider.create(ground.order(1)).state == .stopped)
        }
    }

    @Test("deleting takes everything away, and again does nothing", arguments: ContractKind.all)
    func delete(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let shell = try await ground.shell(machine)
            // What a job could leave running: in a session of its own, twice forked, deaf to its parent's end.
            try await shell.run(
                """
                (/bin/busybox setsid sleep 86411 >/dev/null 2>&1 &)
                (trap '' HUP TERM INT; sleep 86411 >/dev/null 2>&1 &)
                /bin/busybox nohup sh -c 'sleep 86411 & sleep 86411' >/dev/null 2>&1 &
                mkdir -p "$HOME/a/b"; chmod 0 "$HOME/a"
                """
            )
            try await ground.provider.delete(machine.id)
            try await shell.ended()
            #expect(try await ground.machines().isEmpty)
            #expect(ground.processes(machine.id).isEmpty)
            #expect(ground.leftovers.isEmpty)
            #expect(ground.groups.isEmpty)
            try await ground.provider.delete(machine.id)
            try await ground.provider.delete("../../etc")
            try await ground.provider.delete("there-never-was-one")
        }
    }

    @Test("deleted while its image is read, or while it starts, nothing is left", arguments: ContractKind.every)
    func deleteWhileMade(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let order = try ground.order(1)
            async let made = try? ground.provider.create(order)
            for _ in 0..<20 {
                for machine in try await ground.machines() { try await ground.provider.delete(machine.id) }
            }
            _ = await made
            for machine in try await ground.machines() { try await ground.provider.delete(machine.id) }
            #expect(ground.leftovers.isEmpty)
            #expect(ground.processes(MachineMarkText.of(order.tag)).isEmpty)
            #expect(ground.groups.isEmpty)
        }
    }

    @Test("deleted while it is made anew, nothing is left", arguments: ContractKind.all)
    func deleteWhileMadeAnew(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            for instance in 1...8 {
                let machine = try await ground.provider.create(ground.order(instance))
                let order = try ground.order(instance, generation: 2)
                async let anew = try? ground.provider.reimage(machine.id, order)
                // Each time a little later.
                for _ in 0..<(1 << instance) { await Task.yield() }
                try await ground.provider.delete(machine.id)
                _ = await anew
                for machine in try await ground.machines() { try await ground.provider.delete(machine.id) }
                #expect(ground.processes(MachineMarkText.of(order.tag)).isEmpty)
            }
            try await ground.provider.sweep()
            #expect(ground.leftovers.isEmpty)
            #expect(ground.groups.isEmpty)
        }
    }

    @Test(
        "a clean machine takes the place of one, and the same call again changes nothing",
        arguments: ContractKind.every
    )
    func successor(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let first = try await ground.provider.create(ground.order(1))
            _ = try await ground.isUp(first)
            let next = try await ground.provider.reimage(first.id, ground.order(1, generation: 2))
            #expect(next.tag == ground.tag(1, generation: 2) && next.state == .running)
            let shell = try await ground.isUp(next)
            #expect(try await ground.machines() == [next])
            #expect(try await ground.provider.reimage(next.id, ground.order(1, generation: 2)) == next)
            #expect(try await ground.provider.create(ground.order(1, generation: 2)) == next)
            try await ground.provider.delete(next.id)
            try await ground.provider.delete(next.id)
            withExtendedLifetime(shell) {}
            #expect(try await ground.machines().isEmpty)
            #expect(ground.processes(next.id).isEmpty)
            #expect(ground.leftovers.isEmpty)
        }
    }

    @Test(
        "the next provider lists what one before has made, hears its end, and deletes it",
        arguments: ContractKind.every
    )
    func successorProvider(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            var earlier: (any MachineProvider)? = try kind.make(ground.folder)
            let made = try await earlier?.create(ground.order(1))
            earlier = nil
            let machine = try #require(made)
            let shell = try await ground.isUp(machine)
            let later = try kind.make(ground.folder)
            #expect(try await ground.machines(later) == [machine])
            let wakes = later.wakes()
            let processes = ground.processes(machine.id)
            #expect(!processes.isEmpty)
            for process in processes { kill(process, SIGKILL) }
            withExtendedLifetime(shell) {}
            for await _ in wakes { break }
            #expect(try await ground.machines(later).map(\.state) == [.stopped])
            try await later.delete(machine.id)
            #expect(ground.leftovers.isEmpty)
        }
    }

    @Test("a reimage has a new program, and no process or file of before", arguments: ContractKind.all)
    func reimage(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let before = try await ground.shell(machine)
            // A time that nobody else sleeps.
            let time = "864\(ground.shells.port)"
            try await before.run("echo secret > \"$HOME/file\"; (/bin/busybox setsid sleep \(time) >/dev/null 2>&1 &)")
            let next = try await ground.provider.reimage(machine.id, ground.order(1, generation: 2))
            #expect(next.tag.generation == 2 && next.state == .running)
            let after = try await ground.shell(next)
            #expect(after.token == "token-1-2")
            #expect(try await after.run("ls -A \"$HOME\"") == "")
            #expect(ground.processes("sleep\u{0}\(time)").isEmpty)
            #expect(try await ground.machines() == [next])
            // Asked for again, also late, it stays as it is.
            #expect(try await ground.provider.reimage(machine.id, ground.order(1, generation: 2)) == next)
            #expect(try await after.run("echo here") == "here")
        }
    }

    @Test("a stopped machine can be reimaged; one that is not there cannot", arguments: ContractKind.all)
    func reimageStopped(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let wakes = ground.provider.wakes()
            let machine = try await ground.provider.create(ground.order(1))
            try await ground.shell(machine).tell("exit 0")
            for await _ in wakes { break }
            let next = try await ground.provider.reimage(machine.id, ground.order(1, generation: 5))
            #expect(try await ground.shell(next).run("echo up") == "up")
            await #expect(throws: ProviderFailure.self) {
                try await ground.provider.reimage("nothing", ground.order(2, generation: 2))
            }
        }
    }

    @Test(
        "machines outlive their provider, and the next one lists, hears of and deletes them",
        arguments: ContractKind.all
    )
    func outlive(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let order = try ground.order(1)
            var earlier: (any MachineProvider)? = try kind.make(ground.folder)
            let machine = try await earlier?.create(order)
            earlier = nil
            let shell = try await ground.shell(#require(machine))
            #expect(try await shell.run("echo alive") == "alive")
            let later = try kind.make(ground.folder)
            #expect(try await ground.machines(later) == [machine].compactMap { $0 })
            let wakes = later.wakes()
            shell.tell("exit 0")
            for await _ in wakes { break }
            #expect(try await ground.machines(later).map(\.state) == [.stopped])
            try await later.delete(#require(machine).id)
            #expect(ground.leftovers.isEmpty)
        }
    }

    @Test("with its keeper killed a machine is stopped, and deleting it leaves nothing", arguments: ContractKind.all)
    func keeperKilled(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let machine = try await ground.provider.create(ground.order(1))
            let shell = try await ground.shell(machine)
            try await shell.run("(/bin/busybox setsid sleep 86413 >/dev/null 2>&1 &)")
            let wakes = ground.provider.wakes()
            let lock = try String(
                contentsOfFile: "\(ground.folder)/machines/\(machine.id)/keeper.lock",
                encoding: .utf8
            )
            let keeper = try #require(Int32(lock.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(kill(keeper, SIGKILL) == 0)
            for await _ in wakes { break }
            #expect(try await ground.machines().map(\.state) == [.stopped])
            try await ground.provider.delete(machine.id)
            #expect(ground.processes(machine.id).isEmpty)
            #expect(ground.leftovers.isEmpty)
            #expect(ground.groups.isEmpty)
        }
    }

    @Test("machines of other servers and pools are neither seen nor touched", arguments: ContractKind.every)
    func others(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let foreign = MachineTag(server: UUID(), pool: ground.pool, instance: 1)
            let beside = MachineTag(server: ground.server, pool: PoolID(8), instance: 1)
            let own = try await ground.provider.create(ground.order(1))
            let other = try await ground.provider.create(ground.order(1, tag: foreign))
            let neighbour = try await ground.provider.create(ground.order(1, tag: beside))
            #expect(Set([own.id, other.id, neighbour.id]).count == 3)
            #expect(try await ground.machines() == [own])
            let all = try await ground.provider.machines(of: ground.server, in: nil)
            #expect(Set(all.map(\.id)) == [own.id, neighbour.id])
            try await ground.provider.delete(own.id)
            #expect(try await ground.provider.machines(of: foreign.server, in: nil) == [other])
            try await ground.provider.delete(other.id)
            try await ground.provider.delete(neighbour.id)
        }
    }

    @Test("what it cannot do is said in words", arguments: ContractKind.every)
    func failures(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            var order = try ground.order(1)
            order.joining.pool = "two\nlines"
            let failure = await #expect(throws: ProviderFailure.self) { try await ground.provider.create(order) }
            guard case .failed(let text)? = failure, text.contains("ROOST_POOL"), text.contains("one line") else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(ground.leftovers.isEmpty)
            #expect(await ground.provider.readiness().failure == nil)
            #expect(await ground.provider.console(of: "nothing").isEmpty)
        }
    }

    @Test("limits of processes and memory hold where this computer lets them be set", arguments: ContractKind.all)
    func limits(_ kind: ContractKind) async throws {
        try await ContractGround.with(kind) { ground in
            let limits = await ground.provider.readiness().limits.joined()
            let size = MachineSize(milliProcessors: 500, memory: 64 << 20, processes: 12)
            let machine = try await ground.provider.create(ground.order(1, size: size))
            let shell = try await ground.shell(machine)
            if !limits.contains("'pids'") {
                let said = try await shell.run(
                    "sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do sleep 86414 >/dev/null & done'; echo over"
                )
                #expect(said.lowercased().contains("fork"))
            }
            if !limits.contains("Memory") {
                let small = try await ground.provider.create(ground.order(2, size: MachineSize(memory: 64 << 20)))
                // The last bytes of a stream are held in memory until its end.
                let said = try await ground.shell(small).run(
                    "/bin/busybox head -c 150000000 /dev/zero | /bin/busybox tail -c 140000000 | /bin/busybox wc -c"
                )
                #expect(!said.contains("140000000"), "a machine of 64 MiB held 140 MB")
                try await ground.provider.delete(small.id)
            }
            try await ground.provider.delete(machine.id)
            #expect(ground.groups.isEmpty)
        }
    }
}

/// What the processes of a machine have in their environment.
enum MachineMarkText {
    static func of(_ tag: MachineTag) -> String {
        "ROOST_MACHINE=\(tag.server.uuidString.lowercased())-\(tag.pool)-\(tag.instance)"
    }
}
