import Foundation
import Glibc
import RoostModel
import RoostTesting

/// Kills by the seed: the server, keepers of machines, any process of a machine.
struct FaultKiller: Sendable {
    /// One that hit a machine.
    struct Kill: Sendable {
        /// Name of the machine, as the provider has it.
        var machine: String
        var moment: Date
    }

    private let run: FaultRun
    private let instance: UUID
    private var dice: SeededNumbers
    private(set) var counts: [String: Int] = [:]
    private(set) var kills: [Kill] = []
    /// How many times as long as on an idle computer things take: kills come as much slower, or no job would ever live to its end.
    private var slowness = 1.0
    /// When the last one came.
    private(set) var last = ContinuousClock.now

    init(_ run: FaultRun, instance: UUID, seed: UInt64) {
        (self.run, self.instance) = (run, instance)
        dice = SeededNumbers(seed: seed ^ 0x6b69_6c6c)
    }

    mutating func killSomething(pausing: Bool) async throws {
        if pausing { try await Task.sleep(for: dice.milliseconds(10...max(10, run.command.pause)) * slowness) }
        switch Int.random(in: 0..<6, using: &dice) {
        case 0: try await killServer()
        case 1, 2: kill("keepers", run.machines.keepers)
        default: kill("processes", run.machines.processes(of: instance))
        }
        last = .now
    }

    private mutating func killServer() async throws {
        note("servers")
        await run.server.kill()
        last = .now
        // Machines and jobs go on meanwhile.
        try await Task.sleep(for: dice.milliseconds(0...500))
        let begin = ContinuousClock.now
        try await run.server.start()
        slowness = max(1, (ContinuousClock.now - begin) / Self.usualStart)
    }

    /// What a server takes until it listens on a computer that has nothing else to do.
    private static let usualStart = Duration.milliseconds(600)

    private mutating func kill(_ what: String, _ victims: [FaultMachines.Victim]) {
        guard let victim = victims.sorted(by: { $0.process < $1.process }).randomElement(using: &dice) else { return }
        kills.append(Kill(machine: victim.machine, moment: Date()))
        if Glibc.kill(victim.process, SIGKILL) == 0 { note(what) }
    }

    private mutating func note(_ what: String) { counts[what, default: 0] += 1 }
}
