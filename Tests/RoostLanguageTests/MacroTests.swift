import RoostLanguage
import Testing

@Suite("Macros")
struct MacroTests {
    @Test(
        "a macro of a known variable is replaced, all else stays",
        arguments: [
            ("", ""), ("plain", "plain"), ("$(a)", "1"), ("<$(A)>", "<1>"), ("$(a)$(b.c)", "1two"), ("$(x y)", "blank"),
            ("$(pwd)", "$(pwd)"), ("$(self)", "$(a)"), ("$($(a))", "$(1)"), ("$(un$(a))", "$(un1)"), ("$(a", "$(a"),
            ("$", "$"), ("$$(a)", "$1"), ("$()", "$()"), ("a)$(a)(", "a)1("), ("é$(a)é", "é1é"), ("${a}", "${a}"),
            ("\r\n$(a)\r\n", "\r\n1\r\n"),
        ]
    )
    func expansion(_ text: String, _ expected: String) {
        #expect(expandMacros(text) { values(for: $0) } == expected)
    }

    private func values(for name: String) -> String? {
        ["a": "1", "b.c": "two", "self": "$(a)", "x y": "blank"][foldedName(name)]
    }

    @Test("names are listed in order")
    func names() {
        #expect(macroNames(in: "$(a) $(B.c)$(a) $(x") == ["a", "B.c", "a"])
    }

    @Test("variables expand each other, whatever their order and letter case")
    func variables() {
        let expansion = VariableExpansion([
            ("Full", "$(name)-$(VERSION)"), ("name", "app"), ("version", "$(major).0"), ("major", "1"), ("x", "$(pwd)"),
        ])
        #expect(expansion["full"] == "app-1.0")
        #expect(expansion["x"] == "$(pwd)")
        #expect(expansion["none"] == nil)
        #expect(expansion.warnings == [])
        #expect(expansion.expand(macrosIn: "v$(Version)") == "v1.0")
    }

    @Test("a circle stays unexpanded and is reported")
    func cycle() {
        let expansion = VariableExpansion([("a", "<$(b)>"), ("b", "$(a)"), ("c", "$(c)")])
        #expect(expansion["a"] == "<$(a)>")
        #expect(expansion["c"] == "$(c)")
        #expect(expansion.warnings.contains(.cycle("a")))
        #expect(expansion.warnings.contains(.cycle("c")))
    }

    @Test("more than 50 variables in a row stay unexpanded and are reported")
    func depth() {
        let chain = (0..<200).map { ("v\($0)", $0 == 199 ? "end" : "$(v\($0 + 1))") }
        let expansion = VariableExpansion(chain)
        #expect(expansion["v0"] == "$(v50)")
        #expect(expansion["v199"] == "end")
        #expect(expansion.warnings.contains(.tooDeep("v50")))
    }

    @Test("variables that double each other stay small")
    func bomb() {
        let chain = (0..<40).map { ("v\($0)", $0 == 39 ? "0123456789" : "$(v\($0 + 1))$(v\($0 + 1))") }
        let expansion = VariableExpansion(chain)
        for (name, _) in chain { #expect((expansion[name] ?? "").utf8.count <= VariableExpansion.sizeLimit * 2) }
        #expect(!expansion.warnings.isEmpty)
    }
}
