import Foundation

/// Writes a disk out of layers, without mounting anything.
struct DiskOutput {
    let build: RootfsBuild
    let layers: [LayerRecord]
    let settings: DiskSettings

    private var folder: String { "\(build.cache.folder)/\(place)" }
    private var place: String { "\(build.place)/disk" }

    /// Writes it to a path, which the ledger knows.
    ///
    /// - Throws: ``RootfsFailure``, ``SandboxFailure``.
    func write(_ path: String) async throws {
        let view = try build.view(layers)
        let moment = try await moment()
        let ids = DiskIDs(
            content: LayerKey.digest([
                try await FolderDigest.of(view.root, over: view, in: build.cache.folder), settings.kernelArguments,
            ])
        )
        let boot = try await addFiles(ids)
        let full = try build.view(layers, and: "\(place)/layer/tree")
        let plan = try DiskPlan(try await content(full), settings, hasLoader: boot != nil, ids: ids)
        let raw = settings.form == .qcow2 ? "\(folder)/disk.raw" : path
        try await partition(raw, plan)
        try await DiskFileSystem(disk: raw, plan: plan, id: ids["root"], folder: folder, moment: moment)
            .fill(from: full, in: build.cache.folder)
        if boot != nil { try await DiskLoader(disk: raw, plan: plan, ids: ids, folder: folder, moment: moment).put() }
        try await convert(raw, to: path, plan, ids, moment)
        try sync(path)
    }

    /// The latest moment that times in the image may have: one that is set from outside, or that of the base's newest file.
    private func moment() async throws -> Int {
        if let text = build.context.environment["SOURCE_DATE_EPOCH"], let moment = Int(text), moment > 0 {
            return moment
        }
        guard let base = layers.first.flatMap({ LayerIdentity(digest: $0.identity)?.folder }) else { return 1 }
        let newest = Gathered(1)
        try await MachineTool("find", ["layers/\(base)/tree", "-type", "f", "-printf", "%Ts\n"])
            .lines(in: build.cache.folder) { line in newest.change { $0 = max($0, Int(line) ?? 0) } }
        return newest.value
    }

    private func content(_ view: SandboxPlan.Overlay) async throws -> DiskContent {
        let content = Gathered(DiskContent())
        try await MachineTool("find", [view.root, "-xdev", "-printf", "%s %y\n"], over: view)
            .lines(in: build.cache.folder) { line in content.change { $0.add(line) } }
        return content.value
    }

    // MARK: What a disk has besides the layers

    /// Adds them in a layer that is not kept.
    ///
    /// - Returns: what the loader starts; nil when the disk has none.
    private func addFiles(_ ids: DiskIDs) async throws -> BootFiles? {
        let sandbox = try build.sandbox(over: layers, place)
        defer { sandbox.end() }
        let boot = try await sandbox.waiting { [settings] in try Self.add(to: sandbox, settings, ids) }
        build.removePlaceholders(in: "\(folder)/layer/tree")
        if boot == nil {
            build.context.say(
                .detail("The disk has no boot loader: it starts with a kernel that is given from outside.")
            )
        }
        return boot
    }

    private static func add(to sandbox: Sandbox, _ settings: DiskSettings, _ ids: DiskIDs) throws -> BootFiles? {
        let names = (try? FolderEntries.of(sandbox.open("/boot", O_RDONLY | O_DIRECTORY), "/boot").map(\.0)) ?? []
        let files = settings.loader == DiskSettings.Loader.none ? nil : BootFiles.newest(of: names)
        guard files != nil || settings.loader != .grub else { throw RootfsFailure.noKernel }
        let table = FileSystemTable.text((try? sandbox.contents("/etc/fstab")) ?? "", root: ids["root"])
        for folder in ["/etc", "/run", "/sys"] { try sandbox.makeFolder(folder) }
        try sandbox.write(Array(table.utf8), to: "/etc/fstab", mode: 0o644)
        guard let files else { return nil }
        let text = GrubLoader(root: ids["root"])
            .configuration(files, partition: ids["partition"], arguments: settings.kernelArguments)
        try sandbox.makeFolder("/boot/grub")
        try sandbox.write(Array(text.utf8), to: GrubLoader.configurationPath, mode: 0o644)
        return files
    }

    // MARK: The disk

    private func partition(_ disk: String, _ plan: DiskPlan) async throws {
        let descriptor = open(disk, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failed(disk) }
        defer { close(descriptor) }
        guard ftruncate(descriptor, plan.size.bytes) == 0 else { throw failed(disk) }
        try Data(plan.table.utf8).write(to: URL(filePath: "\(folder)/table"))
        let line = #"exec sfdisk --quiet --no-reread --no-tell-kernel --lock=no "$1" < "$2""#
        try await MachineTool("sh", ["-c", line, "sh", disk, "\(folder)/table"]).run(in: build.cache.folder)
    }

    private func convert(_ raw: String, to path: String, _ plan: DiskPlan, _ ids: DiskIDs, _ moment: Int) async throws {
        switch settings.form {
        case .raw: return
        case .qcow2:
            try await MachineTool("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, path])
                .run(in: build.cache.folder)
        case .vhd:
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.seekToEnd()
            try file.write(contentsOf: VHDFooter(size: plan.size, id: ids["vhd"], time: moment).bytes)
            try file.close()
        }
    }

    private func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else { throw failed(path) }
        close(descriptor)
    }

    private func failed(_ path: String) -> RootfsFailure {
        .outputFailed(path: path, reason: SandboxFailure.text(errno))
    }
}
