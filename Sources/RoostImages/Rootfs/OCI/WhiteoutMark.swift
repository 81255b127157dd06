import Foundation

/// A file `.wh.NAME` of a layer of an image of containers, which says that something below it is gone.
struct WhiteoutMark {
    enum Meaning: Hashable {
        case removes(String)
        /// Nothing of lower layers is seen in the folder.
        case hidesBelow(String)
        /// A note of the file system that wrote layers once.
        case nothing
    }

    let path: String
    let meaning: Meaning

    init(_ path: String) {
        self.path = path
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        if name == ".wh..wh..opq" {
            meaning = .hidesBelow(folder)
        } else if name.hasPrefix(".wh.") && !name.hasPrefix(".wh..wh.") && name.count > 4 {
            meaning = .removes("\(folder)/\(name.dropFirst(4))")
        } else {
            meaning = .nothing
        }
    }

    /// Removes the file; a folder of such a name stays.
    func remove() throws(SandboxFailure) {
        guard unlink(path) == 0 || errno == EISDIR || errno == EPERM else { throw .file(path: path, error: errno) }
    }

    /// Puts what an overlay takes for a removal; what stands there already stays.
    static func place(at path: String) throws(SandboxFailure) {
        // A device without a number, which anybody may make.
        guard mknod(path, S_IFCHR, 0) == 0 || errno == EEXIST else { throw .file(path: path, error: errno) }
    }

    /// The same at a path within a folder, unless a folder above it is removed there.
    ///
    /// - Returns: whether it is there now.
    static func place(at folder: String, inner: String) throws -> Bool {
        var place = folder
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let names = inner.split(separator: "/")
        for name in names.dropLast() {
            place += "/\(name)"
            guard mkdir(place, 0o755) == 0 || errno == EEXIST else {
                throw SandboxFailure.file(path: place, error: errno)
            }
            var status = stat()
            guard lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return true }
        }
        // The top folder itself hides nothing that an overlay could be told of.
        guard let last = names.last else {
            throw RootfsFailure.baseMissing(path: folder, reason: "a layer hides everything below it")
        }
        try Self.place(at: "\(place)/\(last)")
        return true
    }
}
