import Dispatch
import Synchronization
import SystemPackage

/// Brings written blobs to the disk, many with one effort.
///
/// Who comes while a sync is under way shares the next one; a file named twice is synced once, and when there are many the
/// whole file system is, which costs one flush of the disk instead of one each.
final class BlobSyncer: Sendable {
    private struct Request: Sendable {
        let handle: BlobHandle
        let done: CheckedContinuation<Errno?, Never>
    }

    private struct State: Sendable {
        var waiting: [Request] = []
        var syncing = false
    }

    private let state = Mutex(State())
    private let queue: DispatchQueue
    /// From so many files on, one flush of the file system is cheaper.
    private let manyFiles = 16

    init(queue: DispatchQueue) { self.queue = queue }

    /// Returns once what was written through a handle would survive a power cut.
    func sync(_ handle: BlobHandle) async throws(Errno) {
        let failure = await withCheckedContinuation { continuation in
            let start = state.withLock { state in
                state.waiting.append(Request(handle: handle, done: continuation))
                defer { state.syncing = true }
                return !state.syncing
            }
            if start { queue.async { self.drain() } }
        }
        if let failure { throw failure }
    }

    private func drain() {
        while true {
            let requests = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.syncing = false }
                return state.waiting
            }
            guard !requests.isEmpty else { return }
            sync(requests)
        }
    }

    private func sync(_ requests: [Request]) {
        var outcomes: [ObjectIdentifier: Errno?] = [:]
        let handles = Dictionary(requests.map { (ObjectIdentifier($0.handle), $0.handle) }) { first, _ in first }
        if handles.count >= manyFiles, let any = handles.values.first, (try? any.syncFileSystem()) != nil {
            for request in requests { request.done.resume(returning: nil) }
            return
        }
        for (id, handle) in handles {
            do {
                try handle.sync()
                outcomes[id] = .some(nil)
            } catch {
                outcomes[id] = error
            }
        }
        for request in requests { request.done.resume(returning: outcomes[ObjectIdentifier(request.handle)] ?? nil) }
    }
}
