public import RoostModel

/// Writes the alternatives of braces out, as shells and minimatch do.
///
/// ```
/// x.{c,h}  ->  x.c  x.h
/// {01..03} ->  01  02  03
/// {a..e..2} -> a  c  e
/// ```
///
/// Braces without a comma or a range, `${…}`, braces behind a backslash and those that are not closed stay as they are.
public enum BraceExpansion {
    /// As many alternatives as one pattern may have.
    public static let limit = 10_000

    /// All alternatives of a text, in order.
    ///
    /// - Throws: ``PatternFault/tooManyAlternatives(_:)``.
    public static func expand(_ text: String) throws(PatternFault) -> [String] {
        guard text.contains("{") else { return [text] }
        // A pair of braces at the beginning is a name.
        let isShielded = text.hasPrefix("{}")
        let rest = isShielded ? String(text.dropFirst(2)) : text
        guard let all = expand(Array(rest), 0), all.count <= limit else { throw .tooManyAlternatives(text) }
        return all.map { (isShielded ? "{}" : "") + String($0) }
    }

    /// Nil when there are too many, or too many in each other.
    private static func expand(_ text: [Character], _ depth: Int) -> [[Character]]? {
        guard depth < 100 else { return nil }
        guard let pair = Self.pair(in: text) else { return [text] }
        let before = Array(text[..<pair.lowerBound])
        let body = Array(text[(pair.lowerBound + 1)..<pair.upperBound])
        guard let after = expand(Array(text[(pair.upperBound + 1)...]), depth + 1) else { return nil }
        let literal = before + ["{"] + body + ["}"]
        guard before.last != "$" else { return after.map { literal + $0 } }
        guard let choices = choices(body, depth) else { return nil }
        // Braces around one thing: those inside may still have alternatives.
        guard !choices.isEmpty else {
            guard let inner = expand(body, depth + 1) else { return nil }
            return product([before + ["{"]], inner.map { $0 + ["}"] }, after)
        }
        return product([before], choices, after)
    }

    private static func product(
        _ before: [[Character]],
        _ middle: [[Character]],
        _ after: [[Character]]
    ) -> [[Character]]? {
        guard middle.count * after.count <= limit else { return nil }
        return before.flatMap { head in middle.flatMap { part in after.map { head + part + $0 } } }
    }

    /// What a pair of braces stands for; empty when it stands for itself, nil when that is too much.
    private static func choices(_ body: [Character], _ depth: Int) -> [[Character]]? {
        if let range = BraceRange(String(body)) { return range.texts(atMost: limit)?.map(Array.init) }
        let parts = parts(of: body)
        guard parts.count > 1 else { return [] }
        var all: [[Character]] = []
        for part in parts {
            guard let some = expand(part, depth + 1), all.count + some.count <= limit else { return nil }
            all += some
        }
        return all
    }

    /// What stands between the commas that are in no braces of their own.
    private static func parts(of body: [Character]) -> [[Character]] {
        var parts: [[Character]] = [[]]
        var depth = 0
        var isEscaped = false
        for character in body {
            if !isEscaped, character == ",", depth == 0 {
                parts.append([])
                continue
            }
            if !isEscaped, character == "{" { depth += 1 }
            if !isEscaped, character == "}" { depth -= 1 }
            isEscaped = !isEscaped && character == "\\"
            parts[parts.count - 1].append(character)
        }
        return parts
    }

    /// The first outer pair of braces; of braces that are not all closed, the first pair that is.
    private static func pair(in text: [Character]) -> Range<Int>? {
        var open: [Int] = []
        var best: Range<Int>?
        var isEscaped = false
        for (place, character) in text.enumerated() {
            if !isEscaped, character == "{" { open.append(place) }
            if !isEscaped, character == "}", let start = open.popLast() {
                if open.isEmpty { return start..<place }
                if best.map({ start < $0.lowerBound }) ?? true { best = start..<place }
            }
            isEscaped = !isEscaped && character == "\\"
        }
        return best
    }
}

/// `1..10`, `01..10..2`, `a..e`: what stands in braces for a row of numbers or letters.
private struct BraceRange {
    private let first: Int
    private let last: Int
    private let step: Int
    private let isLetters: Bool
    private let width: Int

    init?(_ text: String) {
        let parts = text.partsBetweenDots
        guard (2...3).contains(parts.count) else { return nil }
        let step = parts.count == 3 ? Int(parts[2]) : 1
        guard let step else { return nil }
        self.step = max(1, Int(step.magnitude))
        if let first = Int(parts[0]), let last = Int(parts[1]), !parts[0].hasPrefix("+"), !parts[1].hasPrefix("+") {
            (self.first, self.last, isLetters) = (first, last, false)
            let isPadded = parts.prefix(2).contains { part in
                let digits = part.drop { $0 == "-" }
                return digits.count > 1 && digits.first == "0"
            }
            width = isPadded ? max(parts[0].count, parts[1].count) : 0
            return
        }
        guard let first = Self.letter(parts[0]), let last = Self.letter(parts[1]) else { return nil }
        (self.first, self.last, isLetters, width) = (first, last, true, 0)
    }

    private static func letter(_ text: Substring) -> Int? {
        guard text.utf8.count == 1, let byte = text.utf8.first, let character = text.first, character.isLetter else {
            return nil
        }
        return Int(byte)
    }

    func texts(atMost limit: Int) -> [String]? {
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow, distance.magnitude / step.magnitude < limit else { return nil }
        return stride(from: first, through: last, by: last < first ? -step : step).map(text)
    }

    private func text(_ value: Int) -> String {
        if isLetters { return String(UnicodeScalar(UInt8(clamping: value))) }
        let digits = String(value.magnitude)
        let sign = value < 0 ? "-" : ""
        return sign + String(repeating: "0", count: max(0, width - digits.count - sign.count)) + digits
    }
}

extension String {
    /// What stands between pairs of dots.
    fileprivate var partsBetweenDots: [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: "..") {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}

/// Why a pattern cannot be used.
public enum PatternFault: UserFacingError, Hashable {
    case tooManyAlternatives(String)

    public var code: String { "pattern.too-many-alternatives" }
    public var summary: String {
        switch self {
        case .tooManyAlternatives(let text):
            "The pattern '\(text.prefix(200))' stands for more than \(BraceExpansion.limit) others."
        }
    }
    public var location: String? { nil }
    public var advice: String? { "Use '*' in place of its braces." }
}
