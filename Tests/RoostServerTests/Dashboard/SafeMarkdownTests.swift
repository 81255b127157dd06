import Testing

@testable import RoostServer

@Suite("Summaries in Markdown")
struct SafeMarkdownTests {
    @Test(
        "the safe part becomes HTML",
        arguments: [
            ("# A & B", "<h3>A &amp; B</h3>\n"), ("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>\n"),
            (
                "- one\n- *two*\n  1. three\n- [x] four",
                "<ul><li>one</li>\n<li><em>two</em><ol><li>three</li></ol>\n</li>\n<li>☑ four</li></ul>\n"
            ),
            ("```sh\n<b>&\n```", "<pre><code>&lt;b&gt;&amp;</code></pre>\n"),
            (
                "|a|b|\n|-|:-:|\n|1|**2**|",
                "<div class=\"scroll\"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table></div>\n"
            ),
            ("> q `x`", "<blockquote>q <code>x</code></blockquote>\n"), ("---", "<hr>\n"),
            (
                "[a](https://x.y/?a=1&b)",
                "<p><a href=\"https://x.y/?a=1&amp;b\" rel=\"noopener noreferrer nofollow\">a</a></p>\n"
            ),
            ("snake_case_name \\*", "<p>snake_case_name *</p>\n"),
        ]
    )
    func safe(source: String, html: String) { #expect(SafeMarkdown.html(source) == html) }

    @Test(
        "nothing of a page's own language comes through",
        arguments: [
            "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
            "[x]( JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>)", "![x](https://e.vil/p.png)", "[x](https://a\" onclick=\"alert(1))",
            "**<b onload=x>**",
            "[<script>](https://a)", "`<script>`", "```\n</code></pre><script>\n```", "| <script> |\n|---|\n| <img> |",
            "# <svg onload=x>",
        ]
    )
    func hostile(source: String) {
        let html = SafeMarkdown.html(source)
        for bad in ["<script", "<img", "<svg", "<b ", "href=\"j", "href=\"J", "href=\"d", "\" onclick"] {
            #expect(!html.contains(bad), "\(html)")
        }
    }

    @Test("what is deep or long ends")
    func bounded() {
        for text in ["*", "[", "`", "_a", "[](", "**", "[x](("] {
            let html = SafeMarkdown.html(String(repeating: text, count: 4000))
            #expect(html.utf8.count < 1_000_000)
        }
        #expect(
            SafeMarkdown.html((0..<100).map { String(repeating: " ", count: $0) + "- x" }.joined(separator: "\n"))
                .contains("<li>x")
        )
    }
}
