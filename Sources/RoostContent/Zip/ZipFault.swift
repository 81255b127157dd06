public import RoostModel

/// Why an archive is not unpacked.
public enum ZipFault: UserFacingError, Hashable {
    case unreadable(path: String, reason: String)
    /// The bytes are no archive, or a damaged one.
    case damaged(String)
    /// A form of archives that is not read.
    case unsupported(entry: String, String)
    /// An entry would be written outside of the folder, or as no plain file.
    case unsafeName(String)
    case duplicate(String)
    case tooLarge(String)
    case notWritable(path: String, reason: String)

    public var code: String {
        switch self {
        case .unreadable, .notWritable: "zip.file"
        case .damaged: "zip.damaged"
        case .unsupported: "zip.unsupported"
        case .unsafeName: "zip.unsafe-name"
        case .duplicate: "zip.duplicate"
        case .tooLarge: "zip.too-large"
        }
    }

    public var summary: String {
        switch self {
        case .unreadable(_, let reason): "The archive cannot be read: \(reason)."
        case .damaged(let reason): "The archive is damaged or no ZIP archive: \(reason)."
        case .unsupported(let entry, let form): "The entry '\(entry)' of the archive \(form), which is not read."
        case .unsafeName(let name):
            "The entry '\(name)' of the archive does not stay in the folder, or is no plain file."
        case .duplicate(let name): "The entry '\(name)' is in the archive more than once."
        case .tooLarge(let what): "The archive is too large: \(what)."
        case .notWritable(_, let reason): "A file of the archive cannot be written: \(reason)."
        }
    }

    public var location: String? {
        switch self {
        case .unreadable(let path, _), .notWritable(let path, _): path
        case .damaged, .unsupported, .unsafeName, .duplicate, .tooLarge: nil
        }
    }

    public var advice: String? {
        switch self {
        case .unreadable, .notWritable: nil
        case .damaged: "Make or fetch it again."
        case .unsupported: "Pack the folder with 'zip -r', or give the folder itself."
        case .unsafeName, .duplicate: "Pack plain files and folders only, with relative names."
        case .tooLarge: "Leave out what is not needed when it runs, such as tests and sources."
        }
    }
}

/// How large an archive and what it holds may be.
public struct ZipLimits: Hashable, Sendable {
    public var entries: Int
    /// Bytes of all files, unpacked.
    public var unpacked: Int

    public init(entries: Int = 65_000, unpacked: Int = 1 << 30) {
        self.entries = entries
        self.unpacked = unpacked
    }
}
