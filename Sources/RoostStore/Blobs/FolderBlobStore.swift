import Dispatch
import FoundationEssentials
import SystemPackage
import Synchronization

/// Blobs as files of a folder.
///
/// The blob `runs/17/logs/3` is the file `runs/17/logs/3~`: a header of 64 bytes (``BlobHeader``), then the content. An
/// append is two system calls: the bytes, then the header that counts them. A process killed at any byte of it leaves either the
/// old count or the new one, so nothing has to be repaired at a start, and no file is even looked at before it is asked for.
///
/// One process at a time may write to a folder; the lock of the ``SQLiteStore`` beside it sees to that.
public final class FolderBlobStore: BlobStore {
    /// What an append that returned survives.
    public enum Durability: Sendable {
        /// The end of the process at any instruction, and what the kernel has written by itself of a power cut.
        case processEnd
        /// A power cut too: an append returns after a sync, which all appends of the moment share.
        case powerCut
    }

    private let root: FilePath
    private let files: BlobFiles
    private let durability: Durability
    /// File operations may block, which the threads of tasks must not.
    private let queue = DispatchQueue(label: "roost.blobs", attributes: .concurrent)
    private let syncer: BlobSyncer
    private let trashCount = Atomic(0)
    /// Most bytes a follower is given at once; also most it holds in memory.
    private let chunkLimit = 256 << 10

    /// Opens a folder, making it when there is none.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - durability: what an append that returned survives.
    ///   - openFileLimit: most files kept open between operations.
    /// - Throws: ``StoreError`` when the folder cannot be made.
    public init(
        path: String,
        durability: Durability = .processEnd,
        openFileLimit: Int = 256
    ) throws(StoreError) {
        let root = FilePath(path)
        self.root = root
        self.durability = durability
        files = BlobFiles(limit: openFileLimit) { Self.file(of: $0, in: root).string }
        syncer = BlobSyncer(queue: queue)
        do {
            try FolderTree.make(root)
            // A deletion that was cut short goes on here.
            try FolderTree.removeAll(root.appending(Self.trash))
        } catch let error as Errno {
            throw StoreError(error, path: path)
        } catch {
            throw .cannotOpen(path: path, reason: String(describing: error))
        }
    }

    /// No key begins with a dot.
    private static let trash = ".trash"

    /// No key holds a tilde, so a blob and the folder of the blobs under it never meet.
    private static func file(of key: BlobKey, in root: FilePath) -> FilePath { root.appending("\(key)~") }

    private func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { () throws(StoreError) in try body() }) }
        }
        return try result.get()
    }

    private func sync(_ handle: BlobHandle?, _ key: BlobKey) async throws(StoreError) {
        guard durability == .powerCut, let handle else { return }
        do {
            try await syncer.sync(handle)
        } catch {
            throw StoreError(error, path: Self.file(of: key, in: root).string)
        }
    }

    public func append(_ bytes: [UInt8], to key: BlobKey, at offset: Int?) async throws -> Int {
        let (size, written) = try await run { [files] () throws(StoreError) in
            try files.with(key) { file throws(StoreError) in try file.append(bytes, at: offset) }
        }
        try await sync(written, key)
        return size
    }

    public func finish(_ key: BlobKey) async throws {
        let handle = try await run { [files] () throws(StoreError) in
            try files.with(key) { file throws(StoreError) in try file.finish() }
        }
        try await sync(handle, key)
    }

    public func read(_ key: BlobKey, _ range: Range<Int>) async throws -> [UInt8] {
        try await run { [files] () throws(StoreError) in
            try files.with(key) { file throws(StoreError) in try file.read(range) }
        }
    }

    public func size(_ key: BlobKey) async throws -> Int? { try await header(key)?.length }

    public func isFinished(_ key: BlobKey) async throws -> Bool { try await header(key)?.finished ?? false }

    private func header(_ key: BlobKey) async throws(StoreError) -> BlobHeader? {
        try await run { [files] () throws(StoreError) in
            try files.with(key) { file throws(StoreError) in try file.header() }
        }
    }

    /// Chunks as they come; see ``BlobStore/follow(_:from:)``.
    ///
    /// The follower asks for the next chunk when it wants one, and it is read from the file then. A slow one holds no memory, and
    /// delays nobody. A blob that does not exist yet is waited for; one that is deleted ends the stream.
    public func follow(_ key: BlobKey, from offset: Int) -> AsyncThrowingStream<[UInt8], any Error> {
        let follower = Follower(file: files.pin(key), key: key, files: files, offset: max(offset, 0))
        return AsyncThrowingStream { [self] in try await next(follower) }
    }

    private func next(_ follower: Follower) async throws -> [UInt8]? {
        while !Task.isCancelled {
            let offset = follower.offset
            switch try await run({ [chunkLimit] () throws(StoreError) in
                try follower.file.chunk(at: offset, limit: chunkLimit)
            }) {
            case .bytes(let bytes):
                follower.advance(by: bytes.count)
                return bytes
            case .end: return nil
            case .missing where follower.hasSeenBlob: return nil
            case .missing: break
            case .nothing: follower.advance(by: 0)
            }
            await follower.file.change(after: offset, hasSeenBlob: follower.hasSeenBlob)
        }
        return nil
    }

    public func delete(_ key: BlobKey) async throws {
        try await run { [files] () throws(StoreError) in
            try files.with(key) { file throws(StoreError) in try file.delete() }
        }
    }

    public func deleteAll(under prefix: BlobKey) async throws {
        try await run { [self] () throws(StoreError) in
            let bin = root.appending(Self.trash)
            let place = bin.appending(String(trashCount.wrappingAdd(1, ordering: .relaxed).newValue))
            do {
                try FolderTree.make(bin)
                // Gone in one step, whatever happens while the files are removed.
                let found = try FolderTree.move(root.appending("\(prefix)"), to: place)
                for file in files.under(prefix) { file.forgetFile() }
                if found { try FolderTree.removeAll(place) }
            } catch let error as Errno {
                throw StoreError(error, path: root.appending("\(prefix)").string)
            } catch {
                throw StoreError.failed(path: root.string, reason: String(describing: error))
            }
        }
    }
}

/// Where one follower is; it keeps its blob pinned as long as it lives.
private final class Follower: Sendable {
    let file: BlobFile
    private let key: BlobKey
    private let files: BlobFiles
    private let place: Mutex<(offset: Int, hasSeenBlob: Bool)>

    init(file: BlobFile, key: BlobKey, files: BlobFiles, offset: Int) {
        self.file = file
        self.key = key
        self.files = files
        place = Mutex((offset, false))
    }

    deinit { files.unpin(key) }

    var offset: Int { place.withLock { $0.offset } }
    var hasSeenBlob: Bool { place.withLock { $0.hasSeenBlob } }

    func advance(by count: Int) {
        place.withLock { place in
            place.offset += count
            place.hasSeenBlob = true
        }
    }
}
