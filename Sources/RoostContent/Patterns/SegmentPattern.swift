/// A pattern of one part of a path: `*`, `?`, `[a-z]`, `[!a-z]`, and `?(a|b)`, `*(a|b)`, `+(a|b)`, `@(a|b)`, `!(a|b)`.
struct SegmentPattern: Hashable, Sendable {
    private indirect enum Node: Hashable, Sendable {
        case character(Character)
        case any
        case run
        case set([ClosedRange<Character>], isNegated: Bool)
        /// Kind is one of `?*+@!`.
        case group(kind: Character, [[Node]])
    }

    private let nodes: [Node]
    /// A part that begins with a dot is matched by wildcards too.
    private let matchesDots: Bool
    private let ignoresCase: Bool
    /// More work than this on one name is given up: patterns that need it exist only to cause it.
    private static let patience = 20_000

    init(_ text: Substring, options: PatternOptions = PatternOptions()) {
        var rest = options.ignoresCase ? text.lowercased()[...] : text
        nodes = Self.parse(&rest, inGroup: false)
        matchesDots = options.matchesDots
        ignoresCase = options.ignoresCase
    }

    /// Whether there is nothing in it but a literal name.
    var isLiteral: Bool { nodes.allSatisfy { if case .character = $0 { true } else { false } } }

    func matches(_ name: Substring) -> Bool {
        if !matchesDots, name.first == ".", nodes.first != .character(".") { return false }
        var work = 0
        let name = ignoresCase ? name.lowercased()[...] : name
        return Self.match(nodes[...], Array(name)[...], &work) { $0.isEmpty }
    }

    // MARK: Reading

    private static func parse(_ rest: inout Substring, inGroup: Bool) -> [Node] {
        var nodes: [Node] = []
        while let character = rest.first {
            if inGroup, character == "|" || character == ")" { break }
            if "?*+@!".contains(character), let group = group(&rest) {
                nodes.append(group)
                continue
            }
            rest.removeFirst()
            switch character {
            case "?": nodes.append(.any)
            case "*": if nodes.last != .run { nodes.append(.run) }
            case "[": nodes.append(set(&rest) ?? .character("["))
            case "\\" where !rest.isEmpty: nodes.append(.character(rest.removeFirst()))
            default: nodes.append(.character(character))
            }
        }
        return nodes
    }

    /// A group behind one of `?*+@!`; nil when it is none, and then nothing is taken.
    private static func group(_ rest: inout Substring) -> Node? {
        guard rest.dropFirst().first == "(", rest.contains(")") else { return nil }
        var inner = rest.dropFirst(2)
        var choices: [[Node]] = []
        while true {
            choices.append(parse(&inner, inGroup: true))
            guard let end = inner.popFirst() else { return nil }
            if end == ")" { break }
        }
        let kind = rest.removeFirst()
        rest = inner
        return .group(kind: kind, choices)
    }

    private static func set(_ rest: inout Substring) -> Node? {
        var inner = rest
        let isNegated = inner.first == "!" || inner.first == "^"
        if isNegated { inner.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        while let character = inner.popFirst() {
            if character == "]", !ranges.isEmpty {
                rest = inner
                return .set(ranges, isNegated: isNegated)
            }
            if inner.first == "-", let end = inner.dropFirst().first, end != "]" {
                inner.removeFirst(2)
                if character <= end { ranges.append(character...end) }
            } else {
                ranges.append(character...character)
            }
        }
        return nil
    }

    // MARK: Matching

    private static func match(
        _ nodes: ArraySlice<Node>,
        _ text: ArraySlice<Character>,
        _ work: inout Int,
        _ then: (ArraySlice<Character>) -> Bool
    ) -> Bool {
        work += 1
        guard work < patience else { return false }
        guard let node = nodes.first else { return then(text) }
        let rest = nodes.dropFirst()
        switch node {
        case .character(let wanted):
            guard text.first == wanted else { return false }
            return match(rest, text.dropFirst(), &work, then)
        case .any:
            guard !text.isEmpty else { return false }
            return match(rest, text.dropFirst(), &work, then)
        case .set(let ranges, let isNegated):
            guard let first = text.first, ranges.contains(where: { $0.contains(first) }) != isNegated else {
                return false
            }
            return match(rest, text.dropFirst(), &work, then)
        case .run:
            for place in text.startIndex...text.endIndex where match(rest, text[place...], &work, then) { return true }
            return false
        case .group(let kind, let choices): return match(kind, choices, rest, text, &work, then)
        }
    }

    private static func match(
        _ kind: Character,
        _ choices: [[Node]],
        _ rest: ArraySlice<Node>,
        _ text: ArraySlice<Character>,
        _ work: inout Int,
        _ then: (ArraySlice<Character>) -> Bool
    ) -> Bool {
        if kind == "!" {
            for place in text.startIndex...text.endIndex {
                let part = text[..<place]
                let isChoice = choices.contains { match($0[...], part, &work) { $0.isEmpty } }
                if !isChoice, match(rest, text[place...], &work, then) { return true }
            }
            return false
        }
        if kind == "?" || kind == "*", match(rest, text, &work, then) { return true }
        for choice in choices {
            for end in text.startIndex...text.endIndex
            where match(choice[...], text[..<end], &work, { $0.isEmpty }) {
                if match(rest, text[end...], &work, then) { return true }
                if kind == "*" || kind == "+", end > text.startIndex,
                    match("*", choices, rest, text[end...], &work, then)
                {
                    return true
                }
            }
        }
        return false
    }
}
