import RoostLanguage
import RoostTemplate

extension PreflightInquiry {
    /// Least room for a bootstrap of Debian, in bytes: its smallest variant comes to about 300 MiB.
    private static let bootstrapBytes = 512 << 20

    /// What a target needs of the machine that builds.
    mutating func checkMachine(_ target: ImageTarget, _ settings: PreflightSettings) {
        for (program, user, span) in Self.programs(of: target) { checkProgram(program, user, at: span) }
        if let output = Self.output(of: target) { checkOutput(output, target, settings) }
        if target.type == RootfsDriver.type { checkRoom(target, settings) }
    }

    // MARK: Programs

    /// With the type of what starts them.
    private static func programs(of target: ImageTarget) -> [(String, String, SourceSpan?)] {
        let span = target.place
        var programs = builderPrograms(target).map { ($0, target.type, span) }
        for step in target.provisioners where step.type == "ansible" {
            programs.append((step.settings.known("command") ?? "ansible-playbook", step.type, step.range?.span))
        }
        for step in target.postProcessors.flatMap({ $0 }) where step.type == "compress" {
            programs += compressors(step.settings).map { ($0, step.type, step.range?.span) }
        }
        return programs
    }

    private static func builderPrograms(_ target: ImageTarget) -> [String] {
        let settings = target.settings
        switch target.type {
        case "azure-arm", "azure-chroot": return ["packer"] + (settings.isTrue("use_azure_cli_auth") ? ["az"] : [])
        case "docker": return ["docker"]
        case "qemu": return [settings.known("qemu_binary") ?? "qemu-system-x86_64", "qemu-img"]
        case "lxc": return ["lxc-create", "lxc-attach"]
        case "lxd": return ["lxc"]
        case RootfsDriver.type: return settings.one("bootstrap") == nil ? ["tar"] : ["mmdebstrap", "tar"]
        default: return []
        }
    }

    private static func compressors(_ settings: ImageSettings) -> [String] {
        let form = CompressionForm(output: settings.known("output") ?? "", format: settings.known("format"))
        let chosen = form ?? .standard
        return (chosen.archive == .tar ? ["tar"] : []) + [chosen.program].compactMap(\.self)
    }

    private mutating func checkProgram(_ name: String, _ user: String, at span: SourceSpan?) {
        guard case .missing = ask(.machine(.program(name))) else { return }
        find(
            PreflightFinding(
                .error(
                    "preflight.program",
                    "The program \(name), which \(user) needs, is not in the folders of PATH",
                    at: span,
                    advice: Self.package(of: name).map { "It comes with Debian's package \($0)." }
                        ?? "Install it, or add its folder to PATH."
                )
            )
        )
    }

    private static func package(of program: String) -> String? {
        let packages = [
            "mmdebstrap": "mmdebstrap", "tar": "tar", "qemu-img": "qemu-utils", "gzip": "gzip", "bzip2": "bzip2",
            "qemu-system-x86_64": "qemu-system-x86", "xz": "xz-utils", "lz4": "lz4", "zstd": "zstd", "zip": "zip",
            "bgzip": "tabix", "ansible-playbook": "ansible", "docker": "docker.io", "lxc-create": "lxc",
        ]
        return packages[program]
    }

    // MARK: Files

    private static func output(of target: ImageTarget) -> PlacedText? {
        let settings = target.settings
        switch target.type {
        case "file": return settings.placed("target")
        case RootfsDriver.type: return settings.placed("output_directory") ?? settings.placed("output")
        case "qemu", "lxc":
            return settings.placed("output_directory")
                ?? PlacedText("output-\(target.sourceName)", target.place)
        case "docker": return settings.placed("export_path")
        default: return nil
        }
    }

    private mutating func checkOutput(_ output: PlacedText, _ target: ImageTarget, _ settings: PreflightSettings) {
        let path = settings.path(output.text)
        guard case .found(.place(let place)) = ask(.machine(.place(path))) else { return }
        // Those of the builders file and docker are written over.
        if place.isThere, !settings.isForced, !["file", "docker"].contains(target.type) {
            find(
                PreflightFinding(
                    .error(
                        "preflight.output-exists",
                        "\(output.text), which \(target.name) makes, is there already",
                        at: output.span,
                        advice: "Remove it, or build with -force, which replaces it."
                    )
                )
            )
        }
        checkWritable(place, "\(output.text) of \(target.name) cannot be made", at: output.span)
    }

    private mutating func checkWritable(_ place: PlaceFact, _ what: String, at span: SourceSpan?) {
        guard !place.isWritable else { return }
        find(
            PreflightFinding(
                .error(
                    "preflight.not-writable",
                    "\(what): \(place.folder) may not be written into",
                    at: span,
                    advice: "Choose another place, or change who owns the folder."
                )
            )
        )
    }

    // MARK: Room

    private mutating func checkRoom(_ target: ImageTarget, _ settings: PreflightSettings) {
        let span = target.place
        let needed = room(for: target, settings)
        if case .found(.place(let cache)) = ask(.machine(.place(settings.path(settings.cacheFolder)))) {
            checkWritable(cache, "The folder of layers \(settings.cacheFolder) cannot be used", at: span)
            check(cache, has: needed, "layers of \(target.name)", at: span)
        }
        guard let output = Self.output(of: target),
            case .found(.place(let place)) = ask(.machine(.place(settings.path(output.text))))
        else { return }
        check(place, has: needed, output.text, at: output.span)
    }

    /// What an image takes at least: as much as its base, of which an archive that is compressed has about a third.
    private mutating func room(for target: ImageTarget, _ settings: PreflightSettings) -> Int {
        guard let base = target.settings.placed("base") else {
            return target.settings.one("bootstrap") == nil ? 0 : Self.bootstrapBytes
        }
        guard case .found(.place(let place)) = ask(.machine(.place(settings.path(base.text)))), !place.isFolder else {
            return 0
        }
        let isPacked = [".gz", ".tgz", ".xz", ".zst", ".bz2"].contains { base.text.hasSuffix($0) }
        let (bytes, isTooMuch) = place.bytes.multipliedReportingOverflow(by: isPacked ? 3 : 1)
        return isTooMuch ? .max : bytes
    }

    private mutating func check(_ place: PlaceFact, has needed: Int, _ what: String, at span: SourceSpan?) {
        guard place.freeBytes < needed else { return }
        find(
            PreflightFinding(
                .error(
                    "preflight.space",
                    "There is too little room for \(what): about \(Self.mebibytes(needed)) are needed, and the file system of \(place.folder) has \(Self.mebibytes(place.freeBytes))",
                    at: span,
                    advice:
                        "Make room, for example with 'roost image cache prune', or choose another place (--cache-folder for layers)."
                )
            )
        )
    }

    private static func mebibytes(_ bytes: Int) -> String { "\((bytes >> 20) + (bytes & 0xFFFFF == 0 ? 0 : 1)) MiB" }
}
