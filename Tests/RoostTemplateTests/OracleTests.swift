import Foundation
import RoostLanguage
import Testing

@testable import RoostTemplate

/// What Packer 1.6.6 answered to expressions in its console.
@Suite("Packer's answers to expressions")
struct OracleTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let isError: Bool
        let expression: String
        let output: String

        var testDescription: String { expression }
    }

    /// Where a newer Packer is right, or the language, and what the answer is then.
    private static let newer: [String: String] = [
        // A splat of null is an empty tuple in the language's specification; 1.6.6 gave up.
        "null[*]": "[]",
        // Functions that came after 1.6.6.
        "regex(\"a(b+)c\", \"xabbcx\")": "[\n  \"bb\",\n]",
        "regex(\"(?P<x>\\\\d+)-(?P<y>\\\\d+)\", \"12-34\")": "{\n  \"x\" = \"12\"\n  \"y\" = \"34\"\n}",
        "regexall(\"[a-z]\", \"1a2b\")": "[\n  \"a\",\n  \"b\",\n]",
        "strcontains(\"a\",\"b\")": "false",
        // `index` was element access by mistake; now it is the place of an element.
        "index([\"a\",\"b\"], \"b\")": "1",
    ]

    private static let rows: [Row] = {
        guard let folder = Shared.images,
            let text = try? String(contentsOfFile: "\(folder)/hcl-expr-oracle.tsv", encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { return nil }
            let unescaped = { (text: String) in
                text.replacing("\\\\", with: "\u{1}").replacing("\\n", with: "\n").replacing("\u{1}", with: "\\")
            }
            return Row(
                isError: fields[0] == "err",
                expression: fields[1].replacing("\\\\", with: "\\"),
                output: unescaped(fields[2])
            )
        }
    }()

    @Test("the table is whole", .enabled(if: Shared.images != nil, Comment(rawValue: Shared.absence)))
    func whole() { #expect(Self.rows.count == 114) }

    @Test("each expression gives what Packer answered", arguments: rows)
    func answers(_ row: Row) {
        let scope = HCLScope(
            variables: ["var": .object([:]), "local": .object([:]), "path": .object([:])],
            functions: HCLFunctions.pure.merging(HCLFunctions.paths) { $1 }
        )
        let (expression, problems) = HCLExpression.parse(row.expression, name: "<console-input>")
        let (value, found) = problems.isEmpty ? expression.value(in: scope) : (.null(), [])
        let all = problems + found
        if let newer = Self.newer[row.expression] {
            #expect(all.isEmpty && value.consoleText == newer)
        } else if row.isError {
            #expect(words(all) == expected(row.output))
        } else {
            // The table leaves out line feeds at the end.
            let text = value.consoleText.trimmingCharacters(in: .newlines)
            #expect(all.isEmpty && text == row.output.trimmingCharacters(in: .newlines), "\(all) \(text)")
        }
    }

    /// Summaries and details without the breaks that fit them to a terminal.
    private func words(_ problems: [Diagnostic]) -> [String] {
        problems.flatMap { [$0.summary, flat($0.detail ?? "")] }
    }

    private func expected(_ output: String) -> [String] {
        output.components(separatedBy: "Error: ").dropFirst().flatMap { part -> [String] in
            let parts = part.components(separatedBy: "\n\n")
            return [parts[0], flat(parts.count > 2 ? parts[2] : "")]
        }
    }

    private func flat(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }
}
