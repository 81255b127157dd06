import RoostLanguage

extension HCLJSONNode {
    /// The value as an expression; texts and names of properties are templates.
    func expression(_ diagnostics: inout [Diagnostic]) -> HCLExpression {
        switch form {
        case .null: return HCLExpression(.literal(.null()), range, isJSON: true)
        case .bool(let value): return HCLExpression(.literal(.bool(value)), range, isJSON: true)
        case .number(let number): return HCLExpression(.literal(.number(number)), range, isJSON: true)
        case .string: return template(&diagnostics)
        case .array(let elements):
            return HCLExpression(.tuple(elements.map { $0.expression(&diagnostics) }), range, isJSON: true)
        case .object(let properties):
            reportRepeats(properties, &diagnostics)
            let items = properties.map { property in
                HCLObjectItem(
                    key: property.nameNode.expression(&diagnostics),
                    value: property.value.expression(&diagnostics)
                )
            }
            return HCLExpression(.object(items), range, isJSON: true)
        }
    }

    func reportRepeats(_ properties: [Property], _ diagnostics: inout [Diagnostic]) {
        var first: [String: HCLRange] = [:]
        for property in properties {
            guard let earlier = first.updateValue(property.nameRange, forKey: property.name) else { continue }
            first[property.name] = earlier
            diagnostics.append(
                .hcl(
                    "json.duplicate",
                    "Duplicate object attribute",
                    "An attribute named \"\(property.name)\" is defined already at \(earlier).",
                    property.nameRange
                )
            )
        }
    }

    private func template(_ diagnostics: inout [Diagnostic]) -> HCLExpression {
        guard case .string(let text, let offsets) = form else { return HCLExpression(.invalid, range) }
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "$")) || bytes.contains(UInt8(ascii: "%")) else {
            return HCLExpression(.template([HCLExpression(.literal(.string(text)), range)]), range, isJSON: true)
        }
        let tokens = HCLScanner.scanTemplate(bytes)
        var parser = HCLParser(
            source: range.source,
            bytes: bytes,
            offsets: offsets,
            tokens: tokens,
            countsNewlines: false
        )
        parser.reportForeign(tokens)
        let form = parser.bareTemplate().form
        diagnostics += parser.diagnostics
        return HCLExpression(form, range, isJSON: true)
    }
}

extension HCLExpression {
    /// A text of the JSON syntax read as an expression, where a name or a type is wanted; others are as they are.
    func unquoted() -> (expression: HCLExpression, diagnostics: [Diagnostic]) {
        guard isJSON, case .template(let parts) = form, parts.count == 1, case .literal(let value) = parts[0].form,
            let text = value.text
        else { return (self, []) }
        let bytes = Array(text.utf8)
        let start = range.bytes.lowerBound + 1
        // Names and types have no escapes, so that text and file are the same byte for byte.
        let offsets = (0...bytes.count).map { min(start + $0, range.bytes.upperBound) }
        let tokens = HCLScanner.scan(bytes)
        var parser = HCLParser(
            source: range.source,
            bytes: bytes,
            offsets: offsets,
            tokens: tokens,
            countsNewlines: false
        )
        parser.reportForeign(tokens)
        let expression = parser.expression()
        if parser.peek().kind != .end, parser.diagnostics.isEmpty {
            parser.report(
                "extra",
                "Extra characters after expression",
                "An expression was read whole, and more follows.",
                parser.range(parser.peek())
            )
        }
        return (expression, parser.diagnostics)
    }
}

extension HCLFile {
    /// Reads the JSON syntax.
    public init(json bytes: [UInt8], name: String) {
        let document = HCLJSONReader.read(bytes, name: name)
        var problems = document.diagnostics
        if problems.isEmpty, let problem = Self.rootProblem(document.root) { problems.append(problem) }
        let nothing = HCLJSONNode(form: .object([]), range: HCLRange(document.source, 0..<0))
        let body = HCLBody(.json(HCLJSONBody(node: problems.isEmpty ? document.root : nothing, isRoot: true)))
        self.init(source: document.source, body: body, diagnostics: problems)
    }

    private static func rootProblem(_ node: HCLJSONNode) -> Diagnostic? {
        switch node.form {
        case .object, .array: nil
        default:
            .hcl(
                "json.root",
                "Root value must be object",
                "The file holds a JSON object, or an array of objects.",
                node.startRange
            )
        }
    }
}
