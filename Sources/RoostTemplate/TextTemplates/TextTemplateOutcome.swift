/// What becomes of a text template before a build runs.
struct TextTemplateOutcome: Sendable {
    /// The text, or the template that is left of it.
    var text: String
    /// Whether it has to be rendered when the build runs.
    var isTemplate = false
    var isSensitive = false
    /// Whether something in it has no value yet.
    var asksUnknown = false
    var faults: [TextTemplateFault] = []
    /// What is asked of the data that only a running build has.
    var laterFields: [(name: String, range: Range<Int>)] = []

    /// Renders what is known now.
    static func settling(_ text: String, _ functions: [String: TextTemplateFunction]) -> TextTemplateOutcome {
        guard text.utf8.contains(UInt8(ascii: "{")), text.contains("{{") else { return TextTemplateOutcome(text: text) }
        do throws(TextTemplateFault) {
            let syntax = try TextTemplateParser.parse(text, functions: functions)
            return whole(syntax, functions)
        } catch {
            return TextTemplateOutcome(text: text, faults: [error])
        }
    }

    private static func whole(
        _ syntax: TextTemplateSyntax,
        _ functions: [String: TextTemplateFunction]
    ) -> TextTemplateOutcome {
        var evaluator = TextTemplateEvaluator(functions: functions, data: nil, definitions: syntax.definitions)
        do throws(TextTemplateEvaluator.Stop) {
            try evaluator.run(syntax.nodes, dot: nil)
            return TextTemplateOutcome(text: evaluator.output, isSensitive: evaluator.isSensitive)
        } catch {
            var outcome = folded(syntax, functions)
            // Folding finds all that is wrong, but does not go through loops.
            if case .fault(let fault) = error, outcome.faults.isEmpty { outcome.faults = [fault] }
            return outcome
        }
    }

    private static func folded(
        _ syntax: TextTemplateSyntax,
        _ functions: [String: TextTemplateFunction]
    ) -> TextTemplateOutcome {
        var folding = TextTemplateFolding(functions: functions, definitions: syntax.definitions)
        let nodes = folding.folded(syntax.nodes)
        let definitions = syntax.definitions.mapValues { folding.folded($0) }
        var outcome = TextTemplateOutcome(text: "", isSensitive: folding.isSensitive, faults: folding.faults)
        outcome.asksUnknown = folding.asksUnknown
        outcome.laterFields = folding.laterFields
        if definitions.isEmpty, nodes.allSatisfy(\.isText) {
            outcome.text = nodes.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        } else {
            outcome.text = TextTemplatePrinter.text(.init(nodes: nodes, definitions: definitions))
            outcome.isTemplate = true
        }
        return outcome
    }
}

extension TextTemplateNode {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }
}
