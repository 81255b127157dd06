import RoostLanguage

/// Puts what the YAML reader meets into words.
enum YAMLFault {
    static func fileTooLarge(_ source: SourceText, _ limits: YAMLLimits) -> Diagnostic {
        .error(
            "yaml.too-large",
            "Maximum object size exceeded: the file is larger than \(limits.fileBytes) bytes",
            at: source.span(0..<0),
            advice: "Split the file into templates, or move generated data out of it."
        )
    }

    /// The first byte that is no UTF-8.
    static func encoding(_ source: SourceText, _ bytes: ArraySlice<UInt8>) -> Diagnostic {
        var valid = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): valid += UTF8.width(scalar)
            case .emptyInput, .error: break decoding
            }
        }
        let isWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        return .error(
            "yaml.encoding",
            isWide ? "The file is UTF-16, not UTF-8" : "The file is not UTF-8",
            at: source.span(valid..<(valid + 3)),
            advice: "Save the file as UTF-8."
        )
    }

    static func anchor(_ name: String, at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.anchor",
            "Anchors are not currently supported. Remove the anchor '\(name)'",
            at: span,
            advice: "Write the value twice, or put it into a template or a variable."
        )
    }

    static func mergeKey(at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.merge-key",
            "Unexpected value '<<'",
            at: span,
            advice: "Merge keys are not supported; '${{ insert }}: ${{ parameters.name }}' inserts a mapping."
        )
    }

    static func duplicate(_ key: String, at span: SourceSpan, first: SourceSpan) -> Diagnostic {
        var diagnostic = Diagnostic.error(
            "yaml.duplicate-key",
            "'\(key)' is already defined",
            at: span,
            advice: "Remove one of the two."
        )
        diagnostic.notes = [Diagnostic.Note("defined first here", at: first)]
        return diagnostic
    }

    static func keyIsNoScalar(isList: Bool, at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.key",
            "A key must be a text, not a mapping or a sequence",
            at: span,
            advice: isList
                ? "Write the key without brackets, or in quotes."
                : "An expression needs a dollar sign and two braces on each side: ${{ name }}."
        )
    }

    static func tooDeep(_ limit: Int, at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.too-deep",
            "Maximum object depth exceeded",
            at: span,
            advice: "At most \(limit) mappings and lists may stand inside each other."
        )
    }

    static func tooManyNodes(_ limit: Int, at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.too-large",
            "Maximum object size exceeded: the file holds more than \(limit) values",
            at: span,
            advice: "Split the file into templates, or move generated data out of it."
        )
    }

    static func secondDocument(at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.documents",
            "A file may hold one document only",
            at: span,
            advice: "Move what follows '---' into a file of its own."
        )
    }

    static func unclosedQuote(at span: SourceSpan) -> Diagnostic {
        .error(
            "yaml.syntax",
            "While scanning a quoted scalar, found unexpected end of stream.",
            at: span,
            advice: "The quote that begins here is never closed."
        )
    }

    /// What the parser itself stopped at; the words are those the service's users know.
    static func syntax(
        _ context: String?,
        _ problem: String,
        at span: SourceSpan,
        contextSpan: SourceSpan?,
        advice: String?
    ) -> Diagnostic {
        let sentence = context.map { "\($0), \(problem)." } ?? "\(problem)."
        var diagnostic = Diagnostic.error(
            "yaml.syntax",
            sentence.prefix(1).uppercased() + sentence.dropFirst(),
            at: span,
            advice: advice
        )
        if let contextSpan { diagnostic.notes = [Diagnostic.Note("what was being read begins here", at: contextSpan)] }
        return diagnostic
    }

    /// What to do about a problem of the parser, when the line says it.
    static func advice(on problem: String, in source: SourceText, at position: SourcePosition) -> String? {
        let line = source.line(position.line)
        if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
            return "The line is indented with a tab; YAML allows blanks only."
        }
        if problem.hasPrefix("mapping values are not allowed") {
            return "Put a value that holds ': ' into quotes, or check the indentation of this line."
        }
        if problem.contains("cannot start any token") {
            let character = line.dropFirst(position.column - 1).first
            if character == "\t" { return "Write blanks instead of the tab." }
            return character.map { "Put a value that begins with '\($0)' into quotes." }
        }
        if problem.contains("could not find expected ':'") {
            return "A key needs a ':' behind it; the note says where this one begins."
        }
        if problem.contains("did not find expected ','") {
            return "Close the bracket that the note points at, or put a ',' before this."
        }
        if problem.contains("did not find expected key") {
            return "Check the indentation of this line and the quotes of the lines before it."
        }
        if problem.contains("block sequence") || problem.contains("did not find expected '-'") {
            return "Items of one list begin in the same column."
        }
        return nil
    }
}
