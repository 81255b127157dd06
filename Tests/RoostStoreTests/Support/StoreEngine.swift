import FoundationEssentials
import RoostStore
import Testing

/// An engine the contract is checked against; another one is one line in ``all``.
struct StoreEngine: Sendable, CustomTestStringConvertible {
    let name: String
    let open: @Sendable (_ folder: String) throws -> any Store

    static let memory = StoreEngine(name: "memory") { _ in MemoryStore() }
    static let sqlite = StoreEngine(name: "SQLite") { folder in
        try SQLiteStore(path: folder + "/roost.sqlite", sealer: ScramblingSealer(), logger: .silent)
    }
    static let all = [memory, sqlite]

    var testDescription: String { name }

    /// A store of its own, closed and removed after.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        try await withScratchFolder { folder in
            let store = try open(folder)
            do {
                try await body(store)
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
    }
}

/// Hides secrets well enough that they cannot be found in a file, and insists on the place they were sealed for.
struct ScramblingSealer: SecretSealer {
    struct WrongPlace: Error {}

    func seal(_ secret: String, for place: String) throws -> Data {
        Data(("\(place)\n\(secret)").utf8.map { $0 ^ 0x5A })
    }

    func open(_ sealed: Data, for place: String) throws -> String {
        let text = String(decoding: sealed.map { $0 ^ 0x5A }, as: UTF8.self)
        guard text.hasPrefix(place + "\n") else { throw WrongPlace() }
        return String(text.dropFirst(place.count + 1))
    }
}

/// Has no key.
struct BrokenSealer: SecretSealer {
    struct NoKey: Error {}

    func seal(_ secret: String, for place: String) throws -> Data { throw NoKey() }
    func open(_ sealed: Data, for place: String) throws -> String { throw NoKey() }
}
