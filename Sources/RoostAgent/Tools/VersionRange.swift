/// Which versions of a tool a step takes, as in `versionSpec`.
///
/// `3.11`, `3.x`, `*`, `>=3.9 <3.12`, `~3.9.1`, `^3.9`, and alternatives with `||`: the ranges of semantic versioning, as tasks of the
/// vendor read them.
struct VersionRange: Sendable, Hashable {
    private struct Bound: Sendable, Hashable {
        var from: ToolVersion
        /// First version that is too high; nil for no limit.
        var below: ToolVersion?

        func contains(_ version: ToolVersion) -> Bool { version >= from && below.map { version < $0 } ?? true }
    }
    private let alternatives: [[Bound]]

    /// Reads a range; nil when it is none.
    init?(_ text: String) {
        var alternatives: [[Bound]] = []
        for part in text.split(separator: "|", omittingEmptySubsequences: true) {
            var bounds: [Bound] = []
            // A blank after an operator belongs to it: `>= 3.9`.
            var operators = ""
            for word in part.split(whereSeparator: \.isWhitespace) {
                if word.allSatisfy({ "<>=~^".contains($0) }) {
                    operators += word
                    continue
                }
                guard let bound = Self.bound(operators + word) else { return nil }
                bounds.append(bound)
                operators = ""
            }
            guard !bounds.isEmpty, operators.isEmpty else { return nil }
            alternatives.append(bounds)
        }
        guard !alternatives.isEmpty else { return nil }
        self.alternatives = alternatives
    }

    /// The version satisfies all bounds of an alternative.
    func contains(_ version: ToolVersion) -> Bool {
        alternatives.contains { $0.allSatisfy { $0.contains(version) } }
    }

    private static func bound(_ text: String) -> Bound? {
        let sign = text.prefix { "<>=~^".contains($0) }
        var name = text.dropFirst(sign.count)
        if name.first == "v" || name.first == "V" { name = name.dropFirst() }
        // Of `3.11.0-rc.2`, what stands before the dash is compared: a finished 3.11.0 serves as well.
        let parts = name.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for part in parts {
            if part == "x" || part == "X" || part == "*" { break }
            guard let number = Int(part), number >= 0, number < 1_000_000 else { return nil }
            numbers.append(number)
        }
        let version = ToolVersion(numbers)
        let next = version.next(after: numbers.count)
        switch sign {
        case "", "=", "==": return Bound(from: version, below: next)
        case ">=": return Bound(from: version, below: nil)
        case ">": return next.map { Bound(from: $0, below: nil) }
        case "<": return Bound(from: ToolVersion([]), below: version)
        case "<=": return Bound(from: ToolVersion([]), below: next)
        case "~": return Bound(from: version, below: version.next(after: min(2, numbers.count)))
        case "^":
            let firstPositive = numbers.firstIndex { $0 > 0 } ?? numbers.count - 1
            return Bound(from: version, below: version.next(after: firstPositive + 1))
        default: return nil
        }
    }
}

/// A version of a tool: numbers, the most important first.
struct ToolVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let numbers: [Int]
    let description: String

    init(_ numbers: [Int]) {
        self.numbers = Array((numbers + [0, 0, 0, 0]).prefix(4))
        description = (numbers + [0, 0, 0]).prefix(max(3, numbers.count)).map(String.init).joined(separator: ".")
    }

    /// Reads `3.11.2` and `3.13.0rc1`; nil when it does not begin with a number.
    init?(_ text: some StringProtocol) {
        let numbers = text.split(separator: ".").prefix(4).map { part in Int(part.prefix { $0.isASCII && $0.isNumber })
        }
        guard let first = numbers.first, first != nil else { return nil }
        self.init(numbers.prefix { $0 != nil }.compactMap { $0 })
    }

    /// The lowest version above all that begin with the same `count` numbers; nil when count is 0, for nothing is above those.
    func next(after count: Int) -> ToolVersion? {
        guard count > 0 else { return nil }
        var raised = Array(numbers.prefix(count))
        raised[count - 1] += 1
        return ToolVersion(raised)
    }

    static func < (left: ToolVersion, right: ToolVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    static func == (left: ToolVersion, right: ToolVersion) -> Bool { left.numbers == right.numbers }

    func hash(into hasher: inout Hasher) { hasher.combine(numbers) }
}
