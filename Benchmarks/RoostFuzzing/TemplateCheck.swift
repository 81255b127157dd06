import Foundation
import RoostLanguage
import RoostTemplate

/// What must hold of every image template, however wrong it is.
struct TemplateCheck: Sendable {
    /// Sentences about what does not hold, none when all is well.
    func failures(of bytes: [UInt8], name: String) -> [String] {
        let file = HCLFile(native: bytes, name: "x.pkr.hcl")
        var failures = check(file.diagnostics, [file.source])
        failures += layout(bytes, isRight: file.diagnostics.isEmpty)
        let json = HCLFile(json: bytes, name: "x.pkr.json")
        failures += check(json.diagnostics, [json.source])
        return failures + values(file) + values(json) + plan(bytes, name)
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
        var failures = check(evaluation.diagnostics, [file.source])
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

    // MARK: Plans

    /// As commands read it: from a file, in the language that its name and text say.
    private func plan(_ bytes: [UInt8], _ name: String) -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-fuzz-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: name.isEmpty ? "image.pkr.hcl" : name).path
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: path))
        } catch { return ["the template cannot be written: \(error)"] }
        return plan(path, evaluating: false) + plan(path, evaluating: true) + upgrade(bytes)
            + ImagePlan.Language.allCases.flatMap { convert(path, to: $0) }
    }

    /// What a template becomes in another language is one of that language, whatever is lost.
    private func convert(_ path: String, to language: ImagePlan.Language) -> [String] {
        let input = ImageTemplateInput(path: path, workingFolder: "/", now: Date(timeIntervalSince1970: 0))
        let (result, reading) = ImageConversion.of(input, to: language)
        let conversion = result.withLossesAccepted
        var failures = check(conversion.diagnostics, reading.sources)
        guard !conversion.diagnostics.hasErrors else { return failures }
        let text = Array(conversion.text.utf8)
        let file =
            language == .packerHCL
            ? HCLFile(native: text, name: "x.pkr.hcl") : HCLFile(json: text, name: "x.pkr.json")
        if let problem = file.diagnostics.first {
            failures.append("as \(language.rawValue) it has a problem: \(problem)\n\(conversion.text)")
        }
        if language == .packerHCL, HCLFormatter.format(text) != text {
            failures.append("as \(language.rawValue) it is not laid out\n\(conversion.text)")
        }
        return failures
    }

    /// What a template of JSON becomes is HCL2 in its layout, when nothing was wrong with the template.
    private func upgrade(_ bytes: [UInt8]) -> [String] {
        let (text, diagnostics, source) = PackerUpgrade.upgraded(bytes, name: "image.json")
        var failures = check(diagnostics, [source])
        guard !diagnostics.hasErrors else { return failures }
        let upgraded = Array(text.utf8)
        let problems = HCLFile(native: upgraded, name: "x.pkr.hcl").diagnostics
        if let problem = problems.first { failures.append("upgraded it is no HCL2: \(problem)\n\(text)") }
        if HCLFormatter.format(upgraded) != upgraded { failures.append("upgraded it is not laid out\n\(text)") }
        return failures
    }

    private func plan(_ path: String, evaluating: Bool) -> [String] {
        let input = ImageTemplateInput(
            path: path,
            evaluatesDataSources: evaluating,
            workingFolder: "/",
            now: Date(timeIntervalSince1970: 0)
        )
        let reading = ImageTemplate.read(input).reading
        var failures = check(reading.diagnostics, reading.sources)
        for problem in reading.syntaxProblems where !reading.diagnostics.contains(problem) {
            failures.append("a problem of the syntax is none of the template: \(problem)")
        }
        if Set(reading.diagnostics).count != reading.diagnostics.count { failures.append("a problem is told twice") }
        let again = ImageTemplate.read(input).reading
        if again.diagnostics != reading.diagnostics { failures.append("read again it has other problems") }
        if again.plan.targets.map(\.name) != reading.plan.targets.map(\.name) {
            failures.append("read again it has other targets")
        }
        return failures
    }

    private func check(_ diagnostics: [Diagnostic], _ sources: [SourceText]) -> [String] {
        let renderer = DiagnosticRenderer(sources: sources)
        return diagnostics.flatMap { diagnostic -> [String] in
            var failures: [String] = []
            let isSilent = diagnostic.code.hasPrefix("hcl.") && diagnostic.detail?.isEmpty ?? true
            if diagnostic.summary.isEmpty || isSilent { failures.append("\(diagnostic.code) says nothing") }
            if let span = diagnostic.span, span.end < span.start { failures.append("\(diagnostic) has an empty span") }
            if renderer.render(diagnostic).isEmpty { failures.append("\(diagnostic) is rendered as nothing") }
            return failures
        }
    }
}
