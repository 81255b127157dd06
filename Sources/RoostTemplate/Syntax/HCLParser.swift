import RoostLanguage

/// Reads the native syntax.
///
/// After the first error reading goes on where the text seems to make sense again; what only follows from that error is not reported.
struct HCLParser {
    /// Brackets within brackets.
    static let nestingLimit = 150
    /// Operators, or steps of a kind that nests, in a row.
    static let chainLimit = 400
    /// Bytes of a file.
    public static let sizeLimit = 16 << 20
    private static let problemLimit = 100

    let source: SourceText
    let bytes: [UInt8]
    /// Where a byte of the text stands in the file; nil when text and file are the same.
    private let offsets: [Int]?
    private let tokens: [HCLToken]
    private var next = 0
    private var lastRead: HCLToken
    /// Whether line feeds count, innermost last.
    private var newlineRules: [Bool]
    /// Set by the first error that leaves the place in doubt.
    var isRecovering = false
    private(set) var depth = 0
    private(set) var diagnostics: [Diagnostic] = []

    init(source: SourceText, bytes: [UInt8], offsets: [Int]?, tokens: [HCLToken], countsNewlines: Bool) {
        self.source = source
        self.bytes = bytes
        self.offsets = offsets
        self.tokens = tokens
        newlineRules = [countsNewlines]
        lastRead = HCLToken(kind: .newline, bytes: 0..<0)
    }

    // MARK: Tokens

    /// The token that comes next, and how many are passed by reading it.
    private func upcoming() -> (token: HCLToken, end: Int) {
        var place = next
        let countsNewlines = newlineRules[newlineRules.count - 1]
        while place < tokens.count {
            let token = tokens[place]
            switch token.kind {
            case .comment where countsNewlines && bytes[token.bytes.upperBound - 1] == 0x0A:
                return (HCLToken(kind: .newline, bytes: token.bytes), place + 1)
            case .comment: place += 1
            case .newline where !countsNewlines: place += 1
            default: return (token, min(place + 1, tokens.count - 1))
            }
        }
        return (tokens[tokens.count - 1], tokens.count - 1)
    }

    func peek() -> HCLToken { upcoming().token }

    @discardableResult
    mutating func read() -> HCLToken {
        let (token, end) = upcoming()
        next = end
        lastRead = token
        return token
    }

    /// Reads the next token if it is of such a kind.
    mutating func take(_ kind: HCLToken.Kind) -> HCLToken? { peek().kind == kind ? read() : nil }

    /// The token read last.
    var previous: HCLToken { lastRead }

    mutating func withNewlines<T>(_ count: Bool, _ body: (inout Self) -> T) -> T {
        newlineRules.append(count)
        defer { newlineRules.removeLast() }
        return body(&self)
    }

    func text(_ token: HCLToken) -> String { String(decoding: bytes[token.bytes], as: UTF8.self) }

    func isKeyword(_ token: HCLToken, _ word: StaticString) -> Bool {
        token.kind == .identifier && token.bytes.count == word.utf8CodeUnitCount
            && word.withUTF8Buffer { $0.elementsEqual(bytes[token.bytes]) }
    }

    // MARK: Ranges

    func range(_ token: HCLToken) -> HCLRange { range(token.bytes) }

    func range(_ first: HCLToken, _ last: HCLToken) -> HCLRange {
        range(first).union(range(last))
    }

    func range(_ bytes: Range<Int>) -> HCLRange {
        guard let offsets else { return HCLRange(source, bytes) }
        let start = offsets[bytes.lowerBound]
        // The end belongs to the last byte and not to what follows it, but for the end of the text.
        let end = bytes.isEmpty ? start : max(start, offsets[bytes.upperBound - 1] + 1)
        return HCLRange(source, start..<end)
    }

    // MARK: Problems

    mutating func report(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ subject: HCLRange,
        context: HCLRange? = nil,
        advice: String? = nil
    ) {
        guard diagnostics.count < Self.problemLimit else { return }
        diagnostics.append(
            Diagnostic(
                .error,
                code: "hcl.\(code)",
                summary,
                detail: detail,
                at: subject.span,
                context: context?.span,
                advice: advice
            )
        )
    }

    /// Whether something was reported since a count, and the place is in doubt.
    func isLost(since count: Int) -> Bool { isRecovering && diagnostics.count > count }

    /// Runs the body one level deeper; nil beyond the limit, which is reported once.
    mutating func nested<T>(_ body: (inout Self) -> T) -> T? {
        guard depth < Self.nestingLimit else {
            report(
                "too-deep",
                "Nesting too deep",
                "Expressions and blocks may be nested \(Self.nestingLimit) levels deep.",
                range(peek())
            )
            isRecovering = true
            next = tokens.count - 1
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        return body(&self)
    }

    /// Stops reading: everything from here on is passed over.
    mutating func giveUp() {
        isRecovering = true
        next = tokens.count - 1
    }
}
