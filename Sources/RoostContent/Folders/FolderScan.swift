import Glibc
public import RoostModel

/// What is in a folder, before its files are read.
public struct FolderScan: Sendable {
    /// What to do with symbolic links.
    public enum Links: Sendable {
        case keep
        /// What they lead to is taken in their place.
        case follow
    }

    /// Where one path of the scan is on the disk.
    public struct Item: Sendable {
        /// As the manifest will have it, without sizes of files.
        public var entry: ContentManifest.Entry
        /// On the disk.
        public var place: String
    }

    public private(set) var items: [Item] = []
    /// Paths that are neither files, folders nor links, and links that lead nowhere.
    public private(set) var skipped: [String] = []
    private let links: Links
    private let ignore: IgnoreRules

    public init(links: Links = .keep, ignore: IgnoreRules = .none) {
        self.links = links
        self.ignore = ignore
    }

    /// Bytes of all files as they are now.
    public var size: Int { items.reduce(0) { $0 + $1.entry.size } }

    /// Adds a folder's content, or one file.
    ///
    /// - Parameters:
    ///   - path: a folder or a file.
    ///   - prefix: what its content is put under; empty puts it at the top. A file is put there under its own name.
    /// - Throws: ``FolderFault`` when it is not there or cannot be read.
    public mutating func add(_ path: String, under prefix: String = "") throws(FolderFault) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FolderFault(path, errno, doing: "read") }
        if status.st_mode & S_IFMT == S_IFDIR {
            if !prefix.isEmpty { append(prefix, path, status, .folder) }
            try walk(path, prefix, [Self.identity(status)])
        } else {
            let name = String(path.split(separator: "/").last ?? "file")
            append(
                prefix.isEmpty ? name : "\(prefix)/\(name)",
                path,
                status,
                .file(size: Int(status.st_size), offset: 0)
            )
        }
    }

    /// Gives all files and folders the modes that a place without modes gives them.
    public mutating func dropModes() {
        for place in items.indices {
            switch items[place].entry.kind {
            case .folder: items[place].entry.mode = 0o755
            case .file: items[place].entry.mode = 0o644
            case .link: break
            }
        }
    }

    private mutating func walk(_ folder: String, _ prefix: String, _ above: [FileIdentity]) throws(FolderFault) {
        for name in try FolderNames.sorted(in: folder) {
            let place = "\(folder)/\(name)"
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            var status = stat()
            // A file may go while it is looked at, as temporary ones do.
            guard lstat(place, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFLNK {
                guard links == .follow else {
                    if !ignore.ignores(path, isFolder: false) { addLink(path, place, status) }
                    continue
                }
                guard stat(place, &status) == 0 else {
                    skipped.append(path)
                    continue
                }
            }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            if ignore.ignores(path, isFolder: isFolder) { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                let own = Self.identity(status)
                guard !above.contains(own) else {
                    skipped.append(path)
                    continue
                }
                append(path, place, status, .folder)
                try walk(place, path, above + [own])
            case S_IFREG: append(path, place, status, .file(size: Int(status.st_size), offset: 0))
            default: skipped.append(path)
            }
        }
    }

    private mutating func addLink(_ path: String, _ place: String, _ status: stat) {
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let size = buffer.withMemoryRebound(to: CChar.self) { name in
                name.baseAddress.map { readlink(place, $0, name.count) } ?? 0
            }
            count = max(0, size)
        }
        guard !target.isEmpty else {
            skipped.append(path)
            return
        }
        append(path, place, status, .link(target: String(decoding: target, as: UTF8.self)))
    }

    private mutating func append(_ path: String, _ place: String, _ status: stat, _ kind: ContentManifest.Entry.Kind) {
        let isLink = if case .link = kind { true } else { false }
        let modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
        let mode = isLink ? 0 : Int(status.st_mode & 0o777)
        items.append(
            Item(entry: ContentManifest.Entry(path: path, kind: kind, mode: mode, modified: modified), place: place)
        )
    }

    private struct FileIdentity: Hashable {
        var device: UInt
        var number: UInt
    }

    private static func identity(_ status: stat) -> FileIdentity {
        FileIdentity(device: UInt(status.st_dev), number: UInt(status.st_ino))
    }
}

/// Names in a folder.
enum FolderNames {
    /// Without `.` and `..`, by their bytes, so that the same folder gives the same chunks.
    static func sorted(in path: String) throws(FolderFault) -> [String] {
        guard let folder = opendir(path) else { throw FolderFault(path, errno, doing: "read") }
        defer { closedir(folder) }
        var names: [String] = []
        while let item = readdir(folder) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// What the file system refused.
public struct FolderFault: UserFacingError, Hashable {
    public var path: String
    /// The error number of the system.
    public var error: Int32
    public var action: String

    init(_ path: String, _ error: Int32, doing action: String) {
        self.path = path
        self.error = error
        self.action = action
    }

    public var code: String {
        switch error {
        case ENOENT: "file.missing"
        case ENOSPC, EDQUOT: "disk.full"
        default: "file.failed"
        }
    }
    public var summary: String {
        error == ENOENT
            ? "The path '\(path)' does not exist."
            : "'\(path)' could not be \(action == "read" ? "read" : "written"): \(String(cString: strerror(error)))."
    }
    public var location: String? { path }
    public var advice: String? {
        switch error {
        case ENOENT: "Check the path; relative ones start at the sources folder."
        case ENOSPC, EDQUOT: "Free space on that disk."
        case EACCES, EPERM: "Give the agent's user the right to \(action) there."
        default: nil
        }
    }
}
