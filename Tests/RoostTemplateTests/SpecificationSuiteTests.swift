import Foundation
import RoostLanguage
import RoostTesting
import Testing

@testable import RoostTemplate

/// The public test suite of the language, run through `roost hcl decode` as its own runner does it.
@Suite("HCL's specification suite")
struct SpecificationSuiteTests {
    private static let cases = Shared.files(Shared.suite, ending: ".t").map { String($0.dropLast(2)) }

    @Test("the suite is whole", .enabled(if: Shared.suite != nil, Comment(rawValue: Shared.absence)))
    func whole() { #expect(Self.cases.count == 15) }

    @Test("each case gives the value and the places of problems that the suite asks for", arguments: cases)
    func answers(_ name: String) throws {
        let base = "\(Shared.suite ?? "")/\(name)"
        let expected = try Expectation(HCLFile(native: try Shared.bytes("\(base).t"), name: "\(name).t"))
        let inputs = ["\(base).hcl", "\(base).hcl.json"].filter { FileManager.default.fileExists(atPath: $0) }
        #expect(!inputs.isEmpty)
        for input in inputs { try check(input, spec: "\(base).hcldec", expected) }
    }

    private func check(_ input: String, spec: String, _ expected: Expectation) throws {
        let words = ["--spec=\(spec)", "--diags=json", "--with-type", "--keep-nulls", input]
        let (code, output, errors) = try decode(words)
        guard expected.problems.isEmpty else {
            #expect(code == 2)
            #expect(try places(errors, in: input) == expected.problems)
            return
        }
        #expect(code == 0, "\(errors)")
        let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
        #expect(text.hasSuffix("\"type\":\(expected.value.type.json)}"), "\(text)")
        if expected.hasValue { #expect(text == expected.value.typedJSON) }
        if expected.hasNoReferences {
            let (code, output, _) = try decode(["--spec=\(spec)", "--diags=json", "--var-refs", input])
            #expect(code == 0)
            #expect(try JSONSerialization.jsonObject(with: output) as? [String] == [])
        }
    }

    private func decode(_ words: [String]) throws -> (code: Int32, output: Data, errors: String) {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let errors = "\(folder.path)/errors"
        let command = [
            "sh", "-c", "exec \"$@\" 2>\"$0\"", errors, "\(ChildProgram.buildFolder)/roost", "hcl", "decode",
        ]
        let (code, output) = try ShortCommand.run(command + words)
        return (code, output, (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")
    }

    private func places(_ errors: String, in file: String) throws -> Set<Problem> {
        struct Report: Decodable {
            struct Entry: Decodable {
                let severity: String
                let subject: Subject
            }
            struct Subject: Decodable {
                let filename: String
                let start: Place
                let end: Place
            }
            let diagnostics: [Entry]
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(errors.utf8))
        #expect(report.diagnostics.allSatisfy { $0.subject.filename == file })
        return Set(
            report.diagnostics.map { Problem(severity: $0.severity, start: $0.subject.start, end: $0.subject.end) }
        )
    }
}

private struct Place: Hashable, Decodable {
    let line: Int
    let column: Int
    let byte: Int
}

private struct Problem: Hashable {
    let severity: String
    let start: Place
    let end: Place
}

/// What a `.t` file of the suite says.
private struct Expectation {
    let value: HCLValue
    let hasValue: Bool
    let problems: Set<Problem>
    let hasNoReferences: Bool

    init(_ file: HCLFile) throws {
        try #require(file.diagnostics.isEmpty)
        let schema = HCLBodySchema(
            attributes: [.init("result"), .init("result_type")],
            blocks: [.init("diagnostics"), .init("traversals")]
        )
        let (content, diagnostics) = file.body.content(schema)
        try #require(diagnostics.isEmpty)
        let result = content.attributes["result"]?.expression.value(in: .constant).value
        let type = content.attributes["result_type"].map { HCLTypeConstraint.parse($0.expression).constraint.type }
        hasValue = result != nil
        let given = result ?? .null(type ?? .dynamic)
        value = try type.map { try given.converted(to: $0) } ?? given
        hasNoReferences = content.blocks.contains { $0.type == "traversals" }
        problems = try Set(content.blocks.filter { $0.type == "diagnostics" }.flatMap { try Self.problems($0.body) })
    }

    private static func problems(_ body: HCLBody) throws -> [Problem] {
        let (content, diagnostics) = body.content(HCLBodySchema(blocks: [.init("error"), .init("warning")]))
        try #require(diagnostics.isEmpty)
        return try content.blocks.map { block in
            let (places, _) = block.body.content(HCLBodySchema(blocks: [.init("from"), .init("to")]))
            let found = try places.blocks.map { try place($0.body) }
            return Problem(severity: block.type, start: try #require(found.first), end: try #require(found.last))
        }
    }

    private static func place(_ body: HCLBody) throws -> Place {
        let values = Dictionary(uniqueKeysWithValues: body.attributes().attributes.map { ($0.name, $0.expression) })
        let number = { (name: String) in try #require(values[name]?.value(in: .constant).value.numeral?.int) }
        return Place(line: try number("line"), column: try number("column"), byte: try number("byte"))
    }
}
