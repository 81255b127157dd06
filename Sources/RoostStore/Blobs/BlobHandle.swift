import CRoostLinux
import Glibc
import SystemPackage

/// An open file of a blob; closed when nobody uses it any more, so that a read never meets another file under its number.
final class BlobHandle: Sendable {
    private let descriptor: FileDescriptor

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - create: makes it when there is none; its folder must exist.
    /// - Throws: `Errno`.
    init(_ path: String, create: Bool) throws(Errno) {
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: create ? [.create, .closeOnExec] : [.closeOnExec],
                permissions: [.ownerReadWrite]
            )
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }

    deinit { try? descriptor.close() }

    /// Writes all bytes, in one system call unless the kernel takes fewer.
    func write(_ bytes: some Sequence<UInt8>, at offset: Int) throws(Errno) {
        try catching { _ = try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes) }
    }

    /// Reads a range; shorter when the file ends within it.
    func read(_ range: Range<Int>) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            let space = UnsafeMutableRawBufferPointer(buffer)
            do {
                while count < range.count {
                    let rest = UnsafeMutableRawBufferPointer(rebasing: space[count...])
                    let taken = try descriptor.read(fromAbsoluteOffset: Int64(range.lowerBound + count), into: rest)
                    if taken == 0 { break }
                    count += taken
                }
            } catch {
                failure = error as? Errno ?? .ioError
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func size() throws(Errno) -> Int {
        var size: Int64 = 0
        try catching { size = try descriptor.seek(offset: 0, from: .end) }
        return Int(size)
    }

    func truncate(to size: Int) throws(Errno) {
        guard ftruncate(descriptor.rawValue, size) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Returns once the content would survive a power cut; of a new file, on ext4 and XFS, its place in the folder too.
    func sync() throws(Errno) {
        guard fdatasync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The same for all files of its file system.
    func syncFileSystem() throws(Errno) {
        guard roost_sync_file_system(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    private func catching(_ body: () throws -> Void) throws(Errno) {
        do {
            try body()
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }
}
