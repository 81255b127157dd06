import RoostContent
import Testing

@Suite("Patterns of paths")
struct PatternTests {
    @Test(
        "a pattern fits as minimatch has it",
        arguments: [
            ("**", "a/b/.c", true), ("*", "a/b", false), ("**/*.txt", "x.txt", true), ("**/*.txt", "a/b/x.txt", true),
            ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**", "a", false), ("a/?/c", "a/b/c", true),
            ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[^a-c]x", "dx", true), ("./a", "a", true),
            ("*.{dll,exe}", "a.dll", false), ("+(a|b)c", "abac", true), ("+(a|b)c", "c", false),
            ("@(a|b).txt", "b.txt", true), ("!(a|b).txt", "c.txt", true), ("!(a|b).txt", "a.txt", false),
            ("?(a)b", "b", true), ("*(ab)", "abab", true), ("a\\*b", "a*b", true), ("a\\*b", "axb", false),
            ("[", "[", true), (".*", ".git", true), ("drop/**/*.dll", "drop/x/a.dll", true),
            ("/abs/**/x", "/abs/y/x", true), ("a**b", "axxb", true),
        ]
    )
    func matching(_ pattern: String, _ path: String, _ fits: Bool) {
        #expect(PathPattern(pattern).matches(path) == fits)
    }

    @Test("a pattern made to take for ever is given up")
    func patience() {
        let evil = String(repeating: "*a", count: 40) + "b"
        #expect(!PathPattern(evil).matches(String(repeating: "a", count: 200)))
    }

    @Test(
        "lines are read in order, and each adds or takes away",
        arguments: [
            ("", "a", true), ("**/*.txt", "a.md", false), ("**\n!**/*.pdb", "x/a.pdb", false),
            ("**\n!**/*.pdb\n**/keep.pdb", "x/keep.pdb", true), ("!**/*.pdb", "a.dll", true),
            ("!**/*.pdb", "a.pdb", false),
            ("# nothing\na", "a", true), ("!!a", "a", true),
        ]
    )
    func lists(_ text: String, _ path: String, _ fits: Bool) {
        #expect(PatternList(text).matches(path) == fits)
    }

    @Test(
        "an ignore file means what gitignore means by it",
        arguments: [
            ("*.o", "a/b/x.o", false, true), ("/a", "b/a", false, false), ("/a", "a", false, true),
            ("build/", "build", true, true), ("build/", "build", false, false), ("a/b", "x/a/b", false, false),
            ("*\n!keep", "keep", false, false), ("# x", "# x", false, false), ("a/**/z", "a/b/c/z", false, true),
        ]
    )
    func ignoring(_ rules: String, _ path: String, _ isFolder: Bool, _ isIgnored: Bool) {
        #expect(IgnoreRules(rules).ignores(path, isFolder: isFolder) == isIgnored)
    }

    @Test(
        "the folder in which a search begins is what is literal",
        arguments: [
            ("/a/b/*.txt", "/a/b"), ("/a/b/c.txt", "/a/b"), ("**/x", ""), ("a/[b]/c", "a"),
        ]
    )
    func roots(_ pattern: String, _ root: String) { #expect(PathPattern.root(of: pattern) == root) }
}
