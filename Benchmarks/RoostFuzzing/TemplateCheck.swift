import RoostLanguage
import RoostTemplate

/// What must hold of every image template, however wrong it is.
struct TemplateCheck: Sendable {
    /// Sentences about what does not hold, none when all is well.
    func failures(of bytes: [UInt8]) -> [String] {
        let file = HCLFile(native: bytes, name: "x.pkr.hcl")
        var failures = check(file.diagnostics, file.source)
        failures += layout(bytes, isRight: file.diagnostics.isEmpty)
        let json = HCLFile(json: bytes, name: "x.pkr.json")
        failures += check(json.diagnostics, json.source)
        return failures + values(file) + values(json)
    }

    /// Laying out twice changes nothing, and laying out makes nothing wrong.
    private func layout(_ bytes: [UInt8], isRight: Bool) -> [String] {
        let laid = HCLFormatter.format(bytes)
        var failures: [String] = []
        if isRight, !HCLFile(native: laid, name: "x.pkr.hcl").diagnostics.isEmpty {
            failures.append("laid out it has problems: \(String(decoding: laid, as: UTF8.self))")
        }
        if isRight, HCLFormatter.format(laid) != laid { failures.append("laying out twice changes it again") }
        return failures
    }

    private func values(_ file: HCLFile) -> [String] {
        guard file.diagnostics.isEmpty else { return [] }
        let evaluation = PackerEvaluation(PackerInput(templates: [file]), functions: HCLFunctions.pure)
        var failures = check(evaluation.diagnostics, file.source)
        for (name, value) in evaluation.locals where value.isWhollyKnown && !value.hasSensitivePart {
            let scope = HCLScope(variables: ["v": value], functions: HCLFunctions.pure)
            let result = HCLExpression.parse("jsonencode(jsondecode(jsonencode(v)))", name: "v").expression.value(
                in: scope
            )
            if result.diagnostics.isEmpty, result.value.text != value.json {
                failures.append("\(name) is another value when it was JSON: \(value.json)")
            }
        }
        return failures
    }

    private func check(_ diagnostics: [Diagnostic], _ source: SourceText) -> [String] {
        let renderer = DiagnosticRenderer(sources: [source])
        return diagnostics.flatMap { diagnostic -> [String] in
            var failures: [String] = []
            if diagnostic.summary.isEmpty || diagnostic.detail?.isEmpty ?? true {
                failures.append("\(diagnostic.code) says nothing")
            }
            if let span = diagnostic.span, span.end < span.start { failures.append("\(diagnostic) has an empty span") }
            if renderer.render(diagnostic).isEmpty { failures.append("\(diagnostic) is rendered as nothing") }
            return failures
        }
    }
}
