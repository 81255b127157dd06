/// What a pattern is made of.
indirect enum PatternNode {
    case empty
    case scalar(PatternClass)
    case assert(Pattern.Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    case repeated(PatternNode, minimum: Int, maximum: Int?, isLazy: Bool)
    case group(PatternNode, Int)
}

/// Reads patterns in RE2's syntax.
struct PatternParser {
    private static let depthLimit = 200
    private static let repeatLimit = 1_000
    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0
    private var flags = Flags()
    private(set) var groupNames: [String?] = [nil]

    private struct Flags {
        var ignoresCase = false
        var isMultiLine = false
        var dotTakesNewline = false
        var isUngreedy = false
    }

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func pattern() throws(PatternFault) -> PatternNode {
        let node = try choice()
        if place < scalars.count { throw fault("unexpected )", from: place) }
        return node
    }

    private var current: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private func fault(_ reason: String, from start: Int) -> PatternFault {
        let end = min(max(place, start + 1), scalars.count)
        return PatternFault(reason: reason, part: text(min(start, end)..<end))
    }

    private func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard current == scalar else { return false }
        place += 1
        return true
    }

    private func follows(_ text: String) -> Bool { scalars[place...].starts(with: text.unicodeScalars) }

    private mutating func choice() throws(PatternFault) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw fault("expression nests too deeply", from: place) }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternFault) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = current, scalar != "|", scalar != ")" {
            let start = place
            if let atom = try atom() { parts.append(try repeats(of: atom, from: start)) }
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    // MARK: Repeats

    private mutating func repeats(of atom: PatternNode, from start: Int) throws(PatternFault) -> PatternNode {
        let operatorStart = place
        guard let (minimum, maximum) = try count(operatorStart) else { return atom }
        let isLazy = take("?") != flags.isUngreedy
        let end = place
        if try count(end) != nil { throw fault("invalid nested repetition operator", from: operatorStart) }
        return .repeated(atom, minimum: minimum, maximum: maximum, isLazy: isLazy)
    }

    private mutating func count(_ start: Int) throws(PatternFault) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        guard let minimum = number() else {
            place = start
            return nil
        }
        var maximum: Int? = minimum
        if take(",") { maximum = current == "}" ? nil : number() ?? -1 }
        guard take("}"), maximum != -1 else {
            place = start
            return nil
        }
        guard minimum <= Self.repeatLimit, maximum ?? 0 <= Self.repeatLimit, minimum <= maximum ?? .max else {
            throw fault("invalid repeat count", from: start)
        }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        let start = place
        while let scalar = current, ("0"..."9").contains(scalar), place - start < 6 { place += 1 }
        return Int(text(start..<place))
    }

    // MARK: Atoms

    private mutating func atom() throws(PatternFault) -> PatternNode? {
        let start = place
        guard let scalar = current else { return nil }
        place += 1
        switch scalar {
        case "(": return try group(start)
        case "[": return .scalar(try bracket(start))
        case ".": return .scalar(flags.dotTakesNewline ? .anything : .notNewline)
        case "^": return .assert(flags.isMultiLine ? .lineStart : .textStart)
        case "$": return .assert(flags.isMultiLine ? .lineEnd : .textEnd)
        case "*", "+", "?": throw fault("missing argument to repetition operator", from: start)
        case "{":
            place = start
            if try count(start) != nil { throw fault("missing argument to repetition operator", from: start) }
            place = start + 1
            return literal("{")
        case "\\": return try escape(start)
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        .scalar(PatternClass(scalar, ignoringCase: flags.ignoresCase))
    }

    private mutating func group(_ start: Int) throws(PatternFault) -> PatternNode? {
        let outer = flags
        var number: Int?
        if take("?") {
            if follows("P<") || follows("<") {
                _ = take("P")
                place += 1
                number = try named(start)
            } else {
                guard try readFlags(start) else { return nil }
            }
        } else {
            groupNames.append(nil)
            number = groupNames.count - 1
        }
        let inner = try choice()
        guard take(")") else { throw fault("missing closing )", from: start) }
        flags = outer
        return number.map { .group(inner, $0) } ?? inner
    }

    private mutating func named(_ start: Int) throws(PatternFault) -> Int {
        let first = place
        while let scalar = current, scalar != ">" {
            guard scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            else { break }
            place += 1
        }
        let name = text(first..<place)
        guard take(">"), !name.isEmpty else { throw fault("invalid named capture", from: start) }
        guard !groupNames.contains(name) else { throw fault("duplicate capture group name", from: start) }
        groupNames.append(name)
        return groupNames.count - 1
    }

    /// Whether a group follows them; else they hold for what is left of the group around.
    private mutating func readFlags(_ start: Int) throws(PatternFault) -> Bool {
        var value = true
        while let scalar = current {
            place += 1
            switch scalar {
            case "i": flags.ignoresCase = value
            case "m": flags.isMultiLine = value
            case "s": flags.dotTakesNewline = value
            case "U": flags.isUngreedy = value
            case "-" where value: value = false
            case ":": return true
            case ")": return false
            default: throw fault("invalid or unsupported Perl syntax", from: start)
            }
        }
        throw fault("missing closing )", from: start)
    }

    // MARK: Escapes

    private mutating func escape(_ start: Int) throws(PatternFault) -> PatternNode {
        switch current {
        case "A": return assertion(.textStart)
        case "z": return assertion(.textEnd)
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        case "Q": return quotedRun()
        default: break
        }
        if let known = try classEscape(start) { return .scalar(known) }
        return literal(try scalarEscape(start))
    }

    private mutating func assertion(_ kind: Pattern.Assertion) -> PatternNode {
        place += 1
        return .assert(kind)
    }

    /// Reads `\Q…\E`, which stands for itself.
    private mutating func quotedRun() -> PatternNode {
        place += 1
        var parts: [PatternNode] = []
        while place < scalars.count, !follows("\\E") {
            parts.append(literal(scalars[place]))
            place += 1
        }
        place = min(place + 2, scalars.count)
        return .sequence(parts)
    }

    private mutating func classEscape(_ start: Int) throws(PatternFault) -> PatternClass? {
        guard let letter = current else { throw fault("trailing backslash at end of expression", from: start) }
        if let known = PatternClass.perl(letter) {
            place += 1
            return known
        }
        guard letter == "p" || letter == "P" else { return nil }
        place += 1
        var name = ""
        if take("{") {
            let first = place
            while let scalar = current, scalar != "}" { place += 1 }
            name = text(first..<place)
            guard take("}") else { throw fault("invalid character class range", from: start) }
        } else if let scalar = current {
            name = String(scalar)
            place += 1
        }
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        guard PatternClass.categoryNames[name] != nil else { throw fault("invalid character class range", from: start) }
        var result = PatternClass(ranges: [])
        result.categories = [(name, (letter == "P") != isNegated)]
        return result
    }

    private mutating func scalarEscape(_ start: Int) throws(PatternFault) -> Unicode.Scalar {
        guard let letter = current else { throw fault("trailing backslash at end of expression", from: start) }
        place += 1
        switch letter {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "a": return "\u{07}"
        case "x": return try hexadecimal(start)
        default:
            let isWord = letter.properties.isAlphabetic || ("0"..."9").contains(letter) || letter == "_"
            guard letter.isASCII, !isWord else { throw fault("invalid escape sequence", from: start) }
            return letter
        }
    }

    private mutating func hexadecimal(_ start: Int) throws(PatternFault) -> Unicode.Scalar {
        let isBraced = take("{")
        let first = place
        while let scalar = current, scalar.properties.isASCIIHexDigit, place - first < (isBraced ? 8 : 2) { place += 1 }
        guard let value = UInt32(text(first..<place), radix: 16), let scalar = Unicode.Scalar(value),
            isBraced ? take("}") : place - first == 2
        else { throw fault("invalid escape sequence", from: start) }
        return scalar
    }

    // MARK: Classes

    private mutating func bracket(_ start: Int) throws(PatternFault) -> PatternClass {
        var result = PatternClass(ranges: [])
        let isNegated = take("^")
        var isFirst = true
        while isFirst || current != "]" {
            isFirst = false
            guard current != nil else { throw fault("missing closing ]", from: start) }
            var known = try namedClass()
            if known == nil { known = try escapedClass() }
            if let known {
                result.add(known)
                continue
            }
            let low = try classScalar(start)
            var high = low
            if current == "-", place + 1 < scalars.count, scalars[place + 1] != "]" {
                place += 1
                high = try classScalar(start)
            }
            guard low <= high else { throw fault("invalid character class range", from: start) }
            result.ranges.append(low.value...high.value)
        }
        place += 1
        if flags.ignoresCase { result.addOtherCases() }
        result.isNegated = isNegated
        return result
    }

    private mutating func namedClass() throws(PatternFault) -> PatternClass? {
        guard follows("[:"),
            let end = (place + 2..<scalars.count).first(where: {
                scalars[$0] == ":" && $0 + 1 < scalars.count && scalars[$0 + 1] == "]"
            })
        else { return nil }
        let start = place
        var name = text((place + 2)..<end)
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        place = end + 2
        guard var known = PatternClass.posix(name) else { throw fault("invalid character class range", from: start) }
        known.isNegated = isNegated
        return known
    }

    private mutating func escapedClass() throws(PatternFault) -> PatternClass? {
        guard current == "\\" else { return nil }
        let start = place
        place += 1
        if let known = try classEscape(start) { return known }
        place = start
        return nil
    }

    private mutating func classScalar(_ start: Int) throws(PatternFault) -> Unicode.Scalar {
        guard let scalar = current else { throw fault("missing closing ]", from: start) }
        place += 1
        return scalar == "\\" ? try scalarEscape(place - 1) : scalar
    }
}
