import Glibc
import Synchronization
import SystemPackage

/// Keeps a second server off the same store: a lock on a file beside it, held as long as the store is open.
///
/// The kernel drops the lock with the process, however it ends, so no stale lock is left. The file itself stays, because removing it
/// would let two servers lock two files of the same name.
final class StoreLock: Sendable {
    private let descriptor: Mutex<FileDescriptor?>

    /// Takes the lock.
    ///
    /// - Parameter path: the store's file; the lock's is beside it.
    /// - Throws: ``StoreError/inUse(path:by:)`` naming the holder, or that the lock's file cannot be made.
    init(for path: String) throws(StoreError) {
        let file = path + ".lock"
        let opened: FileDescriptor
        do {
            opened = try FileDescriptor.open(
                FilePath(file),
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite]
            )
        } catch {
            throw Self.cannotOpen(path, error)
        }
        guard flock(opened.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = Errno(rawValue: errno)
            let holder = Self.text(of: opened)
            try? opened.close()
            if reason == .wouldBlock { throw .inUse(path: path, by: holder) }
            throw .cannotOpen(path: path, reason: "locking \(file): \(reason.description)")
        }
        descriptor = Mutex(opened)
        Self.write("process \(getpid()) on \(Self.hostName)\n", to: opened)
    }

    deinit { release() }

    func release() {
        let held = descriptor.withLock { held in
            defer { held = nil }
            return held
        }
        guard let held else { return }
        // Closing alone would leave the lock with a child that another thread has forked and that has not yet become its program.
        flock(held.rawValue, LOCK_UN)
        try? held.close()
    }

    private static func cannotOpen(_ path: String, _ error: any Error) -> StoreError {
        if let error = error as? Errno, error == .noSpace || error == .diskQuotaExceeded {
            return .diskFull(path: path)
        }
        return .cannotOpen(path: path, reason: String(describing: error))
    }

    /// Who holds the lock; on a full disk the name may be missing, and the lock holds all the same.
    private static func write(_ text: String, to file: FileDescriptor) {
        guard ftruncate(file.rawValue, 0) == 0 else { return }
        _ = try? file.writeAll(toAbsoluteOffset: 0, text.utf8)
    }

    private static func text(of file: FileDescriptor) -> String {
        let bytes = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            count = (try? file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return line.isEmpty ? "unknown" : String(decoding: line, as: UTF8.self)
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown host" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
