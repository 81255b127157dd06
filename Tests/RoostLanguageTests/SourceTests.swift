import RoostLanguage
import Testing

@Suite("Places in a file")
struct SourceTests {
    private let source = SourceText(name: "a.yml", text: "one\r\nzwö: 😀x\r\rlast")

    @Test("columns count characters, lines end with any of the three line ends")
    func positions() {
        #expect(source.lineCount == 4)
        #expect((1...4).map { String(source.line($0)) } == ["one", "zwö: 😀x", "", "last"])
        #expect(source.position(at: 0) == .start)
        #expect(source.position(at: 5) == SourcePosition(line: 2, column: 1, offset: 5))
        #expect(source.position(at: 15) == SourcePosition(line: 2, column: 7, offset: 15))
        #expect(source.position(line: 2, column: 7).offset == 15)
        #expect(source.position(line: 9, column: 99) == SourcePosition(line: 4, column: 5, offset: source.count))
        #expect(source.position(at: 999).offset == source.count)
        #expect(source.line(0) == "" && source.line(5) == "")
    }

    @Test("every offset leads to a place and back")
    func roundTrip() {
        let source = SourceText(name: "b", text: "ab\n\ncd e\r\nf")
        for offset in [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11] {
            let place = source.position(at: offset)
            #expect(source.position(line: place.line, column: place.column) == place)
        }
    }

    @Test("a map leads through folded lines to the right characters")
    func map() {
        let file = SourceText(name: "c.yml", text: "key: >\n  and(true,\n    x ==\n  1)\n")
        // The scalar's value is "and(true,\n  x ==\n1)".
        let map = SourceMap(
            source: file,
            segments: [
                .init(textOffset: 0, fileOffset: 9), .init(textOffset: 10, fileOffset: 21),
                .init(textOffset: 17, fileOffset: 32),
            ]
        )
        let problems = ParsedExpression.parse("and(true,\n  x ==\n1)", at: map).diagnostics
        #expect(problems.map { $0.span?.description } == ["c.yml:3:7"])
        #expect(map.span(of: 14..<16).end.column == 9)
        #expect(map.advanced(by: 12).position(at: 0) == map.position(at: 12))
    }
}

@Suite("Diagnostics")
struct DiagnosticTests {
    private let source = SourceText(name: "azure-pipelines.yml", text: "jobs:\n- job: A\n\tstepss:\n  - 日本 bad\n")

    @Test("are shown with the line, carets, advice and notes")
    func rendering() {
        let span = source.span(16..<22)
        var diagnostic = Diagnostic.error(
            "yaml.key",
            "Unexpected value 'stepss'",
            at: span,
            advice: "Did you mean 'steps'?"
        )
        diagnostic.notes = [.init("included from here", at: source.span(6..<7)), .init("two\nlines")]
        #expect(
            DiagnosticRenderer(sources: [source]).render(diagnostic) == """
                azure-pipelines.yml:3:2: error: Unexpected value 'stepss'
                  3 | \tstepss:
                    | \t^^^^^^
                  advice: Did you mean 'steps'?
                  note: azure-pipelines.yml:2:1: included from here
                  note: two
                  lines

                """
        )
    }

    @Test("put carets below wide characters and count problems")
    func wide() {
        let start = source.position(line: 4, column: 5)
        let span = SourceSpan(file: source.name, start: start, end: source.position(line: 4, column: 11))
        let text = DiagnosticRenderer(sources: [source]).render([
            .warning("x", "Wide", at: span), .error("y", "No place"),
        ])
        #expect(
            text == """
                azure-pipelines.yml:4:5: warning: Wide
                  4 |   - 日本 bad
                    |     ^^^^^^^^
                error: No place
                1 error, 1 warning

                """
        )
    }

    @Test("show of a very long line what stands around the place")
    func longLine() throws {
        let text = "a: " + String(repeating: "[", count: 1000)
        let source = SourceText(name: "deep.yml", text: text)
        let shown = DiagnosticRenderer(sources: [source]).render(.error("x", "Deep", at: source.span(500..<502)))
        let lines = shown.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 200 })
        let caret = try #require(lines.last?.firstIndex(of: "^"))
        let column = try #require(lines.last).distance(from: try #require(lines.last).startIndex, to: caret)
        #expect(String(lines[1].dropFirst(column)).hasPrefix("[["))
    }

    @Test("send no control characters to the terminal and colours only when asked")
    func control() {
        let diagnostic = Diagnostic.error("x", "bad \u{1B}[2J text")
        #expect(DiagnosticRenderer().render(diagnostic) == "error: bad  [2J text\n")
        #expect(DiagnosticRenderer(style: .coloured).render(diagnostic).hasPrefix("\u{1B}[31;1merror: \u{1B}[0m"))
    }

    @Test(
        "offer the near name",
        arguments: [
            ("stepss", "steps"), ("Displayname", "displayName"), ("dependOn", "dependsOn"), ("ojb", "job"),
            ("xyz", nil),
            ("", nil), ("j", nil), ("conditon", "condition"),
        ] as [(String, String?)]
    )
    func near(_ name: String, _ expected: String?) {
        #expect(nearName(name, among: ["steps", "displayName", "dependsOn", "job", "condition"]) == expected)
    }
}

