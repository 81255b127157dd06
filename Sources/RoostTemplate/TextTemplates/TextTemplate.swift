public import RoostLanguage

/// Renders what is left of text templates when a build runs.
public enum TextTemplate {
    /// Renders a template.
    ///
    /// - Parameters:
    ///   - text: a ``SettingValue/Form/template(_:)``.
    ///   - data: what a dot knows, such as `Path` and `Vars`.
    ///   - build: what `build` knows of the running build, such as `ID`.
    ///   - context: everything else.
    /// - Returns: the text.
    /// - Throws: a ``Diagnostic`` that names what the template asks for and nobody knows.
    public static func rendered(
        _ text: String,
        data: [String: TextTemplateValue] = [:],
        build: [String: String] = [:],
        in context: TextTemplateContext
    ) throws(Diagnostic) -> String {
        var functions = context.functions(for: ComponentName(.provisioner, ""))
        functions["build"] = TextTemplateFunction(texts: 1) { names throws(TextTemplateFault) in
            guard let value = build[names[0]] else {
                throw .call(
                    "The running build has no \"\(names[0])\".",
                    advice: suggestion(names[0], among: build.keys)
                )
            }
            return value
        }
        let known = data.merging(build.mapValues { .text($0) }) { first, _ in first }
        do throws(TextTemplateFault) {
            let syntax = try TextTemplateParser.parse(text, functions: functions)
            return try output(syntax, functions, .object(known))
        } catch {
            throw .error("text-template.\(error.code)", error.summary, advice: error.advice, detail: error.detail)
        }
    }

    private static func output(
        _ syntax: TextTemplateSyntax,
        _ functions: [String: TextTemplateFunction],
        _ data: TextTemplateValue
    ) throws(TextTemplateFault) -> String {
        var evaluator = TextTemplateEvaluator(functions: functions, data: data, definitions: syntax.definitions)
        evaluator.takesTemplatesAsTexts = true
        do throws(TextTemplateEvaluator.Stop) {
            try evaluator.run(syntax.nodes, dot: data)
            return evaluator.output
        } catch {
            if case .fault(let fault) = error { throw fault }
            throw .call("The template asks for what is not known.")
        }
    }
}
