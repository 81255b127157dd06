import Foundation
import RoostImages
import RoostModel

/// Starts a machine of an image that waits, and keeps its memory at that moment.
struct VMTemplateMaking: Sendable {
    let wish: VMTemplateWish
    let base: VMImageShelf.Disk
    /// Where it shall be.
    let place: VMTemplate

    /// A start with processors made in software takes up to two minutes, and there may be others who work.
    private static let patience = (slow: Duration.seconds(480), fast: Duration.seconds(90))
    private static let writing = Duration.seconds(120)

    /// Makes it, and leaves nothing when that fails.
    ///
    /// - Throws: ``ProviderFailure``.
    func run() async throws(ProviderFailure) {
        let part = place.begun
        do throws(ProviderFailure) {
            try await fill(part)
            try await save(part)
        } catch {
            try? await VMProcess.end(part.process)
            try? FileManager.default.removeItem(atPath: part.path)
            throw error
        }
        for file in [part.seed, part.console, part.process] { unlink(file) }
        guard rename(part.path, place.path) == 0 else {
            throw .failed("\(part.path) cannot be moved: \(String(cString: strerror(errno)))")
        }
    }

    private func fill(_ part: VMTemplate) async throws(ProviderFailure) {
        try part.make()
        let words = ["create", "-q", "-f", "qcow2", "-F", base.form, "-b", base.path, part.disk]
        try await VMTool.disk.run(words, in: part.path)
        try await VMSeed(id: "memory-of-\(wish.key.image.prefix(12))", name: "waiting").write(in: part.path)
        try VMFolder.write(VMTemplate.waiting, to: part.values)
    }

    private func save(_ part: VMTemplate) async throws(ProviderFailure) {
        let port = try VMLine("port", in: part.path)
        let control = try VMLine("monitor", in: part.path)
        try await VMTool.machine.run(machine(part, port, control).arguments + VMLaunch.walls, in: part.path)
        let patience = wish.key.shape.isFast ? Self.patience.fast : Self.patience.slow
        try await port.connected(within: .seconds(10))
        try await control.connected(within: .seconds(10))
        let monitor = try await VMMonitor(control)
        let end = ContinuousClock.now + patience
        while try await port.next(until: end) != "ready" {}
        try await monitor.save(to: QEMUMachine.saving(to: part.memory), until: .now + Self.writing)
        // What it wrote to its disk is in the file once it has stopped.
        try await VMProcess.end(part.process)
    }

    private func machine(_ part: VMTemplate, _ port: VMLine, _ control: VMLine) -> QEMUMachine {
        let shape = wish.key.shape
        var machine = QEMUMachine(disk: part.disk, form: .qcow2, memory: shape.memory, processors: shape.processors)
        machine.isFast = shape.isFast
        machine.values = part.values
        machine.network = shape.network == .host ? .open : .closed
        var detachment = QEMUMachine.Detachment(
            name: "waiting",
            processFile: part.process,
            console: part.console,
            seed: part.seed,
            port: .socket(port.name)
        )
        detachment.monitor = control.name
        machine.detachment = detachment
        return machine
    }
}
