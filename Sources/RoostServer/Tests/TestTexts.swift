import FoundationEssentials
import RoostWire

/// The texts of a result: what rows are too small for.
struct TestTexts: Codable, Sendable, Hashable {
    var message: String?
    var stack: String?
    var output: String?
    var errors: String?
    var comment: String?
    var tries: [TestCaseResultWire.Sub]?

    /// The longest message, stack or output that is kept; the rest is cut off with a note.
    static let limit = 256 << 10

    /// - Returns: nil when there is nothing to keep.
    init?(_ wire: TestCaseResultWire) {
        message = Self.cut(wire.errorMessage)
        stack = Self.cut(wire.stackTrace)
        output = Self.cut(wire.standardOutput)
        errors = Self.cut(wire.standardError)
        comment = Self.cut(wire.comment)
        tries = wire.subResults.map { subs in
            subs.prefix(100).map { sub in
                var sub = sub
                sub.errorMessage = Self.cut(sub.errorMessage)
                sub.stackTrace = Self.cut(sub.stackTrace)
                return sub
            }
        }
        if [message, stack, output, errors, comment].allSatisfy({ $0 == nil }), tries?.isEmpty ?? true { return nil }
    }

    private static func cut(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard text.utf8.count > limit else { return text }
        return String(decoding: text.utf8.prefix(limit), as: UTF8.self) + "\n[...]"
    }
}
