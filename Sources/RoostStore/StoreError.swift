public import RoostModel

/// What can go wrong with the store.
public enum StoreError: UserFacingError, Hashable {
    /// The file was written by a newer Roost.
    case newerVersion(path: String, found: Int, known: Int)
    /// Another server has it open.
    case inUse(path: String, by: String)
    case cannotOpen(path: String, reason: String)
    /// The disk is full, or a quota is reached.
    case diskFull(path: String)
    /// The file is damaged.
    case corrupt(path: String, reason: String)
    case failed(path: String, reason: String)
    /// An earlier commit failed; see ``Store/recover()``.
    case needsRecovery(path: String)

    public var code: String {
        switch self {
        case .newerVersion: "store.newer-version"
        case .inUse: "store.in-use"
        case .cannotOpen: "store.cannot-open"
        case .diskFull: "store.disk-full"
        case .corrupt: "store.corrupt"
        case .failed: "store.failed"
        case .needsRecovery: "store.needs-recovery"
        }
    }

    public var location: String? {
        switch self {
        case .newerVersion(let path, _, _), .inUse(let path, _), .cannotOpen(let path, _), .diskFull(let path),
            .corrupt(let path, _), .failed(let path, _), .needsRecovery(let path):
            path
        }
    }

    public var summary: String {
        switch self {
        case .newerVersion(_, let found, let known):
            "The store was written by a newer Roost (schema \(found); this one knows \(known))."
        case .inUse(_, let owner): "The store is in use by another server (\(owner))."
        case .cannotOpen(_, let reason): "The store cannot be opened: \(reason)."
        case .diskFull: "The disk of the store is full."
        case .corrupt(_, let reason): "The store's file is damaged: \(reason)."
        case .failed(_, let reason): "The store cannot do this: \(reason)."
        case .needsRecovery: "The store refuses changes after a failed one."
        }
    }

    public var advice: String? {
        switch self {
        case .newerVersion: "Start the newer Roost, or restore a copy made before the upgrade."
        case .inUse: "Stop that server, or give this one another --data folder."
        case .cannotOpen: "Check that the folder exists and that this user may write to it."
        case .diskFull: "Free some space; nothing stored is lost, and work is accepted again by itself."
        case .corrupt: "Restore a copy; keep the damaged file for diagnosis."
        case .failed, .needsRecovery: nil
        }
    }
}
