import RoostLanguage
import RoostModel

/// The keys of one mapping of the schema: reads each as what it must be and reports what it is not.
struct Fields {
    let mapping: SyntaxMapping
    let log: DiagnosticLog

    /// Reports every key that is not among the allowed ones; the noun, such as `A job`, begins the advice.
    init(
        _ mapping: SyntaxMapping,
        _ keys: [String],
        noun: String,
        _ log: DiagnosticLog,
        unknown severity: Diagnostic.Severity = .error
    ) {
        self.mapping = mapping
        self.log = log
        for pair in mapping.pairs where !keys.contains(pair.key.text) {
            Self.unexpected(pair.key, among: keys, noun: noun, log, severity)
        }
    }

    var place: SyntaxPlace { mapping.place }

    /// Reports a key that is not known here.
    private static func unexpected(
        _ key: SyntaxScalar,
        among known: [String],
        noun: String,
        _ log: DiagnosticLog,
        _ severity: Diagnostic.Severity
    ) {
        let near = nearName(key.text, among: known).map { "Did you mean '\($0)'?" }
        let allowed = "\(noun) may have \(known.joined(separator: ", "))."
        let diagnostic = Diagnostic(
            severity,
            code: "pipeline.unexpected",
            "Unexpected value '\(key.text)'",
            detail: near == nil ? nil : allowed,
            at: key.place.span,
            advice: near ?? allowed
        )
        log.add(diagnostic, site: key.place.site)
    }

    /// The value of a key; nil when it is not there, null, or could not be evaluated.
    func node(_ key: String) -> SyntaxNode? {
        guard let node = mapping[key], !node.isNull, !node.isUnknown else { return nil }
        return node
    }

    func has(_ key: String) -> Bool { mapping[key] != nil }

    /// A text; branches that were not taken leave an empty mapping behind, which counts as nothing.
    func scalar(_ key: String) -> SyntaxScalar? {
        switch node(key) {
        case .scalar(let scalar): return scalar
        case .mapping(let mapping):
            if !mapping.pairs.isEmpty { wrongKind("A mapping was not expected", mapping.place, "'\(key)' is a text.") }
        case .sequence(let sequence): wrongKind("A sequence was not expected", sequence.place, "'\(key)' is a text.")
        case .unknown, nil: break
        }
        return nil
    }

    func text(_ key: String) -> String? { scalar(key)?.text }

    func planned(_ key: String) -> PlannedText? { scalar(key)?.planned }

    /// A mapping that is not empty.
    func fields(_ key: String) -> SyntaxMapping? {
        switch node(key) {
        case .mapping(let mapping): return mapping.pairs.isEmpty && !mapping.isPartial ? nil : mapping
        case .scalar(let scalar):
            if !scalar.string.isEmpty { wrongKind("Expected a mapping", scalar.place, Self.indent(key)) }
        case .sequence(let sequence): wrongKind("Expected a mapping", sequence.place, Self.indent(key))
        case .unknown, nil: break
        }
        return nil
    }

    /// A list; nil when the key is missing or holds something else.
    func list(_ key: String) -> SyntaxSequence? {
        switch node(key) {
        case .sequence(let sequence): return sequence
        case .mapping(let mapping):
            if !mapping.pairs.isEmpty { wrongKind("Expected a sequence", mapping.place, "Begin each item with '- '.") }
        case .scalar(let scalar):
            if !scalar.string.isEmpty { wrongKind("Expected a sequence", scalar.place, "Begin each item with '- '.") }
        case .unknown, nil: break
        }
        return nil
    }

    /// A text or a list of texts; empty texts say nothing.
    func texts(_ key: String) -> [SyntaxScalar] {
        switch node(key) {
        case .scalar(let scalar): return scalar.string.isEmpty ? [] : [scalar]
        case .sequence(let sequence):
            return sequence.items.compactMap { item in
                switch item {
                case .scalar(let scalar): return scalar.string.isEmpty ? nil : scalar
                case .mapping: wrongKind("A mapping was not expected", item.place, "Items of '\(key)' are texts.")
                case .sequence: wrongKind("A sequence was not expected", item.place, "Items of '\(key)' are texts.")
                case .unknown: break
                }
                return nil
            }
        case .mapping(let mapping):
            if !mapping.pairs.isEmpty {
                wrongKind("A mapping was not expected", mapping.place, "'\(key)' is a text or a list of texts.")
            }
        case .unknown, nil: break
        }
        return []
    }

