import FoundationEssentials
import Synchronization

/// Remembers the keys of issuers; many requests at once make one fetch.
final class IssuerKeyCache: Sendable {
    private struct Entry: Sendable {
        var memory = IssuerKeyMemory()
        /// The fetch that is under way.
        var running: Task<Result<IssuerKeySet, IssuerKeyFailure>, Never>?
    }

    private let fetcher: any IssuerKeyFetching
    private let entries = Mutex<[IssuerSource: Entry]>([:])
    /// Issuers that are remembered at most; rules name a handful.
    private static let capacity = 1000

    init(_ fetcher: any IssuerKeyFetching) { self.fetcher = fetcher }

    /// An issuer's keys, fetched when those that are known do not do.
    ///
    /// - Parameters:
    ///   - source: the issuer.
    ///   - keyID: the key a token names.
    ///   - now: the present.
    /// - Returns: the keys; the named one may still not be among them.
    /// - Throws: ``IssuerKeyFailure``.
    func keys(of source: IssuerSource, keyID: String?, at now: Date) async throws(IssuerKeyFailure) -> IssuerKeySet {
        let step = entries.withLock { entries -> Step in
            if entries.count >= Self.capacity, entries[source] == nil { entries.removeAll() }
            var entry = entries[source] ?? Entry()
            switch planKeyUse(entry.memory, keyID: keyID, at: now) {
            case .use(let keys): return .answer(.success(keys))
            case .refuse(let failure): return .answer(.failure(failure))
            case .fetch: break
            }
            if let running = entry.running { return .wait(running) }
            let task = Task { [fetcher] in await Self.fetch(source, by: fetcher) }
            entry.running = task
            entries[source] = entry
            return .fetch(task)
        }
        switch step {
        case .answer(let result): return try result.get()
        case .wait(let task): return try await task.value.get()
        case .fetch(let task):
            let result = await task.value
            remember(result, of: source, at: now)
            return try result.get()
        }
    }

    private enum Step: Sendable {
        case answer(Result<IssuerKeySet, IssuerKeyFailure>)
        case wait(Task<Result<IssuerKeySet, IssuerKeyFailure>, Never>)
        case fetch(Task<Result<IssuerKeySet, IssuerKeyFailure>, Never>)
    }

    private static func fetch(
        _ source: IssuerSource,
        by fetcher: any IssuerKeyFetching
    ) async -> Result<IssuerKeySet, IssuerKeyFailure> {
        do { return .success(try await fetcher.keys(of: source)) } catch { return .failure(error) }
    }

    private func remember(_ result: Result<IssuerKeySet, IssuerKeyFailure>, of source: IssuerSource, at now: Date) {
        entries.withLock { entries in
            var entry = entries[source] ?? Entry()
            entry.running = nil
            entry.memory = entry.memory.applying(result, at: now)
            entries[source] = entry
        }
    }
}
