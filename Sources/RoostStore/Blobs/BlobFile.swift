import Synchronization
import SystemPackage

/// One blob: its file, how much of it counts, and who waits for more.
///
/// There is at most one of these for a key at a time (``BlobFiles``), so its count is the truth while it lives.
final class BlobFile: Sendable {
    /// What a follower finds at its place.
    enum Chunk: Sendable {
        case bytes([UInt8])
        /// Nothing yet; more may come.
        case nothing
        /// There is no such blob.
        case missing
        case end
    }

    private enum Phase: Sendable {
        /// The file has not been looked at.
        case unread
        case missing
        case present(BlobHeader)
    }

    private struct State: Sendable {
        var phase = Phase.unread
        var handle: BlobHandle?
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
        var lastTicket = 0
    }

    private let path: String
    private let state = Mutex(State())

    /// The blob of a file, which need not exist.
    init(path: String) { self.path = path }

    // MARK: Writing

    /// Appends bytes as ``BlobStore/append(_:to:at:)`` says.
    ///
    /// - Parameters:
    ///   - bytes: what to add.
    ///   - offset: where they belong; nil is the end.
    /// - Returns: the size after it, and the handle to sync, nil when nothing was written.
    /// - Throws: ``StoreError``; the blob is then as it was.
    func append(_ bytes: [UInt8], at offset: Int?) throws(StoreError) -> (size: Int, written: BlobHandle?) {
        let (result, woken) = try change { state throws(StoreError) -> (size: Int, written: BlobHandle?) in
            let (handle, header) = try openForWriting(&state)
            let known = header.length - (offset ?? header.length)
            guard known >= 0 else {
                throw .failed(path: path, reason: "bytes from \(header.length) on are missing before this append")
            }
            guard known < bytes.count else { return (header.length, nil) }
            guard !header.finished else { throw .failed(path: path, reason: "it is finished") }
            let new = BlobHeader(length: header.length + bytes.count - known)
            do {
                try handle.write(bytes[known...], at: BlobHeader.size + header.length)
                try handle.write(new.bytes, at: 0)
            } catch {
                // What was written of it does not count; on a full disk its space is wanted back.
                try? handle.truncate(to: BlobHeader.size + header.length)
                throw StoreError(error, path: path)
            }
            state.phase = .present(new)
            return (new.length, handle)
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Marks the end.
    ///
    /// - Returns: the handle to sync.
    /// - Throws: ``StoreError``.
    func finish() throws(StoreError) -> BlobHandle {
        let (result, woken) = try change { state throws(StoreError) in
            var (handle, header) = try openForWriting(&state)
            header.finished = true
            do { try handle.write(header.bytes, at: 0) } catch { throw StoreError(error, path: path) }
            state.phase = .present(header)
            return handle
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// Deletes the file; without one it does nothing.
    func delete() throws(StoreError) {
        let (_, woken) = try change { state throws(StoreError) in
            do { try FolderTree.remove(path) } catch { throw StoreError(error, path: path) }
            state.phase = .missing
            state.handle = nil
        }
        for continuation in woken { continuation.resume() }
    }

    /// The file was removed together with its folder.
    func forgetFile() {
        let woken = state.withLock { state in
            state.phase = .missing
            state.handle = nil
            return Self.wakeAll(&state)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Runs a change under the lock; who waited is woken after it, outside the lock.
    private func change<Value: Sendable>(
        _ body: (inout State) throws(StoreError) -> Value
    ) throws(StoreError) -> (Value, [CheckedContinuation<Void, Never>]) {
        try state.withLock { state throws(StoreError) in
            let value = try body(&state)
            return (value, Self.wakeAll(&state))
        }
    }

    private static func wakeAll(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        defer { state.waiting = [:] }
        return Array(state.waiting.values)
    }

    // MARK: Opening

    private func openForWriting(_ state: inout State) throws(StoreError) -> (BlobHandle, BlobHeader) {
        do {
            if let open = try open(&state) { return open }
            let handle = try create()
            // An append that never returned may have left bytes of a file whose header was never written.
            try handle.truncate(to: 0)
            try handle.write(BlobHeader().bytes, at: 0)
            state.handle = handle
            state.phase = .present(BlobHeader())
            return (handle, BlobHeader())
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private func create() throws -> BlobHandle {
        do {
            return try BlobHandle(path, create: true)
        } catch  where error == .noSuchFileOrDirectory {
            try FolderTree.make(FilePath(path).removingLastComponent())
            return try BlobHandle(path, create: true)
        }
    }

    /// The open file and what counts of it; nil when there is none.
    private func open(_ state: inout State) throws -> (BlobHandle, BlobHeader)? {
        if case .missing = state.phase { return nil }
        if let handle = state.handle, case .present(let header) = state.phase { return (handle, header) }
        let handle: BlobHandle
        do {
            handle = try BlobHandle(path, create: false)
        } catch  where error == .noSuchFileOrDirectory {
            state.phase = .missing
            return nil
        }
        if case .unread = state.phase {
            guard let header = try readHeader(handle) else {
                state.phase = .missing
                return nil
            }
            state.phase = .present(header)
        }
        state.handle = handle
        guard case .present(let header) = state.phase else { return nil }
        return (handle, header)
    }

    /// Nil when the first append never came as far as the header.
    private func readHeader(_ handle: BlobHandle) throws -> BlobHeader? {
        let bytes = try handle.read(0..<BlobHeader.size)
        guard bytes.count == BlobHeader.size else { return nil }
        guard var header = BlobHeader(bytes) else {
            throw StoreError.corrupt(path: path, reason: "its first \(BlobHeader.size) bytes are not those of a blob")
        }
        // After a power cut the header may have reached the disk before the bytes it counts.
        header.length = min(header.length, try handle.size() - BlobHeader.size)
        return header
    }

    /// Closes the file unless it is in use; what counts of it stays known.
    func closeIfIdle() {
        state.withLockIfAvailable { $0.handle = nil }
    }

    /// Whether forgetting this object would lose nothing.
    var isForgettable: Bool {
        state.withLockIfAvailable { $0.handle == nil } ?? false
    }

    // MARK: Reading

    /// The header; nil when there is no such blob.
    func header() throws(StoreError) -> BlobHeader? { try snapshot()?.1 }

    private func snapshot() throws(StoreError) -> (BlobHandle, BlobHeader)? {
        try state.withLock { state throws(StoreError) in
            do { return try open(&state) } catch { throw StoreError(error, path: path) }
        }
    }

    func read(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
        guard let (handle, header) = try snapshot() else { return [] }
        return try read(range.clamped(to: 0..<header.length), handle)
    }

    private func read(_ range: Range<Int>, _ handle: BlobHandle) throws(StoreError) -> [UInt8] {
        guard !range.isEmpty else { return [] }
        do {
            return try handle.read(range.lowerBound + BlobHeader.size..<range.upperBound + BlobHeader.size)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// What a follower at a place gets next, at most `limit` bytes.
    func chunk(at offset: Int, limit: Int) throws(StoreError) -> Chunk {
        guard let (handle, header) = try snapshot() else { return .missing }
        guard offset < header.length else { return header.finished ? .end : .nothing }
        return .bytes(try read(offset..<min(header.length, offset + limit), handle))
    }

    /// Returns once ``chunk(at:limit:)`` may have something else to say, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - offset: the follower's place.
    ///   - hasSeenBlob: whether the follower would take a missing blob for a deleted one.
    func change(after offset: Int, hasSeenBlob: Bool) async {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.cancelled.contains(ticket) { return true }
                    if Self.hasNews(state.phase, after: offset, hasSeenBlob: hasSeenBlob) { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.cancelled.insert(ticket)
                return state.waiting.removeValue(forKey: ticket)
            }
            waiting?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(ticket) }
    }

    private static func hasNews(_ phase: Phase, after offset: Int, hasSeenBlob: Bool) -> Bool {
        switch phase {
        case .unread: true
        case .missing: hasSeenBlob
        case .present(let header): header.finished || header.length > offset
        }
    }
}
