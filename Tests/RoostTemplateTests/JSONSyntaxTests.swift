import RoostLanguage
import Testing

@testable import RoostTemplate

@Suite("Syntax of JSON templates")
struct JSONSyntaxTests {
    private func problems(_ text: String) -> String {
        listed(HCLJSONReader.read(Array(text.utf8), name: "x.json").diagnostics)
    }

    @Test(
        "all that is wrong is said, each where it is",
        arguments: [
            ("", "1:1-1:1 Missing JSON value"),
            ("{}", ""),
            ("{\"a\": 1} x", "1:10-1:11 Extraneous data after value"),
            (
                "{\"a\": , \"b\": ]}",
                "1:7-1:8 Missing JSON value\n1:14-1:15 Missing JSON value\n1:14-1:15 Unclosed object"
            ),
            ("{\"a\" 1, \"b\" = 2}", "1:6-1:7 Missing property value colon\n1:13-1:14 Missing property value colon"),
            (
                "{\"a\": 1 \"b\": 2\n\"c\": [1 2]}",
                "1:9-1:10 Missing attribute separator\n2:1-2:2 Missing attribute separator\n2:9-2:10 Missing element separator"
            ),
            (
                "{\"a\": [1,], \"b\": {\"c\": 1,},}",
                "1:9-1:10 Trailing comma\n1:25-1:26 Trailing comma\n1:27-1:28 Trailing comma"
            ),
            ("[1,,2,]", "1:4-1:5 Missing JSON value\n1:6-1:7 Trailing comma"),
            (
                "{a: 1, 'b': 2, \"c\": True, \"d\": 'x'}",
                "1:2-1:3 Invalid object property name\n1:8-1:11 Invalid object property name\n1:21-1:25 Invalid JSON value\n1:32-1:35 Invalid JSON value"
            ),
            (
                "{\"a\": 01, \"b\": +1, \"c\": nope(2, 3), \"d\": é}",
                "1:7-1:9 Invalid JSON value\n1:16-1:18 Invalid JSON value\n1:25-1:35 Invalid JSON value\n1:42-1:43 Invalid JSON value"
            ),
            (
                "{ // first\n\"a\": 1, # second\n/* third */ \"b\": 2}",
                "1:3-1:11 Comment in JSON\n2:9-2:17 Comment in JSON\n3:1-3:12 Comment in JSON"
            ),
            (
                "{\"a\": \"x\\q\\u12\", \"b\": \"\t\"}",
                "1:9-1:11 Invalid escape sequence\n1:11-1:13 Invalid escape sequence\n1:24-1:25 Invalid character in string"
            ),
            (
                "{\"a\": \"x,\n\"b\": \"y\nz\", \"c\n\"d\": 1}",
                "1:7-1:10 Unclosed string\n2:8-3:1 Invalid character in string\n3:5-3:7 Unclosed string"
            ),
            ("{\"a\": [1, 2, \"b\": 3", "1:17-1:18 Missing element separator\n1:7-1:8 Unclosed array"),
            ("{\"a\": [1, 2}", "1:12-1:13 Unclosed array"),
            ("{\n  \"a\": [\n    1\n  },\n  \"b\": 2\n}", "4:3-4:4 Unclosed array"),
            (
                "{\n  \"a\": {\n    \"b\": [\n      1\n  },\n  \"c\": x\n}",
                "5:3-5:4 Unclosed array\n6:8-6:9 Invalid JSON value"
            ),
            ("{\"a\": {\"b\": 1", "1:7-1:8 Unclosed object"),
            ("{\"a\": \"b", "1:7-1:9 Unclosed string"),
            ("[1]]", "1:4-1:5 Extraneous data after value"),
        ]
    )
    func wrong(_ text: String, _ expected: String) { #expect(problems(text) == expected) }

    @Test("what is right beside errors is read")
    func rest() {
        let document = HCLJSONReader.read(Array("{\"a\": 1, b: 2, \"c\": [1, nope, 3] \"d\": \"e\"}".utf8), name: "x")
        #expect(document.root.plainValue.json == "{\"a\":1,\"c\":[1,null,3],\"d\":\"e\"}")
        #expect(document.diagnostics.count == 3)
    }

    @Test("names that stand twice are found at every depth")
    func duplicates() {
        let text = "{\"a\": 1, \"b\": [{\"c\": 1, \"c\": 2}], \"a\": {\"d\": 1, \"\\u0064\": 2}}"
        let document = HCLJSONReader.read(Array(text.utf8), name: "x.json")
        #expect(document.diagnostics.isEmpty)
        #expect(
            listed(document.duplicates.sorted { $0.span?.start.offset ?? 0 < $1.span?.start.offset ?? 0 })
                == "1:25-1:28 Duplicate object attribute\n1:35-1:38 Duplicate object attribute\n1:49-1:57 Duplicate object attribute"
        )
    }

    @Test("a file that is no JSON at all has a bounded number of problems")
    func bound() {
        let many = HCLJSONReader.read(Array(("[" + String(repeating: ",", count: 100_000)).utf8), name: "x").diagnostics
        #expect(many.count == 101)
        #expect(many.last?.code == "hcl.json.too-many")
        let deep = HCLJSONReader.read(Array(String(repeating: "[", count: 100_000).utf8), name: "x").diagnostics
        #expect(listed(deep) == "1:151-1:152 Nesting too deep")
    }
}
