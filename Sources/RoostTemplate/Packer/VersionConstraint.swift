/// What versions are wanted: `>= 1.7.0, < 2.0.0`, `~> 1.8`.
///
/// The rules are those of Go's `hashicorp/go-version`, which Packer uses.
struct VersionConstraint: Sendable {
    private enum Comparison: String, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case isNot = "!="
        case about = "~>"
        case above = ">"
        case below = "<"
        case exactly = "="
    }

    private let parts: [(comparison: Comparison, version: SemanticVersion)]

    /// Nil for text that is no constraint.
    init?(_ text: String) {
        var parts: [(Comparison, SemanticVersion)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            var rest = part.drop { $0 == " " }
            let comparison = Comparison.allCases.first { rest.hasPrefix($0.rawValue) }
            rest = rest.dropFirst(comparison?.rawValue.count ?? 0).drop { $0 == " " }
            while rest.last == " " { rest.removeLast() }
            guard let version = SemanticVersion(rest) else { return nil }
            parts.append((comparison ?? .exactly, version))
        }
        self.parts = parts
    }

    func allows(_ version: SemanticVersion) -> Bool {
        parts.allSatisfy { part in
            switch part.comparison {
            case .exactly: version == part.version
            case .isNot: version != part.version
            case .above: version > part.version
            case .below: version < part.version
            case .atLeast: version >= part.version
            case .atMost: version <= part.version
            case .about: version >= part.version && version.isWithin(part.version)
            }
        }
    }
}

/// A version of numbers, and what comes before its release.
struct SemanticVersion: Sendable, Comparable {
    /// As many as were written.
    private let numbers: [Int]
    private let preRelease: [Substring]

    /// Nil for text that is no version.
    init?(_ text: some StringProtocol) {
        let text = text.hasPrefix("v") ? Substring(text.dropFirst()) : Substring(text)
        let core = text.prefix { $0 != "-" && $0 != "+" }
        let rest = text.dropFirst(core.count).prefix { $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
        guard !numbers.isEmpty, numbers.count == parts.count, rest != "-" else { return nil }
        self.numbers = numbers
        preRelease = rest.dropFirst().split(separator: ".")
    }

    /// Whether only the last number that the other one gives, or those after it, may differ.
    func isWithin(_ other: SemanticVersion) -> Bool {
        let kept = max(other.numbers.count - 1, 1)
        return padded.prefix(kept) == other.padded.prefix(kept)
    }

    private var padded: [Int] { numbers + Array(repeating: 0, count: max(0, 3 - numbers.count)) }

    static func == (left: SemanticVersion, right: SemanticVersion) -> Bool { !(left < right) && !(right < left) }

    static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        let count = max(left.padded.count, right.padded.count)
        for place in 0..<count {
            let (a, b) = (left.number(place), right.number(place))
            if a != b { return a < b }
        }
        guard !left.preRelease.isEmpty, !right.preRelease.isEmpty else {
            return !left.preRelease.isEmpty && right.preRelease.isEmpty
        }
        return left.preRelease.lexicographicallyPrecedes(right.preRelease) { a, b in
            if let a = Int(a), let b = Int(b) { return a < b }
            return a < b
        }
    }

    private func number(_ place: Int) -> Int { place < numbers.count ? numbers[place] : 0 }
}
