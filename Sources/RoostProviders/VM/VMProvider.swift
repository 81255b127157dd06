public import Foundation
public import RoostImages
public import RoostModel
import Synchronization

/// Virtual machines of QEMU, without any right: with the kernel's help where it works, in software elsewhere.
///
/// A machine is a folder whose name is its tag. QEMU lives on by itself and has a file of that folder locked, so what is on is seen by looking, by
/// whichever process looks. Each machine's disk holds what differs from the disk of its image; a clean machine is a new empty one.
public final class VMProvider: MachineProvider {
    private let folder: String
    private let door: String
    private let shelf: VMImageShelf
    private let turns = VMTurns()
    private let listeners = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])
    /// Machines whose end is waited for.
    private let watched = Mutex<Set<String>>([])
    private let speed: VMSpeed

    /// - Parameters:
    ///   - folder: where machines and the disks of images are; made if need be.
    ///   - program: the path of `roost`, which stands between machines and the server.
    ///   - accelerator: what makes their processors.
    public init(folder: String, program: String, accelerator: MachineBoot.Accelerator = .auto) {
        self.folder = folder
        door = program
        shelf = VMImageShelf("\(folder)/images")
        speed = VMSpeed(accelerator, folder: folder)
    }

    // What an image starts reads what one agent joins.
    public var traits: ProviderTraits { ProviderTraits(images: .required, mostSlots: 1) }

    private var machines: String { "\(folder)/machines" }

    public func readiness() async -> ProviderReadiness {
        do {
            for tool in VMTool.all { _ = try tool.place() }
        } catch { return ProviderReadiness(failure: error) }
        var limits = ["A machine has whole processors, and as many processes as it likes."]
        if await !speed.isFast {
            limits.append(
                "Processors are made in software, ten times slower: the kernel's help (/dev/kvm) does not work here."
            )
        }
        return ProviderReadiness(limits: limits)
    }

    // MARK: Calls

    public func create(_ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        let name = VMName(order.tag)
        return try await turns.take(name.instance) { () async throws(ProviderFailure) in
            try await self.made(name, order)
        }
    }

    public func reimage(_ id: String, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        let name = VMName(order.tag)
        return try await turns.take(name.instance) { () async throws(ProviderFailure) in
            if let old = VMName(id), old != name { try await self.removed(old) }
            return try await self.made(name, order)
        }
    }

    public func delete(_ id: String) async throws(ProviderFailure) {
        guard let name = VMName(id) else { return }
        try await turns.take(name.instance) { () async throws(ProviderFailure) in try await self.removed(name) }
        await sweep()
    }

    public func machines(of server: UUID, in pool: PoolID?) async throws(ProviderFailure) -> [ListedMachine] {
        let found = try all().filter { $0.tag.server == server && (pool == nil || $0.tag.pool == pool) }
        return found.map { name in
            let place = VMFolder(name, in: machines)
            VMConsole(path: place.console).trim()
            watch(place)
            return place.listed(isBusy: turns.isBusy(name.instance))
        }
    }

    public func console(of id: String) async -> [String] {
        VMName(id).map { VMConsole(path: VMFolder($0, in: machines).console).tail } ?? []
    }

    public func wakes() -> AsyncStream<Void> {
        let id = UUID()
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            listeners.withLock { $0[id] = continuation }
            continuation.onTermination = { [weak self] _ in self?.listeners.withLock { _ = $0.removeValue(forKey: id) }
            }
        }
    }

    private func all() throws(ProviderFailure) -> [VMName] {
        guard access(machines, F_OK) == 0 else { return [] }
        do { return try FileManager.default.contentsOfDirectory(atPath: machines).compactMap { VMName($0) } } catch {
            throw .failed("\(machines) cannot be read: \(error.localizedDescription)")
        }
    }

    // MARK: One machine

    private func made(_ name: VMName, _ order: MachineOrder) async throws(ProviderFailure) -> ListedMachine {
        guard let image = order.image else {
            throw .image(name: "none", "a virtual machine starts from the disk of an image")
        }
        for tool in VMTool.all { _ = try tool.place() }
        let place = VMFolder(name, in: machines)
        let known = place.listed(isBusy: false)
        if place.isThere {
            guard case .failed = known.state else { return known }
            // Half a call has left it.
            try await removed(name)
        }
        do {
            try await fill(place, order, image)
            try await start(place, order)
        } catch {
            // What cannot be removed now is listed.
            try? await removed(name)
            throw error.seenAsDisk
        }
        watch(place, isNew: true)
        return place.listed(isBusy: true)
    }

    private func fill(
        _ place: VMFolder,
        _ order: MachineOrder,
        _ image: MachineImage
    ) async throws(ProviderFailure) {
        do { try place.make(image: image.digest) } catch {
            throw .failed("\(place.path) cannot be made: \(error.localizedDescription)")
        }
        let base = try await shelf.disk(of: image)
        let words = ["create", "-q", "-f", "qcow2", "-F", base.form, "-b", base.path, place.disk]
        try await VMTool.disk.run(words, in: place.path)
        try await VMSeed(tag: order.tag).write(place)
    }

    private func start(_ place: VMFolder, _ order: MachineOrder) async throws(ProviderFailure) {
        let launch = VMLaunch(place: place, order: order, door: door, isFast: await speed.isFast)
        let machine = try launch.machine()
        try place.write(try launch.values(machine), to: place.values)
        defer { unlink(place.values) }
        try await VMTool.machine.run(machine.arguments + VMLaunch.walls, in: place.path)
        try place.markStarted()
    }

    /// Under another name nothing that still starts finds its files.
    private func removed(_ name: VMName) async throws(ProviderFailure) {
        let gone = VMFolder(name.asDeparting, in: machines)
        let place = VMFolder(VMName(name.tag), in: machines)
        for isAgain in [false, true] {
            if isAgain {
                guard place.isThere else { break }
                guard rename(place.path, gone.path) == 0 else {
                    throw .failed("\(place.path) cannot be moved: \(String(cString: strerror(errno)))")
                }
            }
            try await VMProcess.end(gone.process)
            do { try gone.remove() } catch {
                throw .failed("\(gone.path) cannot be removed: \(error.localizedDescription)")
            }
        }
    }

    /// Removes disks of images that no machine needs.
    public func sweep() async {
        guard let names = try? all() else { return }
        let used = names.compactMap { VMFolder($0, in: machines).listed(isBusy: true).image }
        await shelf.sweep(keeping: Set(used))
    }

    // MARK: Wakes

    /// Tells the end of a machine once; also that of one which has ended before somebody could look, if it was just made.
    private func watch(_ place: VMFolder, isNew: Bool = false) {
        guard isNew || VMProcess.holder(of: place.process) != nil,
            watched.withLock({ $0.insert(place.name.id).inserted })
        else { return }
        VMProcess.watch(place.process) { [weak self] in
            guard let self else { return }
            watched.withLock { _ = $0.remove(place.name.id) }
            for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
        }
    }
}
