import RoostLanguage
import RoostModel
import RoostPipeline
import Testing

@Suite("The expanded file")
struct FinalYAMLTests {
    @Test("comes to the same plan as the file it was made of", arguments: Fixture.all)
    func samePlan(_ fixture: Fixture) throws {
        // Text that looks like an expression would be one when it is read again, and predefined variables are in names already.
        guard let plan = try fixture.compile().plan, !plan.finalYAML.contains("${{") else { return }
        let request = try fixture.request()
        let again = PipelineCompiler(loader: MemoryTemplateLoader()).compile(
            path: "again.yml",
            text: plan.finalYAML,
            request: CompileRequest(predefinedVariables: request.predefinedVariables)
        )
        #expect(again.diagnostics.hasErrors == false, "\(again.diagnostics)")
        #expect(again.plan?.withoutPlaces == plan.withoutPlaces)
        #expect(again.plan?.finalYAML == plan.finalYAML)
    }

    @Test(
        "keeps every text as it is",
        arguments: [
            "plain", "a: b", "a #b", "#", "- x", "-", "?", ": x", "x:", "'quoted'", "\"double\"", "1.10", "true",
            "null", "~", "", " ", " lead",
            "trail ", "a\nb", "a\nb\n", "a\n\n", "\na", "  a\nb\n", "a\n  b", "\n", "\t", "a\tb", "{a}", "[a]", "*a",
            "&a", "!a", "%a", "@a", "`a",
            "|", ">", "--- a", "...", "a\u{1}b", "a\u{2028}b", "\u{FEFF}a", "é", "日本", "😀", "a\r\nb", "=", "<<", "yes",
            "0x1F", "1e3", "a\n b\n\n\nc\n\n",
        ]
    )
    func texts(_ text: String) throws {
        let json = text.unicodeScalars.map { scalar -> String in
            scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
                ? String(scalar) : "\\U" + String(String(UInt64(scalar.value) + 0x1_0000_0000, radix: 16).dropFirst())
        }.joined()
        let result = compile("variables: { v: \"\(json)\" }\nsteps: [ { script: a } ]\n")
        let plan = try #require(result.plan, "\(result.diagnostics)")
        #expect(plan.variables[0].value.text == text)
        let again = try #require(compile(plan.finalYAML).plan, "\(plan.finalYAML)")
        #expect(again.variables[0].value.text == text, "\(plan.finalYAML)")
    }
}
