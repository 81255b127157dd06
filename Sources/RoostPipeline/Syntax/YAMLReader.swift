import CYaml
import RoostLanguage

/// Builds the tree of one file from the events of libyaml.
///
/// Events rather than its documents, because those reject the repeated expression keys that pipelines may have, resolve aliases, and recurse
/// as deep as the file says. The open collections are a list here, so depth costs no stack.
struct YAMLReader {
    private(set) var root: SyntaxNode?
    private(set) var diagnostics: [Diagnostic] = []

    private let source: SourceText
    private let limits: YAMLLimits
    private var open: [OpenCollection] = []
    private var places: MarkPlaces
    private var documents = 0
    private(set) var nodes = 0
    /// The last key that was reported for being a collection.
    private var badKey: Range<Int>?
    private var hasStopped = false

    init(source: SourceText, limits: YAMLLimits) {
        self.source = source
        self.limits = limits
        self.places = MarkPlaces(source)
    }

    mutating func read() {
        var text = source.text
        text.withUTF8 { bytes in
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            defer { parser.deallocate() }
            guard yaml_parser_initialize(parser) == 1 else {
                return report(.error("yaml.memory", "There is no memory to read the file", at: source.span(0..<0)))
            }
            defer { yaml_parser_delete(parser) }
            yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
            readEvents(of: parser)
        }
        if hasStopped { root = nil }
    }

    private mutating func readEvents(of parser: UnsafeMutablePointer<yaml_parser_t>) {
        var event = yaml_event_t()
        while !hasStopped {
            guard yaml_parser_parse(parser, &event) == 1 else {
                stop(syntaxFault(parser.pointee))
                return
            }
            let isLast = event.type == YAML_STREAM_END_EVENT
            handle(event)
            yaml_event_delete(&event)
            if isLast { return }
        }
    }

    // MARK: Events

