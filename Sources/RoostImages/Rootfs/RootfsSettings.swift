import RoostTemplate

/// The options of `roost-rootfs`.
struct RootfsSettings: Sendable, Hashable {
    enum Format: String, Sendable, Hashable, CaseIterable { case folder, tar, oci, raw, qcow2, vhd }

    struct Bootstrap: Sendable, Hashable {
        var suite: String
        var mirror: String?
        var packages: [String]
        var variant: String
    }

    enum Base: Sendable, Hashable {
        case path(String)
        case bootstrap(Bootstrap)
        case gallery(GalleryImageVersion)
    }

    /// Something that has to succeed in the finished image.
    struct Test: Sendable, Hashable {
        enum Work: Sendable, Hashable {
            case lines([String])
            case script(String)
        }

        var name: String
        var work: Work
        var user: String?
    }

    var base: Base
    /// Where the files go; nil when the image only goes to a gallery.
    var output: String?
    var publication: GalleryPublication?
    var tests: [Test]
    /// Where the bills of materials go.
    var sbomFolder: String?
    var format: Format
    /// Whether the output is a folder.
    var isFolder: Bool
    var hasNetwork: Bool
    var hostName: String
    var environment: [String: String]
    var mounts: [SandboxPlan.Mount]
    /// What is asked of a disk; nil for other formats.
    var disk: DiskSettings?
    /// Whether what only one machine may have is taken out.
    var isGeneral: Bool

    /// Reads them.
    ///
    /// - Throws: ``RootfsFailure/option(_:reason:)``.
    init(_ target: ImageTarget) throws(RootfsFailure) {
        let settings = target.settings
        let reader = RootfsOptions(settings: settings)
        base = try Self.base(target, reader)
        publication = try Self.publication(target)
        let folder = try reader.text("output_directory")
        isFolder = folder != nil
        let file = try reader.text("output")
        output = folder ?? file
        guard output != nil || publication != nil else { throw .option("output", reason: "has to be given") }
        format = try reader.choice("format", folder == nil ? .tar : .folder)
        guard format == .oci || isFolder == (format == .folder) else {
            throw .option(
                "format",
                reason: "is \"\(format.rawValue)\", which \"output_directory\" or \"output\" contradicts"
            )
        }
        hasNetwork = try reader.choice("network", Network.none) == .host
        hostName = try reader.text("hostname") ?? "image"
        environment = try reader.texts("environment")
        disk = try DiskSettings.Form(rawValue: format.rawValue).map { form throws(RootfsFailure) in
            try DiskSettings(form, reader)
        }
        isGeneral = try reader.truth("generalize", default: true)
        mounts = []
        for block in try reader.blocks("mount") { mounts.append(try Self.mount(block)) }
        tests = []
        for block in try reader.blocks("test") { tests.append(try Self.test(block, number: tests.count + 1)) }
        sbomFolder = try reader.text("sbom_directory")
    }

    private static func base(_ target: ImageTarget, _ reader: RootfsOptions) throws(RootfsFailure) -> Base {
        if let block = target.settings["bootstrap"]?.settings {
            return .bootstrap(try bootstrap(RootfsOptions(settings: block)))
        }
        guard target.settings["shared_image_gallery"] != nil else { return .path(try reader.needed("base")) }
        guard case .galleryVersion(let version)? = target.base else {
            throw .option("shared_image_gallery", reason: "has to be known before the build")
        }
        return .gallery(version)
    }

    private static func publication(_ target: ImageTarget) throws(RootfsFailure) -> GalleryPublication? {
        let name = "shared_image_gallery_destination"
        guard target.settings[name] != nil else { return nil }
        for place in target.destinations ?? [] {
            if case .gallery(let publication) = place.place { return publication }
        }
        throw .option(name, reason: "has to be known before the build")
    }

    private static func test(_ reader: RootfsOptions, number: Int) throws(RootfsFailure) -> Test {
        let (script, lines) = (try reader.text("script"), try reader.list("inline"))
        return Test(
            name: try reader.text("name") ?? "test \(number)",
            work: script.map { .script($0) } ?? .lines(lines),
            user: try reader.text("user")
        )
    }

    private enum Network: String, CaseIterable { case none, host }

    private static func bootstrap(_ reader: RootfsOptions) throws(RootfsFailure) -> Bootstrap {
        Bootstrap(
            suite: try reader.needed("suite"),
            mirror: try reader.text("mirror"),
            packages: try reader.list("packages"),
            variant: try reader.text("variant") ?? "minbase"
        )
    }

    private static func mount(_ reader: RootfsOptions) throws(RootfsFailure) -> SandboxPlan.Mount {
        let target = try reader.needed("target")
        guard target.hasPrefix("/"), target != "/", !target.split(separator: "/").contains("..") else {
            throw .option("target", reason: "has to be an absolute path below /")
        }
        return SandboxPlan.Mount(
            source: try reader.needed("source"),
            target: target,
            isReadOnly: try reader.truth("read_only", default: true)
        )
    }

    /// What a step's result depends on besides the step and the layers below.
    var conditions: [String] {
        ["network \(hasNetwork)", "hostname \(hostName)"] + environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
            + mounts.map { "mount \($0.source) \($0.target) \($0.isReadOnly)" }
    }
}

/// Reads options as what they have to be.
struct RootfsOptions {
    let settings: ImageSettings

    func text(_ name: String) throws(RootfsFailure) -> String? {
        guard let value = settings[name] else { return nil }
        guard case .text(let text) = value.form else {
            throw .option(name, reason: "has to be a text that is known before the build")
        }
        return text.isEmpty ? nil : text
    }

    func needed(_ name: String) throws(RootfsFailure) -> String {
        guard let text = try text(name) else { throw .option(name, reason: "has to be given") }
        return text
    }

    func choice<Choice>(_ name: String, _ standard: Choice) throws(RootfsFailure) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let text = try text(name) else { return standard }
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw .option(name, reason: "has to be one of \(names)")
        }
        return choice
    }

    func truth(_ name: String, default standard: Bool) throws(RootfsFailure) -> Bool {
        guard let value = settings[name] else { return standard }
        guard let truth = value.truth else { throw .option(name, reason: "has to be true or false") }
        return truth
    }

    func blocks(_ name: String) throws(RootfsFailure) -> [RootfsOptions] {
        var blocks: [RootfsOptions] = []
        for element in settings[name]?.list ?? [] {
            guard let block = element.settings else { throw .option(name, reason: "has to be a block") }
            blocks.append(RootfsOptions(settings: block))
        }
        return blocks
    }

    func list(_ name: String) throws(RootfsFailure) -> [String] {
        var texts: [String] = []
        for element in settings[name]?.list ?? [] {
            guard case .text(let text) = element.form else {
                throw .option(name, reason: "has to be a list of texts that are known before the build")
            }
            texts.append(text)
        }
        return texts
    }

    func texts(_ name: String) throws(RootfsFailure) -> [String: String] {
        var texts: [String: String] = [:]
        for entry in settings[name]?.settings?.entries ?? [] {
            guard case .text(let text) = entry.value.form else {
                throw .option(name, reason: "has to be a map of texts that are known before the build")
            }
            texts[entry.name] = text
        }
        return texts
    }
}