    /// A mapping of texts to texts, null being empty.
    func textPairs(_ key: String) -> [(key: SyntaxScalar, value: SyntaxScalar)] {
        guard let mapping = fields(key) else { return [] }
        return mapping.pairs.compactMap { pair in
            switch pair.value {
            case .scalar(let value): return (pair.key, value)
            case .mapping(let value):
                if !value.pairs.isEmpty {
                    wrongKind("A mapping was not expected", value.place, "'\(pair.key.text)' is a text.")
                }
            case .sequence(let value):
                wrongKind("A sequence was not expected", value.place, "'\(pair.key.text)' is a text.")
            case .unknown: break
            }
            return nil
        }
    }

    // MARK: Words and numbers

    /// `true` or `false` in one of their spellings.
    func bool(_ key: String) -> Bool? {
        guard let scalar = scalar(key), !scalar.string.isEmpty else { return nil }
        if let value = CoreSchema.fieldBool(scalar.text) { return value }
        wrongValue(scalar, "'\(key)' is true or false.")
        return nil
    }

    /// A boolean, or text that yields one later.
    func boolText(_ key: String) -> PlannedText? {
        guard let scalar = scalar(key), !scalar.string.isEmpty else { return nil }
        if let value = CoreSchema.fieldBool(scalar.text) {
            return PlannedText(value ? "true" : "false", place: scalar.place.text)
        }
        if scalar.isKnownLater { return scalar.planned }
        wrongValue(scalar, "'\(key)' is true, false or a macro.")
        return nil
    }

    /// A count of minutes, or text that yields one later.
    func minutes(_ key: String) -> PlannedText? {
        guard let scalar = scalar(key), !scalar.string.isEmpty else { return nil }
        if let value = parseNumber(scalar.text), value >= 0 { return scalar.planned }
        if scalar.isKnownLater { return scalar.planned }
        wrongValue(scalar, "'\(key)' is a number of minutes; 0 is no limit.")
        return nil
    }

    /// A whole number that is not negative.
    func count(_ key: String) -> Int? {
        guard let scalar = scalar(key), !scalar.string.isEmpty else { return nil }
        if let value = Int(scalar.text), value >= 0 { return value }
        wrongValue(scalar, "'\(key)' is a whole number, 0 or more.")
        return nil
    }

    /// One of a few words.
    func word(_ key: String, _ words: [String]) -> String? {
        guard let scalar = scalar(key), !scalar.string.isEmpty else { return nil }
        if let word = words.first(where: { equalIgnoringCase($0, scalar.text) }) { return word }
        let near = nearName(scalar.text, among: words).map { "Did you mean '\($0)'? " } ?? ""
        wrongValue(scalar, "\(near)'\(key)' is one of \(words.joined(separator: ", ")).")
        return nil
    }

    func wrongValue(_ scalar: SyntaxScalar, _ advice: String) {
        log.error("pipeline.value", "Unexpected value '\(scalar.text)'", at: scalar.place, advice: advice)
    }

    private func wrongKind(_ summary: String, _ place: SyntaxPlace, _ advice: String) {
        log.error("pipeline.kind", summary, at: place, advice: advice)
    }

    private static func indent(_ key: String) -> String { "Write keys below '\(key)', indented, each with its value." }
}

extension SyntaxScalar {
    /// The text with its place, for what is evaluated while the run goes on.
    var planned: PlannedText { PlannedText(string, place: place.text) }

    /// Whether it holds a macro or is a `$[ ]`, so that its value is known only while the run goes on.
    var isKnownLater: Bool { text.contains("$(") || isRuntimeExpression }

    /// Whether the whole text is one `$[ ]`.
    var isRuntimeExpression: Bool {
        let bare = text.trimmingBlanks()
        return bare.hasPrefix("$[") && bare.hasSuffix("]")
    }
}
