/// Texts of bodies that were written lately, so that a noun whose changing columns alone changed is not encoded again.
///
/// A job is written about six times in its life and an agent after each of its jobs; their bodies hardly ever change. Bounded by the
/// size of the texts: when it is full it is emptied, which costs one encoding per noun still in use.
struct EncodedBodies<ID: Hashable & Sendable, Noun: Sendable>: Sendable {
    private struct Entry {
        var noun: Noun
        var text: String
    }

    private var entries: [ID: Entry] = [:]
    private var byteCount = 0
    private let byteLimit: Int

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// The body's text: the one at hand when it still holds, else a new one.
    ///
    /// - Parameters:
    ///   - noun: what is to be written.
    ///   - id: its identifier.
    ///   - isSame: whether two nouns have the same body.
    ///   - encode: makes the text.
    /// - Returns: the text.
    /// - Throws: what `encode` throws.
    mutating func text(
        of noun: Noun,
        id: ID,
        isSame: (Noun, Noun) -> Bool,
        encode: () throws -> String
    ) rethrows -> String {
        if let entry = entries[id], isSame(entry.noun, noun) { return entry.text }
        let text = try encode()
        remove(id)
        if byteCount + text.utf8.count > byteLimit { removeAll() }
        entries[id] = Entry(noun: noun, text: text)
        byteCount += text.utf8.count
        return text
    }

    mutating func remove(_ id: ID) {
        guard let old = entries.removeValue(forKey: id) else { return }
        byteCount -= old.text.utf8.count
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        byteCount = 0
    }
}
