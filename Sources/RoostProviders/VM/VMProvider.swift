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
    private let keys: AgentKeyStock?
    private let shelf: VMImageShelf
    let templates: VMTemplates
    private let turns = VMTurns()
    private let listeners = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])
    /// Machines whose end is waited for.
    private let watched = Mutex<Set<String>>([])
    private let speed: VMSpeed

    /// - Parameters:
    ///   - folder: where machines and the disks of images are; made if need be.
    ///   - program: the path of `roost`, which stands between machines and the server.
    ///   - accelerator: what makes their processors.
    ///   - keys: for agents of machines that go on in a saved memory; nil lets each agent make its own.
    public init(
        folder: String,
        program: String,
        accelerator: MachineBoot.Accelerator = .auto,
        keys: AgentKeyStock? = nil
    ) {
        self.folder = folder
        self.keys = keys
        door = program
        shelf = VMImageShelf("\(folder)/images")
        templates = VMTemplates("\(folder)/templates", shelf)
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
        return ProviderReadiness(limits: limits + templates.refusals)
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
        let all = try all()
        await lookAfterTemplates(all)
        let found = all.filter { $0.tag.server == server && (pool == nil || $0.tag.pool == pool) }
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
            let shape = VMShape(order, isFast: await speed.isFast)
            let key = VMTemplateKey(image: image.digest, shape: shape, program: try VMTool.machine.version())
            let wish = VMTemplateWish(key: key, image: image.name)
            try await fill(place, order, wish)
            let base = try await shelf.disk(of: image)
            let launch = VMLaunch(place: place, order: order, door: door, shape: shape)
            if try await !wakes(launch, wish) { try await start(launch, base) }
            try place.markStarted()
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
        _ wish: VMTemplateWish
    ) async throws(ProviderFailure) {
        do { try place.make(image: wish.key.image) } catch {
            throw .failed("\(place.path) cannot be made: \(error.localizedDescription)")
        }
        try place.write(wish.key, image: wish.image)
        try await VMSeed(id: place.name.id, name: order.tag.name).write(in: place.path)
    }

    /// Lets it begin with its disk.
    private func start(_ launch: VMLaunch, _ base: VMImageShelf.Disk) async throws(ProviderFailure) {
        let place = launch.place
        try await disk(of: place, over: base)
        let machine = try launch.machine()
        let values = try launch.values(machine)
        try VMFolder.write(
            values + "ROOST_NAME=\(launch.order.tag.name)\nROOST_PORT=\(VMTemplate.port)\n",
            to: place.values
        )
        defer { unlink(place.values) }
        try await VMTool.machine.run(machine.arguments + VMLaunch.walls, in: place.path)
    }

    private func disk(of place: VMFolder, over base: VMImageShelf.Disk) async throws(ProviderFailure) {
        let words = ["create", "-q", "-f", "qcow2", "-F", base.form, "-b", base.path, place.disk]
        try await VMTool.disk.run(words, in: place.path)
    }

    // MARK: Saved memories

    /// Lets it go on in a saved memory; false when there is none.
    ///
    /// Where that does not work nothing of it is left, the memory is not used again, and the console says why.
    private func wakes(_ launch: VMLaunch, _ wish: VMTemplateWish) async throws(ProviderFailure) -> Bool {
        guard let template = await templates.ready(wish.key) else { return false }
        var launch = launch
        launch.template = template
        let place = launch.place
        let machine = try launch.machine()
        let values = try launch.values(machine)
        do throws(ProviderFailure) {
            let begin = ContinuousClock.now
            try await disk(of: place, over: VMImageShelf.Disk(path: template.disk, form: "qcow2"))
            let line = try VMLine("port", in: place.path)
            try VMFolder.write("", to: place.waking)
            try await VMTool.machine.run(machine.arguments + VMLaunch.walls, in: place.path)
            try await line.connected(within: .seconds(10))
            let name = launch.order.tag.name
            let report = try await VMWaking(line: line, values: values, name: name, key: keys?.take()).run(since: begin)
            unlink(place.waking)
            VMConsole(path: place.console).note(report.text)
            return true
        } catch {
            try await VMProcess.end(place.process)
            // Somebody deletes it, this process ends, or the disk is full.
            if case .quota = error.seenAsDisk { throw error }
            guard place.isThere, !Task.isCancelled else { throw error }
            for file in [place.disk, place.process, place.waking] { unlink(file) }
            if template.isThere { await templates.refuse(wish, error.summary) }
            VMConsole(path: place.console).note("It starts from its disk: \(error.summary).")
            return false
        }
    }

    private func lookAfterTemplates(_ names: [VMName]) async {
        let places = names.map { VMFolder($0, in: machines) }
        for place in places { place.trimSaid() }
        let wishes = places.compactMap(\.wish).filter { $0.key.program == (try? VMTool.machine.version()) }
        await templates.look(wishes, needed: Set(places.compactMap { $0.key?.key }))
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
        await lookAfterTemplates(names)
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
