import Foundation

/// Makes the first layer of a build.
struct RootfsBase {
    let build: RootfsBuild

    private enum Form: Equatable { case folder, archive, disk(DiskForm) }

    /// The layer, which is made when it is not there.
    func layer() async throws -> LayerRecord {
        switch build.settings.base {
        case .path(let path):
            let path = build.context.path(path)
            let form = try form(of: path)
            build.context.say(.step("Reading the base \(path)"))
            let digest = form == .folder ? try await FolderDigest.of(path) : try FileDigest.of(path)
            return try await made("base", digest: digest) { tree in
                switch form {
                case .folder: try await copy(path, tree)
                case .archive: try await unpack(path, tree)
                case .disk(let form): try await DiskBase(build: build, disk: path, form: form).fill(tree)
                }
            }
        case .gallery: return try await galleryLayer()
        case .bootstrap(let bootstrap):
            let digest = LayerKey.digest(
                ["bootstrap", bootstrap.suite, bootstrap.mirror ?? "", bootstrap.variant] + bootstrap.packages.sorted()
            )
            return try await made("bootstrap \(bootstrap.suite)", digest: digest) { tree in
                try await DebianBootstrap(build: build, settings: bootstrap).fill(tree)
            }
        }
    }

    /// The content of a version is known before it is fetched, so what is there already is not fetched again.
    private func galleryLayer() async throws -> LayerRecord {
        guard let source = build.link.source, let gallery = build.context.gallery else {
            throw GalleryFailure.noServer(image: "a version")
        }
        build.context.say(.step("The base is \(source.id)"))
        return try await version(
            "base \(source.definition) \(source.version)",
            digest: source.contentHash,
            id: source.id
        ) { folder in try await gallery.fetch(source, into: folder) }
    }

    /// The layer of a version, whose files are fetched into a folder when the layer is not there.
    func version(
        _ title: String,
        digest: String,
        id: String,
        _ fetch: (String) async throws -> Void
    ) async throws -> LayerRecord {
        try await made(title, digest: digest) { tree in
            let folder = "\(build.cache.folder)/\(build.place)/version"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try await fetch(folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            if let name = names.first(where: { $0.hasPrefix("rootfs.tar") || $0.hasSuffix(".tar") }) {
                return try await unpack("\(folder)/\(name)", tree)
            }
            for disk in names.map({ "\(folder)/\($0)" }) {
                guard let form = try DiskForm.of(disk) else { continue }
                return try await DiskBase(build: build, disk: disk, form: form).fill(tree)
            }
            throw GalleryFailure.noRootfs(id: id, files: names)
        }
    }

    private func form(of path: String) throws -> Form {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw RootfsFailure.baseMissing(path: path, reason: SandboxFailure.text(errno))
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return try DiskForm.of(path).map(Form.disk) ?? .archive
        default: throw RootfsFailure.baseUnknown(path: path)
        }
    }

    private func made(
        _ title: String,
        digest: String,
        _ fill: (String) async throws -> Void
    ) async throws
        -> LayerRecord
    {
        // Without further users files belong to others than they should.
        let key = LayerKey(parent: nil, step: digest, conditions: build.users == .alone ? ["alone"] : [])
        if build.usesCache, let record = build.cache.layer(key) {
            build.context.say(.detail("The layer of the base is there already"))
            return record
        }
        let place = "\(build.cache.folder)/\(build.place)/base"
        try FileManager.default.createDirectory(atPath: "\(place)/tree", withIntermediateDirectories: true)
        try await fill("\(place)/tree")
        let record = LayerRecord(
            identity: build.identity(key).digest,
            key: key.digest,
            parent: nil,
            title: title,
            made: build.context.now
        )
        try build.cache.keep(place, as: record)
        return record
    }

    private func copy(_ folder: String, _ tree: String) async throws {
        if OCIBase.isImage(folder) { return try await image(folder).fill(tree) }
        let owners = build.users == .alone ? ["--no-preserve=ownership"] : []
        try await MachineTool("cp", ["-a", "--reflink=auto"] + owners + ["--", "\(folder)/.", "\(tree)/"])
            .run(in: build.cache.folder)
    }

    /// How archives are unpacked in whatever way they are compressed; devices come from the sandbox.
    static let unpacking = [
        "-x", "-p", "--numeric-owner", "--xattrs", "--xattrs-include=user.*", "--xattrs-include=security.capability",
        "--exclude=./dev/*", "--exclude=dev/*",
    ]

    private var ownership: [String] { [build.users == .alone ? "--no-same-owner" : "--same-owner"] }

    private func image(_ folder: String) -> OCIBase {
        OCIBase(image: folder, cache: build.cache, place: "\(build.place)/layers", ownership: ownership)
    }

    private func unpack(_ archive: String, _ tree: String) async throws {
        let names = try await MachineTool("tar", ["-tf", archive]).text(in: build.cache.folder).split(separator: "\n")
        let isImage = OCIBase.isImage(names: names)
        let folder = "\(build.cache.folder)/\(build.place)/image"
        if isImage { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        try await MachineTool("tar", Self.unpacking + ownership + ["-f", archive, "-C", isImage ? folder : tree])
            .run(in: build.cache.folder)
        if isImage { try await image(folder).fill(tree) }
    }
}
