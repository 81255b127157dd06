import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Synchronization

/// A run from its empty folder to its empty folder.
final class FaultRun: Sendable {
    let command: FaultRunCommand
    let folder: String
    let server: FaultServer
    let ledger: FaultLedger
    let machines: FaultMachines
    private let summary: Mutex<FaultSummary>

    init(_ command: FaultRunCommand) throws {
        self.command = command
        folder = FileManager.default.temporaryDirectory.appending(path: "roost-faults-\(UUID().uuidString)").path
        for name in ["", "/machines"] {
            try FileManager.default.createDirectory(atPath: "\(folder)\(name)", withIntermediateDirectories: true)
        }
        server = try FaultServer(
            folder: folder,
            provider: command.provider,
            seed: command.seed,
            perThousand: command.perThousand
        )
        ledger = FaultLedger(folder: folder)
        machines = FaultMachines(folder: folder)
        summary = Mutex(FaultSummary(seed: command.seed, provider: command.provider))
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

    func wrong(_ text: String) {
        Self.say("wrong: \(text)")
        summary.withLock { $0.findings.append(text) }
    }

    /// Plays all waves, and leaves nothing behind.
    ///
    /// - Returns: what was found; what kept the run from going on is a finding, too.
    func play() async -> FaultSummary {
        let begin = ContinuousClock.now
        do { try await playWaves() } catch {
            wrong("the run cannot go on: \(error); the server said \(await server.lastWords)")
        }
        await server.kill()
        let counts = ledger.counts
        return summary.withLock { summary in
            summary.seconds = (ContinuousClock.now - begin).inSeconds
            summary.providerFaults = counts
            return summary
        }
    }

    private func playWaves() async throws {
        if command.provider == .sandbox { try FaultImage(folder: folder).pack() }
        ledger.setCalm(true)
        try await server.start()
        let site = try await FaultSite(self)
        let before = FaultFootprint.now(folder: folder, server: site.instance)
        summary.withLock { $0.before = before }
        let failure: (any Error)?
        do {
            try await play(on: site)
            failure = nil
        } catch { failure = error }
        await end(site)
        if let failure { throw failure }
    }

    private func play(on site: FaultSite) async throws {
        try await site.makePool(max: command.max, standby: command.standby)
        var killer = FaultKiller(self, instance: site.instance, seed: command.seed)
        var left = command.jobs
        while left > 0 {
            let wave = min(left, command.wave)
            left -= wave
            let runs = (wave + command.runJobs - 1) / command.runJobs
            ledger.setCalm(false)
            killer = try await self.wave(runs, on: site, killer)
            try await settle(site, since: killer.last)
            Self.say("\(command.jobs - left) of \(command.jobs) jobs; killed \(killer.counts)")
        }
        let kills = killer
        summary.withLock { $0.kills = kills.counts }
        var examination = FaultJobs(self, site, kills: kills.kills)
        let jobs = try await examination.examine()
        summary.withLock { $0.jobs = jobs }
    }

    /// Jobs are queued and run while things are killed; a few more are killed when all have ended.
    private func wave(_ runs: Int, on site: FaultSite, _ killer: FaultKiller) async throws -> FaultKiller {
        let end = WaveEnd()
        return try await withThrowingTaskGroup(of: FaultKiller?.self) { group in
            let after = command.after
            group.addTask {
                var killer = killer
                while !end.hasCome { try await killer.killSomething(pausing: true) }
                for _ in 0..<after { try await killer.killSomething(pausing: true) }
                return killer
            }
            group.addTask {
                defer { end.come() }
                try await withTimeLimit(.seconds(600), "jobs of a wave have not ended after 10 minutes") {
                    try await site.runJobs(runs)
                }
                return nil
            }
            var played = killer
            while let ended = try await group.next() { if let ended { played = ended } }
            return played
        }
    }

    /// From now on nothing fails: the pool has to become what it should be.
    private func settle(_ site: FaultSite, since last: ContinuousClock.Instant) async throws {
        ledger.setCalm(true)
        let historian = Task { [limit = command.limit] in
            try await Task.sleep(for: .seconds(limit))
            Self.say(await site.history())
        }
        defer { historian.cancel() }
        let moment = try await withTimeLimit(.seconds(180), "the pool does not settle") {
            try await site.settled(steady: Self.steady)
        }
        let time = (moment - last).inSeconds
        summary.withLock { $0.settled.append(time) }
        Self.say("the pool was what it should be \(String(format: "%.2f", time)) s after the last fault")
        if time > command.limit { wrong("the pool took \(time) s after the last fault") }
    }

    /// What nobody has noticed after this time nobody ever notices by himself, but by a listing or a deadline.
    private static let steady = Duration.seconds(2)

    /// The pool goes, and with it all that it had.
    private func end(_ site: FaultSite) async {
        ledger.setCalm(true)
        do {
            try await withTimeLimit(.seconds(120), "the pool is not deleted") { try await site.deletePool() }
        } catch { wrong("\(error)") }
        await site.client.close()
        // Files of earlier generations are removed when there is time.
        for _ in 0..<500 where !machines.rubbish.isEmpty { try? await Task.sleep(for: .milliseconds(20)) }
        await server.kill()
        let before = summary.withLock { $0.before }
        var after = FaultFootprint.now(folder: folder, server: site.instance)
        // What ends with the server needs a moment.
        for _ in 0..<200 where after.processes > 0 {
            try? await Task.sleep(for: .milliseconds(20))
            after = FaultFootprint.now(folder: folder, server: site.instance)
        }
        let found = after
        summary.withLock { $0.after = found }
        guard found != before else { return }
        let left = (machines.names + machines.rubbish).joined(separator: ", ")
        wrong("before there were \(before.text); now there are \(found.text)\(left.isEmpty ? "" : ": \(left)")")
    }
}

/// Tells the killer that all jobs of a wave have ended.
private final class WaveEnd: Sendable {
    private let isOver = Mutex(false)
    var hasCome: Bool { isOver.withLock { $0 } }
    func come() { isOver.withLock { $0 = true } }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// Runs something, and gives up after a time.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration,
    _ words: String,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else { throw FaultFailure(words) }
        return value
    }
}
