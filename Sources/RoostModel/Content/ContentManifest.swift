/// The files of an artifact or a cache entry, and the chunks that hold their bytes.
///
/// The bytes of all files, one behind the other, are the bytes of all chunks, one behind the other; each file says where in them it begins. As text
/// it is lines, with paths percent-encoded where they hold controls, `%` or blanks:
///
///     roost-manifest 1
///     chunk SHA256 SIZE
///     folder MODE MODIFIED PATH
///     file MODE MODIFIED SIZE OFFSET PATH
///     link MODIFIED PATH TARGET
///
/// Modes are octal, moments whole nanoseconds since 1970.
public struct ContentManifest: Hashable, Sendable {
    public var chunks: [ContentChunk]
    public var entries: [Entry]

    /// A file, a folder or a symbolic link.
    public struct Entry: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// Offset is into the bytes of all chunks.
            case file(size: Int, offset: Int)
            case folder
            case link(target: String)
        }

        /// Relative, parts divided by `/`, none of them `.` or `..`.
        public var path: String
        public var kind: Kind
        /// Permission bits; 0 for a link.
        public var mode: Int
        /// Nanoseconds since 1970.
        public var modified: Int

        public init(path: String, kind: Kind, mode: Int, modified: Int) {
            self.path = path
            self.kind = kind
            self.mode = mode
            self.modified = modified
        }

        /// Bytes; 0 for all but files.
        public var size: Int { if case .file(let size, _) = kind { size } else { 0 } }
        public var isFile: Bool { if case .file = kind { true } else { false } }
    }

    public init(chunks: [ContentChunk] = [], entries: [Entry] = []) {
        self.chunks = chunks
        self.entries = entries
    }

    public var fileCount: Int { entries.count { if case .folder = $0.kind { false } else { true } } }
    /// Bytes of all files.
    public var size: Int { entries.reduce(0) { $0 + $1.size } }

    /// This one with the entries of another, which win where both have a path.
    public func adding(_ other: ContentManifest) -> ContentManifest {
        let base = chunks.reduce(0) { $0 + $1.size }
        let replaced = Set(other.entries.map(\.path))
        let moved = other.entries.map { entry in
            var entry = entry
            if case .file(let size, let offset) = entry.kind { entry.kind = .file(size: size, offset: offset + base) }
            return entry
        }
        return ContentManifest(
            chunks: chunks + other.chunks,
            entries: entries.filter { !replaced.contains($0.path) } + moved
        )
    }
}

/// Why a text is no manifest that may be used.
public struct ManifestFault: UserFacingError, Hashable {
    /// 1 is the first line; 0 is the whole.
    public var line: Int
    public var reason: String

    public init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    public var code: String { "content.manifest" }
    public var summary: String { "The list of files cannot be used: \(reason)." }
    public var location: String? { line > 0 ? "line \(line)" : nil }
    public var advice: String? { "Publish the files again." }
}
