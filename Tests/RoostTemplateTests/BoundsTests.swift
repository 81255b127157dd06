import RoostLanguage
import Testing

@testable import RoostTemplate

/// Input that nobody would write, and that somebody sends.
@Suite("Bounds")
struct BoundsTests {
    @Test(
        "deep and long texts give an error and no crash",
        arguments: [
            "(", "[", "{a=", "!", "1+", "a[*]", "a.*.*", "\"${", "true?", "\"%{if true}", "[for x in ", "f(", "-",
            "${<<E\n",
            "9", "1e9",
        ]
    )
    func deep(_ piece: String) {
        // What begins like a template goes on within it.
        let rest = piece.hasPrefix("\"%") || piece.hasPrefix("a") ? String(piece.dropFirst()) : piece
        let text = piece + String(repeating: rest, count: 20_000)
        #expect(!HCLExpression.parse(text, name: "x").diagnostics.isEmpty)
        let file = HCLFile(native: Array("a = \(text)\n".utf8), name: "x")
        #expect(!file.diagnostics.isEmpty)
        #expect(file.diagnostics.count <= 101)
    }

    @Test("deep blocks and deep JSON give an error")
    func deepBodies() {
        #expect(!HCLFile(native: Array(String(repeating: "a {\n", count: 20_000).utf8), name: "x").diagnostics.isEmpty)
        #expect(!HCLFile(json: Array(String(repeating: "[", count: 20_000).utf8), name: "x").diagnostics.isEmpty)
    }

    @Test("work that grows without end is stopped")
    func work() {
        let loop = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : \"x\"]]]"
        #expect(evaluated(loop).hasSuffix("Expression too large"))
        var text = "\"aaaaaaaaaaaaaaaa\""
        for _ in 0..<12 { text = "[for x in [\(text)] : \"${x}${x}${x}${x}\"][0]" }
        #expect(evaluated(text).hasSuffix("Expression too large"))
    }

    @Test("patterns take time in proportion to the text")
    func patterns() {
        let text = String(repeating: "a", count: 5_000)
        #expect(evaluated("can(regex(\"^(a+)+b$\", \"\(text)\"))") == "false")
        #expect(evaluated("can(regex(\"((a{1,100}){1,100}){1,100}\", \"a\"))") == "false")
    }

    @Test("every cut and many changes of a real text are read to the end")
    func cuts() throws {
        let text =
            "source \"a\" \"b\" {\n  x = <<-E\n    ${f(1, [for k, v in {a = 1} : k => v...]...)} é %{ if a ~} b %{ endif }\n  E\n  y = a[*].b.0[\"c\"] ? -1 : !true # c\n}\n"
        let bytes = Array(text.utf8)
        var seed: UInt64 = 7
        for cut in bytes.indices {
            var changed = Array(bytes[..<cut])
            _ = HCLFile(native: changed, name: "x")
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            changed = bytes
            changed[cut] = UInt8(truncatingIfNeeded: seed >> 33)
            _ = HCLFile(native: changed, name: "x")
            let laid = HCLFormatter.format(changed)
            #expect(HCLFormatter.format(laid) == laid)
        }
    }

    @Test("text that is no UTF-8 is an error at its place")
    func encoding() {
        let file = HCLFile(native: Array("a = \"".utf8) + [0xFF, 0x22, 0x0A], name: "x")
        #expect(file.diagnostics.first?.span?.start == SourcePosition(line: 1, column: 6, offset: 5))
        #expect(!HCLFile(native: [0xEF, 0xBB, 0xBF], name: "x").diagnostics.isEmpty)
    }
}
