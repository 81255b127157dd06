import RoostContent
import RoostModel
import Testing

@Suite("Alternatives in patterns")
struct BraceTests {
    /// Checked against minimatch 5.1.
    @Test(
        "braces are written out as minimatch does",
        arguments: [
            ("*.{c,h}", ["*.c", "*.h"]), ("{01..03}", ["01", "02", "03"]), ("{3..1}", ["3", "2", "1"]),
            ("{a..e..2}", ["a", "c", "e"]), ("{1..5..2}", ["1", "3", "5"]), ("{-1..1}", ["-1", "0", "1"]),
            ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]), ("{a,{b,c}}d", ["ad", "bd", "cd"]), ("{}", ["{}"]),
            ("{a}", ["{a}"]), ("a{b", ["a{b"]), ("${a,b}", ["${a,b}"]), ("a{b{c,d}", ["a{bc", "a{bd"]),
            ("x{{a,b}}y", ["x{a}y", "x{b}y"]), ("\\{a,b}", ["\\{a,b}"]), ("a{,b}", ["a", "ab"]),
        ]
    )
    func expansion(_ pattern: String, _ all: [String]) throws {
        let expanded = try BraceExpansion.expand(pattern)
        #expect(expanded == all)
    }

    @Test(
        "more alternatives than anybody needs are refused",
        arguments: ["{1..1000000}", "{1..200}{1..200}", "{0..9223372036854775807}"]
    )
    func limit(_ pattern: String) {
        var fault: PatternFault?
        do throws(PatternFault) { _ = try BraceExpansion.expand(pattern) } catch { fault = error }
        #expect(fault == .tooManyAlternatives(pattern))
    }

    struct Case: Sendable {
        var pattern: String
        var path: String
        var options: PatternOptions
        var fits: Bool

        init(_ pattern: String, _ path: String, _ fits: Bool, _ options: PatternOptions = PatternOptions()) {
            (self.pattern, self.path, self.options, self.fits) = (pattern, path, options, fits)
        }
    }

    static let hidden = PatternOptions(matchesDots: false, expandsBraces: true)
    static let base = PatternOptions(ignoresCase: true, matchesBase: true)

    /// Checked against minimatch 5.1 with the options of the tasks.
    @Test(
        "options change what a pattern fits",
        arguments: [
            Case("a/**", "a", false), Case("a/**", "a/.x/b", true), Case("a/**", "a/.x/b", false, hidden),
            Case("**", "a/.b/c", false, hidden), Case("a/**/b", "a/.x/b", false, hidden),
            Case("a/.*", "a/.b", true, hidden), Case("a/?b", "a/.b", false, hidden),
            Case("a/[.]b", "a/.b", false, hidden), Case("x/@(.a|b)", "x/.a", false, hidden),
            Case("a/{b,c}", "a/b", false), Case("a/{b,c}", "a/b", true, hidden), Case("*.!(js)", "a.b.js", true),
            Case("*.!(js)", "a.js", false), Case("x/!(a)b", "x/ab", false), Case("x/!(a)b", "x/cb", true),
            Case("!(*.js)", "a.js", false), Case("a/**/**/b", "a/b", true), Case("**/x/**/y", "x/1/x/2/y", true),
            Case("A/*.TXT", "a/b.txt", false), Case("A/*.TXT", "a/b.txt", true, base),
            Case("*.zip", "d/e/x.zip", true, base),
            Case("*.zip", "d/e/x.zip", false), Case("d/*.zip", "d/e/x.zip", false, base), Case("a/**/", "a/b", false),
            Case("[[]x", "[x", true), Case("[z-a]", "z", false), Case("x/+(a*(b))c", "x/abbabc", true),
        ]
    )
    func options(_ one: Case) throws {
        let list = try PatternList(one.pattern, options: one.options)
        #expect(list.matches(one.path) == one.fits)
    }

    @Test(
        "lines of tasks that find files are read in order",
        arguments: [
            ("**\n!**/*.o", "a/x.o", false), ("**\n!**/*.o\n**/keep.o", "a/keep.o", true), ("!**/*.o", "a.txt", false),
            ("#a", "#a", false), ("!!a", "a", true), ("/r/a/*", "a/b", true), ("/elsewhere/*", "b", false),
        ]
    )
    func lists(_ lines: String, _ path: String, _ fits: Bool) throws {
        let list = try PatternList(lines, options: PatternOptions())
        #expect(list.matches(path, below: "/r") == fits)
    }

    @Test("many wildcards of folders cost little")
    func folders() {
        let pattern = String(repeating: "**/a/", count: 30) + "b"
        #expect(!PathPattern(pattern).matches(Array(repeating: "a", count: 200).joined(separator: "/")))
    }
}
