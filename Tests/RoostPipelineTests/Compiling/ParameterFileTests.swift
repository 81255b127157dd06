import RoostLanguage
import RoostPipeline
import Testing

@Suite("Files with parameters")
struct ParameterFileTests {
    @Test("YAML and JSON give texts; lists and objects come as YAML that reads back the same")
    func values() {
        let (values, diagnostics) = ParameterFile.read(
            name: "p.yml",
            text: "word: hi\nnumber: 1.10\nflag: True\nlist: [a, b]\nempty:\n"
        )
        #expect(diagnostics == [])
        #expect(values["word"] == "hi")
        #expect(values["number"] == "1.10")
        #expect(values["flag"] == "True")
        #expect(values["empty"] == "")
        let again = ParameterFile.read(name: "p.yml", text: "list:\n\(values["list"] ?? "")")
        #expect(again.diagnostics == [])
        #expect(ParameterFile.read(name: "p.json", text: #"{"a": "1", "b": {"c": 2}}"#).values["a"] == "1")
        #expect(ParameterFile.read(name: "p.yml", text: "").values == [:])
    }

    @Test("a file that is no mapping, or no YAML, is told with its place")
    func problems() {
        #expect(
            ParameterFile.read(name: "p.yml", text: "- a\n").diagnostics.first?.description.hasPrefix("p.yml:1:1")
                == true
        )
        #expect(ParameterFile.read(name: "p.yml", text: "a: [\n").diagnostics.hasErrors)
    }
}
