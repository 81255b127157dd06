public import RoostModel

/// Cuts an exported audit into its lines, whatever chunks it comes in.
public struct AuditLines: Sendable {
    /// One line: its number and its bytes, or nil when it is longer than a line can be.
    public struct Line: Sendable, Hashable {
        public var number: Int
        public var bytes: [UInt8]?
    }

    /// Longest line that is kept.
    public static let limit = 1 << 20

    private var rest: [UInt8] = []
    private var isTooLong = false
    private var count = 0

    public init() {}

    /// The lines that end in a chunk; empty ones are left out.
    public mutating func feed(_ chunk: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        for part in chunk.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            append(part)
            if let line = cut() { lines.append(line) }
        }
        let tail = chunk.reversed().prefix { $0 != 10 }
        append(tail.reversed())
        return lines
    }

    /// What stands after the last end of a line.
    public mutating func finish() -> Line? { cut() }

    private mutating func append(_ part: some Collection<UInt8>) {
        guard !isTooLong else { return }
        rest.append(contentsOf: part)
        guard rest.count > Self.limit else { return }
        isTooLong = true
        rest = []
    }

    private mutating func cut() -> Line? {
        count += 1
        defer { (rest, isTooLong) = ([], false) }
        if isTooLong { return Line(number: count, bytes: nil) }
        return rest.isEmpty ? nil : Line(number: count, bytes: rest)
    }
}

extension AuditLines.Line {
    /// Hands the line to a verification.
    public func give(to verifier: inout AuditVerifier) {
        guard let bytes else {
            return verifier.take(unreadable: "the line is longer than \(AuditLines.limit) bytes", line: number)
        }
        switch AuditLine(bytes) {
        case .record(let record): verifier.take(record, line: number)
        case .end(let head): verifier.take(end: head, line: number)
        case nil: verifier.take(unreadable: "the line is neither a record nor the end", line: number)
        }
    }
}
