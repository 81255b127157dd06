import Foundation
import RoostLanguage
import RoostPipeline
import Testing

@Suite("Reading YAML")
struct YAMLDocumentTests {
    private func problems(_ text: String, _ limits: YAMLLimits = .default) -> [String] {
        YAMLDocument(name: "f", text: text, limits: limits).diagnostics.map {
            "\($0.span?.start.line ?? 0):\($0.span?.start.column ?? 0) \($0.code)"
        }
    }

    @Test("ten thousand lists in each other are refused at the limit", arguments: [10_000, 200_000])
    func depthBomb(_ depth: Int) {
        #expect(problems(String(repeating: "[", count: 500)) == ["1:101 yaml.too-deep"])
        #expect(problems("a: 1\nb: " + String(repeating: "[", count: depth)) == ["2:5 yaml.too-deep"])
        #expect(problems(String(repeating: "{a: ", count: depth)) == ["1:401 yaml.too-deep"])
        #expect(problems(String(repeating: "- ", count: depth) + "a") == ["1:201 yaml.too-deep"])
        let block = (0..<min(depth, 2_000)).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
        #expect(problems(block) == ["101:101 yaml.too-deep"])
    }

    @Test("as many levels as allowed can be read")
    func deepest() {
        #expect(problems(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)) == [])
    }

    @Test(
        "a tab where YAML wants blanks is named",
        arguments: [
            ("a:\n\t- b\n", "2:1 yaml.syntax"), ("a:\n  b: 1\n\tc: 2\n", "3:1 yaml.syntax"),
            ("-\ta: 1\n  b: 2\n", "1:2 yaml.syntax"),
        ]
    )
    func tabs(_ text: String, _ problem: String) {
        let document = YAMLDocument(name: "f", text: text)
        #expect(problems(text) == [problem])
        #expect(document.diagnostics[0].advice?.contains("tab") == true)
        #expect(document.root == nil)
    }

    @Test("tabs inside texts and on blank lines do no harm")
    func harmlessTabs() {
        #expect(problems("a: |\n  x\ty\n  \tz\nb: 'q\tr'\n") == [])
    }

    @Test("a file or a tree that is too large is refused")
    func tooLarge() {
        #expect(problems(String(repeating: "#", count: 101), YAMLLimits(fileBytes: 100)) == ["1:1 yaml.too-large"])
        let list = "[" + String(repeating: "a,", count: 60) + "]"
        #expect(problems(list, YAMLLimits(nodes: 50)) == ["1:102 yaml.too-large"])
        let document = YAMLDocument(
            name: "f",
            bytes: Array(repeating: 0x61, count: 101),
            limits: YAMLLimits(fileBytes: 100)
        )
        #expect(document.diagnostics.map(\.code) == ["yaml.too-large"])
    }

    @Test("a large file is read in time that grows with its size")
    func large() {
        let text = "steps:\n" + (0..<50_000).map { "- script: echo \($0)\n" }.joined()
        let document = YAMLDocument(name: "f", text: text)
        #expect(document.diagnostics == [])
        guard case .mapping(let root)? = document.root, case .sequence(let steps) = root.pairs[0].value else {
            Issue.record("no list")
            return
        }
        #expect(steps.items.count == 50_000)
    }

    @Test("every anchor and alias is reported, and the rest of the file is read")
    func anchors() {
        let text = "a: &x 1\nb: *x\nc: &y [1]\nd: &z {e: *y}\n"
        #expect(
            problems(text) == [
                "1:4 yaml.anchor", "2:4 yaml.anchor", "3:4 yaml.anchor", "4:4 yaml.anchor", "4:11 yaml.anchor",
            ]
        )
    }

    @Test("bytes that are no text are refused at their place")
    func encodings() {
        let latin = Array("a: b\nc: gr".utf8) + [0xFC, 0x0A]
        let document = YAMLDocument(name: "f", bytes: latin)
        #expect(document.diagnostics.map(\.code) == ["yaml.encoding"])
        #expect(document.diagnostics[0].span?.start == SourcePosition(line: 2, column: 6, offset: 10))
        #expect(YAMLDocument(name: "f", bytes: [0xFF, 0xFE, 0x61, 0x00]).diagnostics[0].summary.contains("UTF-16"))
        #expect(problems("a: \u{0}\n") == ["1:4 yaml.character"])
    }

    @Test("a byte order mark, CRLF, a leading --- and a trailing ... are read over")
    func frames() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("---\r\na: 1\r\nb: |\r\n  x\r\n  y\r\n...\r\n".utf8)
        let document = YAMLDocument(name: "f", bytes: bytes)
        #expect(document.diagnostics == [])
        guard case .mapping(let root)? = document.root else {
            Issue.record("no mapping")
            return
        }
        #expect(root.pairs.map(\.key.text) == ["a", "b"])
        #expect(root.pairs[0].key.place.span.start == SourcePosition(line: 2, column: 1, offset: 5))
        guard case .scalar(let block) = root.pairs[1].value else {
            Issue.record("no scalar")
            return
        }
        #expect(block.text == "x\ny\n")
        #expect(block.style == .literal)
        #expect(block.map.position(at: 2).line == 5)
    }

    @Test("keys that are expressions may repeat, plain ones may not")
    func duplicates() {
        #expect(problems("${{ if a }}: 1\n${{ else }}: 2\n${{ if a }}: 3\n") == [])
        #expect(problems("a: 1\nb: 2\nA: 3\na: 4\n") == ["3:1 yaml.duplicate-key", "4:1 yaml.duplicate-key"])
    }

    @Test(
        "the map of a text points at the character of the file",
        arguments: [
            ("plain over\n  two lines", "two", 2), ("'it''s quoted'", "quoted", 1),
            ("\"a\\tb \\u0041 word\"", "word", 1),
            ("|\n  one\n    two\n  three", "three", 4), (">\n  one\n  two\n\n  three", "three", 5),
            (">-\n  one\n    more\n  two", "two", 4), ("\"joined \\\n  here\"", "here", 2),
            ("|2\n    deep\n   less", "less", 3),
            ("'grüße 日本 here'", "here", 1), ("|\n  a\r\n  b\r\n  c", "c", 4),
        ]
    )
    func maps(_ yaml: String, _ word: String, _ line: Int) throws {
        let text = "key: \(yaml)\nlast: x\n"
        let document = YAMLDocument(name: "f", text: text)
        guard case .mapping(let root)? = document.root, case .scalar(let scalar) = root.pairs[0].value else {
            Issue.record("no scalar: \(document.diagnostics)")
            return
        }
        let found = try #require(scalar.text.range(of: word))
        let offset = scalar.text.utf8.distance(from: scalar.text.startIndex, to: found.lowerBound)
        let position = scalar.map.position(at: offset)
        #expect(position.line == line)
        #expect(document.source.line(position.line).dropFirst(position.column - 1).hasPrefix(word))
        #expect(scalar.misplacedText == nil)
    }
}
