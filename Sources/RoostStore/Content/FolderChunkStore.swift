import Dispatch
public import FoundationEssentials
import Glibc
public import RoostModel
import Synchronization
import SystemPackage

/// Chunks as files of a folder: `SPACE/ab/abcdef…`, written under another name and renamed.
///
/// The time a file was last changed is when the chunk was last used.
public final class FolderChunkStore: ChunkStore {
    private let root: String
    private let temporary: String
    private let count = Atomic(0)
    /// Looking at the time of a file and removing it must not be divided by somebody who uses the file.
    private let use = Mutex(())
    /// File operations may block, which the threads of tasks must not.
    private let queue = DispatchQueue(label: "roost.chunks", attributes: .concurrent)

    /// A store in a folder, which is made with the first chunk.
    ///
    /// What a writer that was killed left is removed at once.
    ///
    /// - Parameter path: used by one process at a time.
    public init(path: String) {
        root = path
        temporary = "\(path)/.new"
        try? FolderTree.removeAll(FilePath(temporary))
    }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { () throws(StoreError) in try body() }) }
        }
        return try result.get()
    }

    private func folder(_ chunk: ChunkID, _ space: String) -> String {
        "\(root)/\(space)/\(chunk.description.prefix(2))"
    }

    private func file(_ chunk: ChunkID, _ space: String) -> String { "\(folder(chunk, space))/\(chunk)" }

    public func missing(_ chunks: [ChunkID], in space: String) async throws -> [ChunkID] {
        try await run { [self] () throws(StoreError) in
            chunks.filter { chunk in
                // Setting the times of a file is also the question whether it is there.
                use.withLock { _ in utimensat(AT_FDCWD, file(chunk, space), nil, 0) } != 0
            }
        }
    }

    public func put(_ chunk: ChunkID, _ stored: [UInt8], in space: String) async throws {
        try await run { [self] () throws(StoreError) in
            let place = "\(temporary)/\(getpid())-\(count.wrappingAdd(1, ordering: .relaxed).newValue)"
            do throws(Errno) {
                try write(stored, to: place)
                do throws(Errno) { try move(place, chunk, space) } catch {
                    unlink(place)
                    throw error
                }
            } catch {
                throw StoreError(error, path: root)
            }
        }
    }

    private func write(_ bytes: [UInt8], to place: String) throws(Errno) {
        var descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == ENOENT {
            try FolderTree.make(FilePath(temporary))
            descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = Errno(rawValue: errno)
                unlink(place)
                throw error
            }
            done += count
        }
    }

    private func move(_ place: String, _ chunk: ChunkID, _ space: String) throws(Errno) {
        let target = file(chunk, space)
        if rename(place, target) == 0 { return }
        guard errno == ENOENT else { throw Errno(rawValue: errno) }
        try FolderTree.make(FilePath(folder(chunk, space)))
        guard rename(place, target) == 0 else { throw Errno(rawValue: errno) }
    }

    public func read(_ chunk: ChunkID, in space: String) async throws -> [UInt8]? {
        try await run { [self] () throws(StoreError) in
            do throws(Errno) { return try contents(of: file(chunk, space)) } catch {
                throw StoreError(error, path: file(chunk, space))
            }
        }
    }

    private func contents(of path: String) throws(Errno) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Errno(rawValue: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Errno(rawValue: errno) }
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, done in
            done = 0
            while done < buffer.count {
                let count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = Errno(rawValue: errno) }
                guard count > 0 else { return }
                done += count
            }
        }
        if let failure { throw failure }
        return bytes
    }

    public func delete(_ chunk: ChunkID, in space: String) async throws {
        try await run { [self] () throws(StoreError) in
            do throws(Errno) { try FolderTree.remove(file(chunk, space)) } catch {
                throw StoreError(error, path: file(chunk, space))
            }
        }
    }

    public func spaces() async throws -> [String] {
        try await run { [self] () throws(StoreError) in names(in: root).filter { $0.first != "." } }
    }

    public func sweep(_ space: String, keeping kept: Set<ChunkID>, usedBefore limit: Date) async throws -> ChunkSweep {
        try await run { [self] () throws(StoreError) in
            var sweep = ChunkSweep()
            for folder in names(in: "\(root)/\(space)") {
                for name in names(in: "\(root)/\(space)/\(folder)") {
                    guard let chunk = ChunkID(name), !kept.contains(chunk),
                        let size = removeUnused("\(root)/\(space)/\(folder)/\(name)", limit)
                    else {
                        sweep.left += 1
                        continue
                    }
                    sweep.removed += 1
                    sweep.freed += size
                }
            }
            return sweep
        }
    }

    /// Bytes that are free now; nil when the file stays.
    private func removeUnused(_ path: String, _ limit: Date) -> Int? {
        use.withLock { _ in
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            let used = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
            guard used < limit.timeIntervalSince1970, unlink(path) == 0 else { return nil }
            return Int(status.st_size)
        }
    }

    private func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
}
