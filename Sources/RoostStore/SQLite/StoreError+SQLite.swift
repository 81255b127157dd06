import GRDB
import RoostModel
import SystemPackage

extension StoreError {
    /// What an error of SQLite, of the file system, of a row or of a sealer means to people.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as StoredRowError: self = .corrupt(path: path, reason: error.description)
        case let error as Errno: self = .init(error, path: path)
        case let error as DatabaseError: self = .init(error, path: path)
        case let error as any UserFacingError: self = .failed(path: path, reason: error.summary)
        default: self = .failed(path: path, reason: String(describing: error))
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.extendedResultCode {
        // The wal index grows with the log, and there is no other reason why it could not.
        case .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMMAP:
            self = .diskFull(path: path)
            return
        default:
            break
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, reason: reason)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self = .cannotOpen(path: path, reason: reason)
        default: self = .failed(path: path, reason: reason)
        }
    }

    /// Whether a change failed for a reason of its own, so that others may still be written.
    static func isOwnFault(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return true }
        return switch error.resultCode {
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_RANGE: true
        default: false
        }
    }
}
