import Foundation
import Testing

@testable import RoostServer

@Suite("JSON of a request")
struct JSONBodyTests {
    private struct Thing: Decodable {
        struct Part: Decodable { var id: Int }
        var name: String
        var value: [Part]
    }

    private func problem(_ text: String) -> RequestProblem? {
        #expect(throws: RequestProblem.self) { try JSONBody.decode(Thing.self, from: Data(text.utf8)) }
    }

    @Test(
        "a mistake in the syntax is named with line and column",
        arguments: [
            ("{\n  \"name\": x\n}", "2:11", "expected a value, found 'x'"),
            ("{\"name\": \"a\", }", "1:15", "expected a name in quotes, found '}'"),
            ("{\"name\": \"a", "1:12", "the closing quote is missing"),
            ("{\"name\" 1}", "1:9", "expected ':', found '1}'"),
            ("[1, 2", "1:6", "the text ends where ',' or ']' was expected"),
            ("[1 2]", "1:4", "expected ',' or ']', found '2]'"),
            ("{} x", "1:4", "expected the end, found 'x'"),
            ("[01]", "1:2", "expected a value or ']', found '01]'"),
            ("{'a': 1}", "1:2", "expected a name in quotes or '}', found ''a':'"),
        ]
    )
    func syntax(text: String, place: String, words: String) {
        let mistake = JSONSyntax.firstMistake(Array(text.utf8))
        #expect(mistake.map { "\($0.line):\($0.column)" } == place)
        #expect(mistake?.text == words)
    }

    @Test("the place of a mistake is in the problem")
    func place() {
        #expect(problem("{\n  \"name\": x\n}") == .malformed(place: "2:11", problem: "expected a value, found 'x'"))
    }

    @Test(
        "texts without a mistake have none",
        arguments: ["{}", "[]", " [1, -2.5e+3, true, null, {\"a\": [\"\\u00e4\\n\"]}] \n", "0", "\"x\""]
    )
    func noMistake(text: String) {
        #expect(JSONSyntax.firstMistake(Array(text.utf8)) == nil)
    }

    @Test("a value of another type is named by its path")
    func path() {
        #expect(
            problem(#"{"name": "a", "value": [{"id": 1}, {"id": "two"}]}"#)
                == .malformed(place: "value[1].id", problem: "expected a number")
        )
        #expect(problem(#"{"value": []}"#) == .malformed(place: nil, problem: "the member 'name' is missing"))
        #expect(
            problem(#"{"name": null, "value": []}"#) == .malformed(place: "name", problem: "expected text, found null")
        )
    }

    @Test(
        "an empty body and ten thousand brackets are refused",
        arguments: ["", String(repeating: "[", count: 10_000)]
    )
    func extremes(text: String) {
        #expect(problem(text) != nil)
    }
}