    private mutating func handle(_ event: yaml_event_t) {
        let range = places.range(from: event.start_mark, to: event.end_mark)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            documents += 1
            if documents > 1 { stop(YAMLFault.secondDocument(at: source.span(range))) }
        case YAML_ALIAS_EVENT:
            anchor(event.data.alias.anchor, range)
            add(.unknown(SyntaxPlace(source: source, range: range)))
        case YAML_SCALAR_EVENT:
            anchor(event.data.scalar.anchor, range)
            add(.scalar(scalar(event, range)))
        case YAML_SEQUENCE_START_EVENT:
            anchor(event.data.sequence_start.anchor, range)
            let isFlow = event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
            push(OpenCollection(start: range.lowerBound, isMapping: false, isFlow: isFlow))
        case YAML_MAPPING_START_EVENT:
            anchor(event.data.mapping_start.anchor, range)
            let isFlow = event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
            push(OpenCollection(start: range.lowerBound, isMapping: true, isFlow: isFlow))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            if let closed = open.popLast() { add(node(closed, end: range.upperBound)) }
        default: break
        }
    }

    private func scalar(_ event: yaml_event_t, _ range: Range<Int>) -> SyntaxScalar {
        let data = event.data.scalar
        let text = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
        let style: ScalarStyle =
            switch data.style {
            case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
            case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
            case YAML_LITERAL_SCALAR_STYLE: .literal
            case YAML_FOLDED_SCALAR_STYLE: .folded
            default: .plain
            }
        return SyntaxScalar(text, style: style, place: SyntaxPlace(source: source, range: range))
    }

    private mutating func anchor(_ name: UnsafeMutablePointer<yaml_char_t>?, _ range: Range<Int>) {
        guard let name else { return }
        report(YAMLFault.anchor(String(cString: name), at: source.span(range)))
    }

    private mutating func push(_ collection: OpenCollection) {
        guard open.count < limits.depth else {
            return stop(YAMLFault.tooDeep(limits.depth, at: source.span(collection.start..<(collection.start + 1))))
        }
        open.append(collection)
    }

    // MARK: Tree

    private mutating func add(_ node: SyntaxNode) {
        nodes += 1
        if nodes > limits.nodes { stop(YAMLFault.tooManyNodes(limits.nodes, at: node.place.span)) }
        guard let top = open.indices.last else {
            root = node
            return
        }
        guard open[top].isMapping else { return open[top].items.append(node) }
        if let key = open[top].key {
            open[top].key = nil
            if case .scalar(let scalar) = key { addPair(SyntaxPair(scalar, node), to: top) }
        } else {
            open[top].key = node
            if node.scalar == nil, !node.isUnknown { reportKey(node) }
        }
    }

    /// Reports a key that is a collection; of `{{ name }}` the outer braces only, whose inner ones were met first.
    private mutating func reportKey(_ node: SyntaxNode) {
        let range = node.place.range
        if let last = badKey, range.contains(last.lowerBound) { diagnostics.removeLast() }
        badKey = range
        report(YAMLFault.keyIsNoScalar(isList: node.sequence != nil, at: source.span(range)))
    }

    private mutating func addPair(_ pair: SyntaxPair, to place: Int) {
        let key = pair.key
        if key.text == "<<", key.style == .plain { return report(YAMLFault.mergeKey(at: key.place.span)) }
        defer { open[place].pairs.append(pair) }
        guard !key.text.holdsExpressionMark else { return }
        if let first = open[place].keys.updateValue(open[place].pairs.count, forKey: foldedName(key.text)) {
            let firstSpan = open[place].pairs[first].key.place.span
            report(YAMLFault.duplicate(key.text, at: key.place.span, first: firstSpan))
            open[place].keys[foldedName(key.text)] = first
        }
    }

    private func node(_ closed: OpenCollection, end: Int) -> SyntaxNode {
        // The end mark of a block collection is the next token; the last child's end is what a person sees.
        let child = closed.isMapping ? closed.pairs.last?.value : closed.items.last
        let last = closed.isFlow ? end : child?.place.range.upperBound ?? end
        let place = SyntaxPlace(source: source, range: closed.start..<max(closed.start, last))
        return closed.isMapping
            ? .mapping(SyntaxMapping(closed.pairs, place: place))
            : .sequence(SyntaxSequence(closed.items, place: place))
    }

    // MARK: Problems

    private mutating func report(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
        if diagnostics.count >= limits.problems { hasStopped = true }
    }

    private mutating func stop(_ diagnostic: Diagnostic) {
        report(diagnostic)
        hasStopped = true
    }

    private mutating func syntaxFault(_ parser: yaml_parser_t) -> Diagnostic {
        let problem = parser.problem.map { String(cString: $0) } ?? "the file cannot be read"
        if parser.error == YAML_READER_ERROR {
            let offset = parser.problem_offset
            let code = String(parser.problem_value, radix: 16, uppercase: true)
            return .error(
                "yaml.character",
                "The character U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code) is not allowed",
                at: source.span(offset..<(offset + 1)),
                advice: "Write control characters as an escape in double quotes, such as \"\\u001b\"."
            )
        }
        let offset = places.offset(of: parser.problem_mark)
        if problem.hasPrefix("Maximum nesting level") {
            // The parser looks ahead further than this reader has come; the place is where the nesting begins.
            return YAMLFault.tooDeep(limits.depth, at: source.span(offset..<min(offset + 1, source.count)))
        }
        let contextOffset = places.offset(of: parser.context_mark)
        let context = parser.context.map { String(cString: $0) }
        if context == "while scanning a quoted scalar", problem == "found unexpected end of stream" {
            return YAMLFault.unclosedQuote(at: source.span(contextOffset..<(contextOffset + 1)))
        }
        return YAMLFault.syntax(
            context,
            problem,
            at: source.span(offset..<min(offset + 1, source.count)),
            contextSpan: context != nil && contextOffset != offset ? source.span(contextOffset..<contextOffset) : nil,
            advice: YAMLFault.advice(on: problem, in: source, at: source.position(at: offset))
        )
    }
}

/// A collection whose end was not met yet.
private struct OpenCollection {
    let start: Int
    let isMapping: Bool
    let isFlow: Bool
    var items: [SyntaxNode] = []
    var pairs: [SyntaxPair] = []
    /// Read, and waiting for its value.
    var key: SyntaxNode?
    /// Places of plain keys in the pairs, by folded key.
    var keys: [String: Int] = [:]

    init(start: Int, isMapping: Bool, isFlow: Bool) {
        self.start = start
        self.isMapping = isMapping
        self.isFlow = isFlow
    }
}

/// Turns libyaml's marks, which count characters, into byte offsets.
///
/// Marks come nearly in order, so a walk from the last one is short; in ASCII files both counts are the same.
private struct MarkPlaces {
    private let bytes: [UInt8]
    private let isASCII: Bool
    private var index = 0
    private var byte = 0

    init(_ source: SourceText) {
        isASCII = source.text.utf8.allSatisfy { $0 < 0x80 }
        bytes = isASCII ? [] : Array(source.text.utf8)
        count = source.count
    }

    private let count: Int

    mutating func range(from start: yaml_mark_t, to end: yaml_mark_t) -> Range<Int> {
        let lower = offset(of: start)
        return lower..<max(lower, offset(of: end))
    }

    mutating func offset(of mark: yaml_mark_t) -> Int {
        guard !isASCII else { return min(mark.index, count) }
        while index < mark.index, byte < bytes.count {
            byte += 1
            while byte < bytes.count, bytes[byte] & 0xC0 == 0x80 { byte += 1 }
            index += 1
        }
        while index > mark.index, byte > 0 {
            byte -= 1
            while byte > 0, bytes[byte] & 0xC0 == 0x80 { byte -= 1 }
            index -= 1
        }
        return byte
    }
}
