public import RoostLanguage

/// A file of either syntax that was read: its body, and all problems that were found on the way.
public struct HCLFile: Sendable {
    public let source: SourceText
    public let body: HCLBody
    public let diagnostics: [Diagnostic]

    /// Reads a file; names that end with `.json` are of the JSON syntax.
    public init(name: String, bytes: [UInt8]) {
        if name.hasSuffix(".json") { self.init(json: bytes, name: name) } else { self.init(native: bytes, name: name) }
    }

    /// Reads the native syntax.
    public init(native bytes: [UInt8], name: String) {
        let text = HCLSourceBytes(bytes, name: name)
        var body = HCLSyntaxBody(range: HCLRange(text.source, 0..<0))
        var problems = text.problems
        if problems.isEmpty {
            let tokens = HCLScanner.scan(bytes)
            var parser = HCLParser(
                source: text.source,
                bytes: bytes,
                offsets: nil,
                tokens: tokens,
                countsNewlines: true
            )
            parser.reportForeign(tokens)
            body = parser.body(until: .end)
            problems = parser.diagnostics
        }
        self.init(source: text.source, body: HCLBody(body), diagnostics: problems)
    }

    init(source: SourceText, body: HCLBody, diagnostics: [Diagnostic]) {
        self.source = source
        self.body = body
        self.diagnostics = diagnostics
    }
}

extension HCLExpression {
    /// Reads one expression of the native syntax.
    public static func parse(_ text: String, name: String) -> (expression: HCLExpression, diagnostics: [Diagnostic]) {
        parse(Array(text.utf8), name: name) { parser in
            let expression = parser.withNewlines(false) { $0.expression() }
            let token = parser.withNewlines(false) { $0.peek() }
            if token.kind != .end, !parser.isRecovering {
                parser.report(
                    "extra",
                    "Extra characters after expression",
                    "An expression was read whole, and more follows.",
                    parser.range(token)
                )
            }
            return expression
        }
    }

    /// Reads a text that is a template as a whole.
    public static func parseTemplate(
        _ text: String,
        name: String
    ) -> (expression: HCLExpression, diagnostics: [Diagnostic]) {
        let bytes = Array(text.utf8)
        return parse(bytes, name: name, tokens: HCLScanner.scanTemplate(bytes)) { $0.bareTemplate() }
    }

    private static func parse(
        _ bytes: [UInt8],
        name: String,
        tokens: [HCLToken]? = nil,
        _ body: (inout HCLParser) -> HCLExpression
    ) -> (expression: HCLExpression, diagnostics: [Diagnostic]) {
        let text = HCLSourceBytes(bytes, name: name)
        guard text.problems.isEmpty else {
            return (HCLExpression(.invalid, HCLRange(text.source, 0..<0)), text.problems)
        }
        let tokens = tokens ?? HCLScanner.scan(bytes)
        var parser = HCLParser(source: text.source, bytes: bytes, offsets: nil, tokens: tokens, countsNewlines: false)
        parser.reportForeign(tokens)
        let expression = body(&parser)
        return (expression, parser.diagnostics)
    }
}
