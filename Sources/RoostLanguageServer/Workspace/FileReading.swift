import FoundationEssentials

/// Files as the server reads them; it never writes any.
public protocol FileReading: Sendable {
    /// The text of a file; nil when there is none that can be read.
    func text(_ path: String) -> String?
    /// Whether a file or folder is there.
    func exists(_ path: String) -> Bool
    /// YAML files in a folder and the folders in it, sorted, at most so many.
    func yamlFiles(in folder: String, limit: Int) -> [String]
    /// Changes whenever the file does; nil when there is none.
    func stamp(_ path: String) -> Int?
}

/// The files of this machine.
public struct LocalFiles: FileReading {
    private static let sizeLimit = 10 << 20
    private static let skipped: Set<String> = [".git", "node_modules", ".build", ".venv"]

    public init() {}

    public func text(_ path: String) -> String? {
        guard let size = attributes(path)?[.size] as? Int, size <= Self.sizeLimit,
            let data = FileManager.default.contents(atPath: path)
        else { return nil }
        let bytes = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data
        return String(decoding: bytes, as: UTF8.self)
    }

    public func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    public func stamp(_ path: String) -> Int? {
        guard let attributes = attributes(path), let date = attributes[.modificationDate] as? Date else { return nil }
        var hasher = Hasher()
        hasher.combine(date)
        hasher.combine(attributes[.size] as? Int)
        return hasher.finalize()
    }

    /// Regular files only.
    private func attributes(_ path: String) -> [FileAttributeKey: Any]? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        return attributes
    }

    public func yamlFiles(in folder: String, limit: Int) -> [String] {
        var result: [String] = []
        var folders = [folder]
        var seen = 0
        while let current = folders.popLast(), result.count < limit, seen < limit * 20 {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: current)) ?? []
            for name in names.sorted() {
                seen += 1
                let path = "\(current)/\(name)"
                if name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
                    if attributes(path) != nil { result.append(path) }
                } else if !Self.skipped.contains(name), isFolder(path) {
                    folders.append(path)
                }
            }
        }
        return result.prefix(limit).sorted()
    }

    /// Links are not followed: they may lead in circles.
    private func isFolder(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeDirectory
    }
}

/// Files held in memory.
public struct MemoryFiles: FileReading {
    public var files: [String: String]

    public init(_ files: [String: String]) {
        self.files = files
    }

    public func text(_ path: String) -> String? { files[path] }
    public func exists(_ path: String) -> Bool {
        files[path] != nil || files.keys.contains { $0.hasPrefix("\(path)/") }
    }
    public func stamp(_ path: String) -> Int? { files[path]?.hashValue }
    public func yamlFiles(in folder: String, limit: Int) -> [String] {
        files.keys.filter { path in
            path.hasPrefix("\(folder)/") && (path.hasSuffix(".yml") || path.hasSuffix(".yaml"))
        }.sorted().prefix(limit).map { $0 }
    }
}