@Suite("JSON as people write it")
struct JSONReaderTests {
    @Test("single quotes, order and a last comma are accepted")
    func loose() throws {
        let value = try Value(
            json: " {'b': {'x': 'it\\'s', \"y\": [1, -2.5e1, true, null,]}, 'a': '\\u00e9\\ud83d\\ude00'} "
        )
        #expect(value == ["b": ["x": "it's", "y": [1, -25, true, nil]], "a": "é😀"])
    }

    @Test(
        "what is no JSON is refused at its place",
        arguments: [
            ("", 0), ("{", 1), ("{a: 1}", 1), ("[1 2]", 3), ("'x", 2), ("{'a' 1}", 5), ("nope", 0), ("1 x", 2),
            ("'\\q'", 2),
            ("[nan]", 1), ("'\\u12g4'", 3),
        ]
    )
    func refusal(_ text: String, _ offset: Int) {
        let error = #expect(throws: InvalidJSON.self) { try Value(json: text) }
        #expect(error?.offset == offset)
    }

    @Test("deep nesting is refused")
    func deep() {
        #expect(throws: InvalidJSON.self) { try Value(json: String(repeating: "[", count: 100_000)) }
    }
}

@Suite("Moments")
struct DateTimeTests {
    @Test(
        "days and times follow the Gregorian calendar",
        arguments: [
            (0, "1970-01-01 00:00:00+00:00", 1), (951_782_400, "2000-02-29 00:00:00+00:00", 60),
            (1_735_689_599, "2024-12-31 23:59:59+00:00", 366), (-1, "1969-12-31 23:59:59+00:00", 365),
            (4_107_542_400, "2100-03-01 00:00:00+00:00", 60),
        ]
    )
    func calendar(_ seconds: Int, _ text: String, _ dayOfYear: Int) {
        let moment = DateTime(seconds: seconds)
        #expect(moment.description == text)
        #expect(moment.dayOfYear == dayOfYear)
    }

    @Test(
        "custom formats are those of .NET",
        arguments: [
            ("yyyyMMdd", "20231114"), ("d MMM yyyy, dddd", "14 Nov 2023, Tuesday"), ("hh:mm tt", "10:13 PM"),
            ("'at' HH\\hmm", "at 22h13"), ("ss.FFFFFFF", "20.5"), ("MMMM", "November"), ("q", nil), ("\\", nil),
            ("ffffffff", nil),
        ] as [(String, String?)]
    )
    func formats(_ format: String, _ expected: String?) {
        #expect(DateTime(secondsSince1970: 1_700_000_000.5).formatted(format) == expected)
    }
}
