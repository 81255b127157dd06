import RoostLanguage
import RoostModel

/// Makes of a file with expressions and templates one tree without them.
///
/// The file is walked once, depth first and in the order it is written, except that variables and resources of a block come before the
/// rest of it. What cannot be evaluated becomes ``SyntaxNode/unknown(_:)`` and the walk goes on, so that one walk finds all problems.
final class Expander {
    let log: DiagnosticLog
    let files: TemplateFiles
    let cache: TemplateTextCache
    let limits: PipelineLimits
    /// Repositories of the root file's resources, in order.
    var repositories: [PlannedRepository] = []
    private var nodes = 0
    private var bytes = 0
    private var depth = 0
    private let deadline: ContinuousClock.Instant
    private let meter: MemoryMeter
    /// A limit was passed, so there is no use in going on.
    private(set) var isExhausted = false

    init(
        log: DiagnosticLog,
        files: TemplateFiles,
        cache: TemplateTextCache,
        limits: PipelineLimits,
        meter: MemoryMeter
    ) {
        self.meter = meter
        self.log = log
        self.files = files
        self.cache = cache
        self.limits = limits
        self.deadline = .now + limits.time
    }

    /// The tree of a node with nothing left to evaluate.
    func expand(_ node: SyntaxNode, _ shape: Shape, _ scope: Scope) -> SyntaxNode {
        guard count(node, at: located(node.place, scope)), enter(located(node.place, scope)) else {
            return .unknown(node.place)
        }
        defer { leave() }
        if shape == .literal { return node }
        switch node {
        case .scalar(let scalar): return expand(scalar, shape, scope)
        case .sequence(let sequence):
            var list = ItemList()
            expandItems(sequence.items, shape.item, scope, into: &list)
            let place = located(sequence.place, scope)
            return .sequence(
                SyntaxSequence(list.items, place: place, isPartial: list.isPartial || sequence.isPartial)
            )
        case .mapping(let mapping): return expand(mapping, shape, scope)
        case .unknown: return node
        }
    }

    /// The value of a scalar: of one expression the value itself, of a mixture the text.
    private func expand(_ scalar: SyntaxScalar, _ shape: Shape, _ scope: Scope) -> SyntaxNode {
        guard scalar.mayHoldExpression else {
            var scalar = scalar
            scalar.place = located(scalar.place, scope)
            return .scalar(scalar)
        }
        guard let value = evaluate(scalar, scope) else { return .unknown(located(scalar.place, scope)) }
        return value.scalar == nil ? expand(value.standing(at: located(scalar.place, scope)), shape, scope) : value
    }

    /// The mapping with its pairs expanded, but for those that are known already, by place.
    func expand(
        _ mapping: SyntaxMapping,
        _ shape: Shape,
        _ scope: Scope,
        known: [Int: SyntaxNode] = [:]
    ) -> SyntaxNode {
        var list = PairList()
        expandPairs(mapping.pairs, shape, scope, known: known, into: &list)
        list.isPartial = list.isPartial || mapping.isPartial
        return list.node(at: located(mapping.place, scope), log)
    }

    /// A place of this file, with the way by which the file came to be used; other places know their way.
    func located(_ place: SyntaxPlace, _ scope: Scope) -> SyntaxPlace {
        guard place.site == nil, scope.site != nil, files.file(of: place.source) == scope.file else { return place }
        return place.reached(by: scope.site)
    }

    // MARK: Limits

    /// Goes one level deeper, unless that is too deep; who got true must ``leave()``.
    func enter(_ place: @autoclosure () -> SyntaxPlace) -> Bool {
        guard depth < limits.objectDepth else {
            exhaust(
                "template.too-deep",
                "Maximum object depth exceeded: \(limits.objectDepth) levels",
                at: place()
            )
            return false
        }
        depth += 1
        return true
    }

    func leave() { depth -= 1 }

    /// Counts a node of the result; looks at the clock now and then.
    ///
    /// - Parameters:
    ///   - node: What was made.
    ///   - place: Where it was made, with the way that led there.
    /// - Returns: Whether all limits hold.
    func count(_ node: SyntaxNode, at place: @autoclosure () -> SyntaxPlace) -> Bool {
        guard !isExhausted else { return false }
        nodes += 1
        let size = node.scalar?.text.utf8.count ?? 16
        bytes += size
        meter.add(size + MemoryMeter.nodeCost)
        if nodes > limits.nodes {
            exhaust(
                "template.too-many-nodes",
                "Maximum events exceeded while evaluating the template: \(limits.nodes) values",
                at: place()
            )
        } else if bytes > limits.expandedBytes {
            tooLarge(at: place())
        } else if !meter.isWithinLimit {
            exhaust(
                "template.too-much-memory",
                "Maximum memory exceeded while evaluating the template: \(byteText(limits.memory))",
                at: place()
            )
        } else if nodes % 64 == 0, ContinuousClock.now > deadline {
            exhaust(
                "template.too-long",
                "Maximum time exceeded while evaluating the template: \(limits.time)",
                at: place()
            )
        }
        return !isExhausted
    }

    func tooLarge(at place: SyntaxPlace) {
        exhaust(
            "template.too-large",
            "Maximum object size exceeded: \(byteText(limits.expandedBytes)) of text",
            at: place
        )
    }

    func exhaust(_ code: String, _ summary: String, at place: SyntaxPlace) {
        guard !isExhausted else { return }
        isExhausted = true
        log.error(
            code,
            summary,
            at: place,
            advice: "Look for templates that include each other without end, or for nested loops."
        )
    }
}

/// The items made so far of a list.
struct ItemList {
    var items: [SyntaxNode] = []
    var isPartial = false

    mutating func append(_ node: SyntaxNode) {
        if node.isUnknown { isPartial = true } else { items.append(node) }
    }
}

/// The pairs made so far of a mapping.
struct PairList {
    private var pairs: [SyntaxPair] = []
    private var places: [String: SyntaxPlace] = [:]
    /// What a branch gave that is no mapping; allowed when nothing else is there.
    var replacement: SyntaxNode?
    var isPartial = false

    /// Adds a pair, unless its key is there already.
    mutating func append(_ pair: SyntaxPair, _ log: DiagnosticLog) {
        let key = foldedName(pair.key.text)
        if let first = places[key] {
            log.duplicate(pair.key.text, at: pair.key.place, first: first)
            return
        }
        places[key] = pair.key.place
        pairs.append(pair)
    }

    /// The mapping, or what a branch put in its place.
    func node(at place: SyntaxPlace, _ log: DiagnosticLog) -> SyntaxNode {
        if let replacement {
            if pairs.isEmpty { return replacement }
            log.error(
                "template.mapping-expected",
                "A mapping was expected",
                at: replacement.place,
                advice: "The other keys here make a mapping, so this branch must give keys too."
            )
        }
        return .mapping(SyntaxMapping(pairs, place: place, isPartial: isPartial))
    }
}
