/// A set of characters.
struct PatternClass: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    /// Categories of Unicode, with whether they are left out.
    var categories: [(name: String, isNegated: Bool)] = []
    var isNegated = false

    static let anything = PatternClass(ranges: [0...0x10FFFF])
    static let notNewline = PatternClass(ranges: [0...0x09, 0x0B...0x10FFFF])

    init(ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

    /// One character; without regard to case, its other forms too.
    init(_ scalar: Unicode.Scalar, ignoringCase: Bool) {
        ranges = [scalar.value...scalar.value]
        if ignoringCase { addOtherCases() }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let isIn =
            ranges.contains { $0.contains(scalar.value) }
            || categories.contains { Self.isIn(scalar, category: $0.name) != $0.isNegated }
        return isIn != isNegated
    }

    mutating func addOtherCases() {
        for range in ranges where range.count <= 1_000 {
            for value in range {
                guard let scalar = Unicode.Scalar(value) else { continue }
                for text in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
                    let scalars = text.unicodeScalars
                    if scalars.count == 1, let other = scalars.first, other != scalar {
                        ranges.append(other.value...other.value)
                    }
                }
            }
        }
    }

    mutating func add(_ other: PatternClass) {
        if other.isNegated { ranges += Self.complement(other.ranges) } else { ranges += other.ranges }
        categories += other.categories
    }

    static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var (result, next): ([ClosedRange<UInt32>], UInt32) = ([], 0)
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        return next <= 0x10FFFF ? result + [next...0x10FFFF] : result
    }

    /// `\d`, `\w`, `\s` and their opposites, which know ASCII only; nil for other letters.
    static func perl(_ letter: Unicode.Scalar) -> PatternClass? {
        var ranges: [ClosedRange<UInt32>]
        switch letter {
        case "d", "D": ranges = [0x30...0x39]
        case "w", "W": ranges = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
        case "s", "S": ranges = [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]
        default: return nil
        }
        return PatternClass(ranges: letter.properties.isUppercase ? complement(ranges) : ranges)
    }

    /// `[:alpha:]` and the like; nil for other names.
    static func posix(_ name: String) -> PatternClass? {
        let upper: ClosedRange<UInt32> = 0x41...0x5A
        let lower: ClosedRange<UInt32> = 0x61...0x7A
        let digits: ClosedRange<UInt32> = 0x30...0x39
        let known: [String: [ClosedRange<UInt32>]] = [
            "alnum": [upper, lower, digits], "alpha": [upper, lower], "ascii": [0...0x7F],
            "blank": [0x09...0x09, 0x20...0x20],
            "cntrl": [0...0x1F, 0x7F...0x7F], "digit": [digits], "graph": [0x21...0x7E], "lower": [lower],
            "print": [0x20...0x7E], "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
            "space": [0x09...0x0D, 0x20...0x20], "upper": [upper], "word": [digits, upper, lower, 0x5F...0x5F],
            "xdigit": [digits, 0x41...0x46, 0x61...0x66],
        ]
        return known[name].map { PatternClass(ranges: $0) }
    }

    /// General categories by their short names, with one letter for all of a kind.
    static let categoryNames: [String: Set<Unicode.GeneralCategory>] = [
        "L": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter],
        "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter], "Lt": [.titlecaseLetter], "Lm": [.modifierLetter],
        "Lo": [.otherLetter], "M": [.nonspacingMark, .spacingMark, .enclosingMark], "Mn": [.nonspacingMark],
        "Mc": [.spacingMark], "Me": [.enclosingMark], "N": [.decimalNumber, .letterNumber, .otherNumber],
        "Nd": [.decimalNumber], "Nl": [.letterNumber], "No": [.otherNumber],
        "P": [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation,
        ],
        "Pc": [.connectorPunctuation], "Pd": [.dashPunctuation], "Ps": [.openPunctuation], "Pe": [.closePunctuation],
        "Pi": [.initialPunctuation], "Pf": [.finalPunctuation], "Po": [.otherPunctuation],
        "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol], "Sm": [.mathSymbol],
        "Sc": [.currencySymbol], "Sk": [.modifierSymbol], "So": [.otherSymbol],
        "Z": [.spaceSeparator, .lineSeparator, .paragraphSeparator], "Zs": [.spaceSeparator], "Zl": [.lineSeparator],
        "Zp": [.paragraphSeparator], "C": [.control, .format, .surrogate, .privateUse], "Cc": [.control],
        "Cf": [.format],
        "Co": [.privateUse],
    ]

    private static func isIn(_ scalar: Unicode.Scalar, category: String) -> Bool {
        categoryNames[category]?.contains(scalar.properties.generalCategory) ?? false
    }
}
