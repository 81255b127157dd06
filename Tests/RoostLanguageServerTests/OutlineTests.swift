import Testing

@testable import RoostLanguageServer

@Suite("Outline")
struct OutlineTests {
    /// The tree as lines: kinds, keys and values.
    private func tree(_ text: String) -> String {
        let outline = Outline(TextLines(text))
        func lines(_ entry: Int, _ indentation: String) -> [String] {
            let node = outline.entries[entry]
            let key = node.key.map { "\($0.text):" } ?? (node.kind == .item ? "-" : "?")
            let value = node.value.map { " " + $0.text.split(separator: "\n").joined(separator: "⏎") } ?? ""
            return [indentation + key + value] + node.children.flatMap { lines($0, indentation + " ") }
        }
        return outline.entries[0].children.flatMap { lines($0, "") }.joined(separator: "\n")
    }

    @Test("indentation makes the tree, and lists may stand in the column of their key")
    func indentation() {
        #expect(tree("a:\n- b: 1\n  c: 2\n- d\ne:\n  - f\n") == "a:\n -\n  b: 1\n  c: 2\n - d\ne:\n - f")
    }

    @Test("scripts, quotes and brackets are one value")
    func values() {
        #expect(
            tree("a: |\n  x: 1\n\n  - y\nb: 'it''s: x' # c\nc: { d: [1, 'two'], e: f }") == """
                a: |⏎  x: 1⏎  - y
                b: it's: x
                c:
                 d:
                  - 1
                  - two
                 e: f
                """
        )
    }

    @Test("expressions in keys keep their colons and quotes")
    func expressions() {
        #expect(
            tree("- ${{ if eq(variables['a: b'], 'c') }}:\n  - script: x")
                == "-\n ${{ if eq(variables['a: b'], 'c') }}:\n  -\n   script: x"
        )
    }

    @Test("what is not finished does not swallow what follows")
    func unfinished() {
        #expect(tree("a: 'open\nb: [1,\nc: {\nd\ne: 1") == "a: open\nb:\n - 1\nc:\n? d\ne: 1")
    }

    @Test("indentation without end keeps a tree of limited depth")
    func depth() {
        let text = (0..<2000).map { String(repeating: " ", count: $0) + "k\($0):" }.joined(separator: "\n")
        let outline = Outline(TextLines(text))
        #expect(outline.entries.count == 2001)
        #expect(outline.entries.map(\.depth).max() ?? 0 <= 151)
        let brackets = Outline(TextLines("a: " + String(repeating: "[", count: 5000)))
        #expect(brackets.entries.count < 200)
    }
}
