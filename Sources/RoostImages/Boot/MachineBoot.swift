import Foundation

/// Starts a disk as a virtual machine of QEMU, whose changes are dropped when it ends.
public struct MachineBoot: Sendable {
    /// How the machine's processor is made.
    public enum Accelerator: String, Sendable, CaseIterable {
        /// The kernel's when a machine really starts with it, else the slow one.
        case auto
        case kvm
        /// In software, which works everywhere.
        case tcg
    }

    /// What it reaches of the network.
    public enum Network: String, Sendable, CaseIterable {
        case none
        /// The server alone.
        case server
        /// What this machine reaches.
        case host
    }

    private let cacheFolder: String
    private let program: String
    public var memory = 1024
    public var processors = 2
    public var accelerator = Accelerator.auto
    public var firmware = MachineFirmware.bios
    /// Where versions of galleries come from.
    public var gallery: (any ImageGallery)?
    public var network: Network

    /// - Parameters:
    ///   - cacheFolder: where it works, beside the layers.
    ///   - network: what it reaches.
    ///   - program: the path of `roost`, which stands in the door to the server.
    public init(cacheFolder: String, network: Network, program: String) {
        self.cacheFolder = cacheFolder
        self.network = network
        self.program = program
    }

    /// Runs it until it is switched off, or until it is cancelled; then it is switched off at once.
    ///
    /// - Parameters:
    ///   - image: a disk, which stays as it is, or a version of a gallery that holds one.
    ///   - values: are handed in.
    ///   - line: gets what it writes to its serial line.
    /// - Throws: ``BootFailure``, and what a gallery says.
    public func run(_ image: BootImage, _ values: BootValues?, line: @escaping @Sendable (String) -> Void) async throws
    {
        if try image.isDisk == false { throw BootFailure.noDisk(image: image.name) }
        guard MachineTool.isThere(QEMUMachine.program) else {
            throw BootFailure.programMissing(QEMUMachine.program, package: "qemu-system-x86")
        }
        let cache = try LayerCache(cacheFolder)
        try await cache.sweep()
        let ledger = try BuildLedger(UUID().uuidString.lowercased(), in: cache)
        let folder = "\(cache.folder)/work/\(ledger.build)"
        do {
            let machine = try await machine(try await disk(image, folder), values, folder)
            try await start(machine, folder, line)
        } catch {
            // Also what was cancelled is cleaned up after; what cannot be removed now, the next build removes.
            await Task { try? await ledger.close() }.value
            throw error
        }
        try await ledger.close()
    }

    /// The disk of an image; a version of a gallery is fetched for as long as the machine is there.
    private func disk(_ image: BootImage, _ folder: String) async throws -> (path: String, form: DiskForm) {
        switch image {
        case .path(let path):
            guard let form = try DiskForm.of(path) else { throw BootFailure.noDisk(image: path) }
            return (path, form)
        case .version(let version):
            guard let gallery else { throw GalleryFailure.noServer(image: image.name) }
            let place = "\(folder)/version"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
            try await gallery.fetch(try await gallery.find(version), into: place)
            let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
            for path in names.map({ "\(place)/\($0)" }) {
                if let form = try DiskForm.of(path) { return (path, form) }
            }
            throw BootFailure.noDisk(image: image.name)
        }
    }

    private func machine(
        _ disk: (path: String, form: DiskForm),
        _ values: BootValues?,
        _ folder: String
    ) async throws
        -> QEMUMachine
    {
        var machine = QEMUMachine(disk: disk.path, form: disk.form, memory: memory, processors: processors)
        machine.isFast = try await isFast(folder)
        machine.firmware = try firmware.file()
        switch network {
        case .none: break
        case .host: machine.network = .open
        case .server: machine.network = try values.map { .door(try ServerDoor(to: $0.url), program: program) }
        }
        guard let values else { return machine }
        let path = "\(folder)/boot"
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: Data(try values.text(door: machine.door).utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isMade else { throw LayerCacheFailure.folder(path: folder, reason: "boot cannot be written") }
        machine.values = path
        return machine
    }

    private func isFast(_ folder: String) async throws -> Bool {
        switch accelerator {
        case .tcg: false
        case .kvm: true
        case .auto: try await KernelMachineProbe(folder: folder).works()
        }
    }

    private func start(
        _ machine: QEMUMachine,
        _ folder: String,
        _ line: @escaping @Sendable (String) -> Void
    ) async throws {
        var tool = MachineTool(QEMUMachine.program, machine.arguments, hostNetwork: network != .none)
        // Changes go to a file there that has no name any more once it is open.
        tool.environment = ["TMPDIR": folder]
        do { try await tool.lines(in: folder, line) } catch let failure as SandboxFailure {
            try Task.checkCancellation()
            throw failure
        }
    }
}
