/// A regular expression of the RE2 family: no references back and no looking around, and time in proportion to the text.
///
/// It works on Unicode scalars and prefers matches as Perl does.
struct Pattern: Sendable {
    /// A step of the machine that looks for a match.
    enum Step: Sendable {
        case scalar(PatternClass)
        /// Goes on at both places, the first preferred.
        case split(Int, Int)
        case jump(Int)
        /// Notes the place in a slot.
        case save(Int)
        case assert(Assertion)
        case match
    }

    enum Assertion: Sendable { case lineStart, lineEnd, textStart, textEnd, wordBoundary, noWordBoundary }

    /// Steps of a program, so that counted repeats of repeats stay small.
    static let sizeLimit = 20_000

    let steps: [Step]
    /// Of all groups, in the order of their opening parentheses; the first is the whole match.
    let groupNames: [String?]

    /// - Throws: ``PatternFault`` when the text is no pattern.
    init(_ text: String) throws(PatternFault) {
        var parser = PatternParser(text)
        let node = try parser.pattern()
        var compiler = PatternCompiler()
        try compiler.add(.group(node, 0))
        compiler.steps.append(.match)
        steps = compiler.steps
        groupNames = parser.groupNames
    }

    var groupCount: Int { groupNames.count - 1 }

    /// The first match at or after a place: for each group where it stands, nil for those that took no part.
    func firstMatch(in text: [Unicode.Scalar], from start: Int) -> [Range<Int>?]? {
        var machine = PatternMachine(steps: steps, slots: groupNames.count * 2, text: text)
        guard let slots = machine.run(from: start) else { return nil }
        return stride(from: 0, to: slots.count, by: 2).map { place in
            slots[place] >= 0 && slots[place + 1] >= 0 ? slots[place]..<slots[place + 1] : nil
        }
    }

    /// All matches that do not overlap; an empty one right after another is left out.
    func matches(in text: [Unicode.Scalar], limit: Int = .max) -> [[Range<Int>?]] {
        var (matches, place, last): ([[Range<Int>?]], Int, Int) = ([], 0, -1)
        while place <= text.count, matches.count < limit, let match = firstMatch(in: text, from: place),
            let whole = match[0]
        {
            if !(whole.isEmpty && whole.lowerBound == last) { matches.append(match) }
            last = whole.upperBound
            place = whole.isEmpty ? whole.upperBound + 1 : whole.upperBound
        }
        return matches
    }
}

/// What makes a text no pattern.
struct PatternFault: Error, Hashable, CustomStringConvertible {
    let reason: String
    /// The part of the text that is wrong.
    let part: String

    var description: String { part.isEmpty ? reason : "\(reason) in \(part)" }
}
