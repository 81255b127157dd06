import FoundationEssentials
import Glibc
import SystemPackage

/// Folders of the blob store.
enum FolderTree {
    /// Makes a folder and those above it; existing ones are fine.
    static func make(_ path: FilePath) throws(Errno) {
        if mkdir(path.string, 0o700) == 0 { return }
        switch Errno(rawValue: errno) {
        case .fileExists: return
        case .noSuchFileOrDirectory where !path.removingLastComponent().isEmpty:
            try make(path.removingLastComponent())
            // Another task may have been faster.
            guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
        case let error: throw error
        }
    }

    /// Removes a file; a missing one is fine.
    static func remove(_ path: String) throws(Errno) {
        guard unlink(path) == 0 || errno == ENOENT else { throw Errno(rawValue: errno) }
    }

    /// Moves a folder away in one step.
    ///
    /// - Returns: false when there is none.
    static func move(_ path: FilePath, to target: FilePath) throws(Errno) -> Bool {
        if rename(path.string, target.string) == 0 { return true }
        guard errno == ENOENT else { throw Errno(rawValue: errno) }
        return false
    }

    /// Removes a folder and all in it; a missing one is fine.
    static func removeAll(_ path: FilePath) throws {
        do {
            try FileManager.default.removeItem(atPath: path.string)
        } catch let error as CocoaError where error.code == .fileNoSuchFile {
            return
        }
    }
}

extension StoreError {
    /// What an error of the file system means to people.
    init(_ error: Errno, path: String) {
        switch error {
        case .noSpace, .diskQuotaExceeded: self = .diskFull(path: path)
        case .permissionDenied, .notPermitted, .readOnlyFileSystem, .noSuchFileOrDirectory, .notDirectory:
            self = .cannotOpen(path: path, reason: error.description)
        case .ioError: self = .corrupt(path: path, reason: error.description)
        default: self = .failed(path: path, reason: error.description)
        }
    }
}
