public import RoostLanguage
public import RoostTemplate

/// Builds templates of Image Builder on this machine, as root file systems in layers.
public struct AzureImageBuilderDriver: ImageBuilderDriver {
    /// The type of their targets.
    public static let type = "azure-image-builder"

    private let rootfs: RootfsDriver
    private let bases: ImageBases

    /// - Parameters:
    ///   - rootfs: makes the machines.
    ///   - bases: what the sources of templates are here.
    public init(_ rootfs: RootfsDriver, bases: ImageBases) {
        self.rootfs = rootfs
        self.bases = bases
    }

    public func refusal(of target: ImageTarget) -> Diagnostic? {
        guard settings(target) != nil else { return unknownSource(target) }
        let unmade = (target.destinations ?? []).first { ImageDistribution($0) == nil }
        return unmade.map { refusal(of: $0, target) }
    }

    private func unknownSource(_ target: ImageTarget) -> Diagnostic {
        let names = target.base.map(ImageBases.names) ?? []
        let example = names.last ?? "publisher:offer:sku"
        return .error(
            "image-build.base",
            "\(target.name) cannot be built here: this machine has nothing for its source\(names.first.map { " \"\($0)\"" } ?? "")",
            at: (target.settings["source"]?.range ?? target.range)?.span,
            advice: "Name a root file system for it in a file of bases, {\"\(example)\": \"base.tar.zst\"}, "
                + "and give that with --bases or ROOST_IMAGE_BASES."
        )
    }

    private func refusal(of destination: ImageDestination, _ target: ImageTarget) -> Diagnostic {
        .error(
            "image-build.distribute",
            "\(target.name) cannot be distributed as \"\(destination.name)\": nothing here stores it",
            at: (target.settings["distribute"]?.range ?? target.range)?.span,
            advice: "Distribute to a ManagedImage or a VHD, which are stored as files, or to a SharedImage."
        )
    }

    /// What the source is here; what the file of bases names for it, else the version of a gallery.
    private func settings(_ target: ImageTarget) -> ImageSettings? {
        guard let base = target.base else { return nil }
        if let settings = bases.settings(for: base) { return settings }
        guard case .galleryVersion(let version) = base else { return nil }
        var block = ImageSettings()
        block.set("gallery_name", SettingValue(.text(version.image.gallery)))
        block.set("image_name", SettingValue(.text(version.image.image)))
        block.set("image_version", SettingValue(.text(version.version)))
        var settings = ImageSettings()
        settings.set("shared_image_gallery", SettingValue(.object(block)))
        return settings
    }

    public func start(_ target: ImageTarget, _ context: BuildContext) async throws -> any ImageMachine {
        guard var settings = settings(target) else {
            throw ImageBuildFailure.setting(unknownSource(target).summary)
        }
        // The machines of Image Builder reach the network, and their steps count on it.
        if settings["network"] == nil { settings.set("network", SettingValue(.text("host"))) }
        settings.set("output", SettingValue(.text("image.tar.zst")))
        var options = try RootfsSettings(
            ImageTarget(name: target.name, type: RootfsDriver.type, settings: settings)
        )
        // The image lies in the work folder of the build until it is distributed.
        options.output = nil
        if let disk = try target.builderDisk { try DiskPrograms.check(disk) }
        // The first version that it becomes is written into it.
        options.publication = target.publications.first
        let machine = try await rootfs.machine(options, context)
        do {
            let numbers = try await numbers(target, machine, context)
            return AzureImageBuilderMachine(machine, target, numbers: numbers, context: context)
        } catch {
            await machine.discard()
            throw error
        }
    }

    /// The numbers of all versions that will be published, by the names of their outputs, before anything is made for them.
    private func numbers(
        _ target: ImageTarget,
        _ machine: RootfsMachine,
        _ context: BuildContext
    ) async throws -> [String: String] {
        var numbers: [String: String] = [:]
        for destination in target.destinations ?? [] {
            guard case .gallery(let publication) = destination.place else { continue }
            if numbers.isEmpty, let first = machine.build.link.number {
                numbers[destination.name] = first
            } else if let gallery = context.gallery {
                numbers[destination.name] = try await gallery.number(
                    for: publication,
                    source: machine.build.link.source
                )
            }
        }
        return numbers
    }
}

extension ImageTarget {
    /// Versions of galleries that it is distributed as.
    var publications: [GalleryPublication] {
        (destinations ?? []).compactMap { if case .gallery(let publication) = $0.place { publication } else { nil } }
    }

    /// The disk that it is distributed as, of the size that its machine has; nil when it is not.
    var builderDisk: DiskSettings? {
        get throws(RootfsFailure) {
            let isWanted = (destinations ?? []).contains { if case .vhd = $0.place { true } else { false } }
            guard isWanted else { return nil }
            var options = ImageSettings()
            let gigabytes = settings["vmProfile"]?.settings?["osDiskSizeGB"]?.number?.int
            if let gigabytes, gigabytes > 0 { options.set("disk_size", SettingValue(.text("\(gigabytes)G"))) }
            return try DiskSettings(.vhd, RootfsOptions(settings: options))
        }
    }
}
