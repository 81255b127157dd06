/// What an agent knows of the copy-on-write tree of a repository.
struct TreeRecord: Hashable, Sendable, Codable {
    /// Milliseconds git took to write the files.
    var written: Int
    /// Milliseconds a copy-on-write copy of them took.
    var copied: Int

    /// Whether copying is clearly faster than writing; with many small files it may not be.
    var isUseful: Bool { copied * 10 < written * 7 }
}

/// What happened when the files of a new folder were written.
struct TreeFacts: Hashable, Sendable {
    /// Milliseconds git took.
    var written: Int
    /// The folder began as a copy of the tree, and git only wrote what differs.
    var began = false
    /// Nil when no tree was ever tried.
    var record: TreeRecord?
    var wish = TreeWish.measured
}

/// Whether working folders share their blocks, as the variable `Roost.Checkout.Tree` says.
enum TreeWish: String, Hashable, Sendable, CaseIterable {
    /// Where that is faster.
    case measured = "auto"
    /// Wherever the file system can, to save space.
    case always
    case never = "false"

    static let variableName = "Roost.Checkout.Tree"

    /// - Throws: ``CheckoutFailure/inputInvalid(name:value:expected:)``.
    init(_ text: String?) throws(CheckoutFailure) {
        guard let text, !text.isEmpty else {
            self = .measured
            return
        }
        guard let wish = TreeWish(rawValue: text.lowercased()) else {
            throw .inputInvalid(name: Self.variableName, value: text, expected: "auto, always or false")
        }
        self = wish
    }
}

/// Whether the files that were just written are kept as the tree that later folders begin with.
///
/// The first copy is also the measurement: it takes as long as every later one, so a tree that is no faster than git is not kept and not tried
/// again until writing takes twice as long. A tree is made anew when what differs from it has become a third of the whole.
///
/// - Parameter facts: times of this checkout and of those before.
/// - Returns: true when a tree is to be made.
func planTree(_ facts: TreeFacts) -> Bool {
    if facts.wish == .always { return !facts.began || facts.record.map { facts.written * 3 > $0.written } ?? true }
    guard let record = facts.record else { return facts.written >= leastTreeTime }
    if facts.began { return facts.written * 3 > record.written }
    return facts.written >= leastTreeTime && (record.isUseful || facts.written > record.written * 2)
}

/// Milliseconds; what takes less is not worth a tree.
private let leastTreeTime = 200
