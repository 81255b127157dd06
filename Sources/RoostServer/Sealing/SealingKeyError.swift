public import RoostModel

/// Why secrets cannot be sealed or opened.
public enum SealingKeyError: UserFacingError, Hashable {
    case unreadable(path: String, reason: String)
    case malformed(path: String, line: Int?)
    /// Other users may read the file.
    case exposed(path: String, mode: String)
    /// The store is there and its key is not.
    case missing(path: String)
    /// The store was sealed with a key that is not among those given.
    case lost(path: String, key: String)
    /// A value was sealed with another key, for another place, or is damaged.
    case wrongKey(place: String)
    /// A credential is made by others; it has no second key to go over to.
    case needsNewKey(path: String)

    public var code: String {
        switch self {
        case .missing, .lost: "sealing.key-lost"
        case .exposed: "sealing.key-exposed"
        case .needsNewKey: "sealing.needs-new-key"
        case .unreadable, .malformed, .wrongKey: "store.key"
        }
    }

    public var summary: String {
        switch self {
        case .unreadable(_, let reason): "The sealing key cannot be used: \(reason)."
        case .malformed: "The sealing key is damaged: 32 bytes in base64 were expected on each line."
        case .exposed(_, let mode): "The sealing key can be read by other users (mode \(mode))."
        case .missing: "The sealing key of the store is not there."
        case .lost(_, let key): "The store's secrets were sealed with the key \(key), which is not among those given."
        case .wrongKey(let place): "The secret '\(place)' was sealed with another key, or is damaged."
        case .needsNewKey: "The sealing key comes as a credential, and there is no newer one in it to change to."
        }
    }

    public var location: String? {
        switch self {
        case .unreadable(let path, _), .exposed(let path, _), .missing(let path), .lost(let path, _),
            .needsNewKey(let path):
            path
        case .malformed(let path, let line): line.map { "\(path):\($0)" } ?? path
        case .wrongKey: nil
        }
    }

    public var advice: String? {
        switch self {
        case .unreadable: "Check that this user may read it."
        case .malformed, .wrongKey: "Restore the key together with the store."
        case .exposed(let path, _): "Run 'chmod 600 \(path)'."
        case .missing, .lost:
            "Restore it, or say where it is with 'sealing-key'. Without it the secrets of this store cannot be read."
        case .needsNewKey: "Put a line of 32 random bytes in base64 before the others, and start again."
        }
    }
}
