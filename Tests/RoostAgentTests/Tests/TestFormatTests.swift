import Foundation
import RoostModel
import Testing

@testable import RoostAgent

/// Files of test results with what must be read from them beside each.
enum TestFixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/TestResults").path

    static func all(_ subfolder: String = "") -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(subfolder)")) ?? []
        return names.filter { $0.hasSuffix(".xml") || $0.hasSuffix(".trx") }.sorted()
    }

    static func format(of name: String) -> TestResultsFormat {
        let prefixes: [(String, TestResultsFormat)] = [
            ("nunit", .nunit), ("xunit", .xunit), ("vstest", .vstest), ("ctest", .ctest),
        ]
        return prefixes.first { name.hasPrefix($0.0) }?.1 ?? .junit
    }

    /// All that is read, and where reading ended.
    static func read(_ path: String, _ format: TestResultsFormat) -> String {
        var lines: [String] = []
        do throws(XMLFault) {
            var reader = try TestFileReader(path: path, format: format)
            while let test = try reader.next() { lines += text(of: test) }
        } catch {
            lines.append("fault \(error.line):\(error.column): \(error.problem)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(of test: ParsedTest) -> [String] {
        var lines = ["\(test.outcome.name) \(test.name) [\(test.title)] in '\(test.storage)' \(test.duration) ms"]
        let texts = [
            ("message", test.message), ("stack", test.stack), ("output", test.output), ("errors", test.errors),
        ]
        for (name, text) in texts where !text.isEmpty {
            lines.append("  \(name): \(text.replacing("\n", with: "\\n").replacing("\u{1B}", with: "\\e"))")
        }
        for one in test.tries {
            lines.append("  try: \(one.outcome.name) \(one.message) | \(one.stack.replacing("\n", with: "\\n"))")
        }
        return lines + test.attachments.map { "  file: \($0)" }
    }
}

@Suite("Files of test results")
struct TestFormatTests {
    @Test("each format is read to the last detail", arguments: TestFixtures.all())
    func golden(name: String) throws {
        let read = TestFixtures.read("\(TestFixtures.folder)/\(name)", TestFixtures.format(of: name))
        try Self.compare(read, with: "\(TestFixtures.folder)/\(name).expected")
    }

    @Test("a file that is broken is told with its place, and what stands before is kept")
    func broken() throws {
        let names = TestFixtures.all("Broken")
        #expect(names.count >= 12)
        let read = names.map { "\($0)\n\(TestFixtures.read("\(TestFixtures.folder)/Broken/\($0)", .junit))" }
        try Self.compare(read.joined(separator: "\n"), with: "\(TestFixtures.folder)/Broken/all.expected")
    }

    private static func compare(_ text: String, with path: String) throws {
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == expected, "review the difference, then run with ROOST_UPDATE_SNAPSHOTS=1")
    }

    @Test(
        "durations of all countries are read",
        arguments: [
            ("1.5", 1500), ("0,012", 12), ("1,234.567", 1_234_567), ("1.234,5", 1_234_500),
            ("1,234,567.5", 1_234_567_500),
            ("1e-3", 1), ("1'234.5", 1_234_500), ("", 0), ("NaN", 0), ("-3", 0), ("soon", 0), ("2s", 2000),
        ]
    )
    func durations(text: String, milliseconds: Double) {
        #expect(abs(TestDuration.seconds(text) - milliseconds) < 0.001)
    }

    @Test(
        "spans of .NET are read",
        arguments: [("00:00:01.5", 1500), ("1.02:03:04", 93_784_000), ("7", 7000), ("x:y:z", 0)]
    )
    func spans(text: String, milliseconds: Double) { #expect(abs(TestDuration.span(text) - milliseconds) < 0.001) }

    @Test("a file larger than any memory for it is read in parts that do not grow")
    func memory() async throws {
        try await ScratchFolder.with { folder in
            let path = "\(folder)/large.xml"
            // One long text and many tests: 40 MB, of which no more than the limit of a text is ever kept.
            _ = FileManager.default.createFile(atPath: path, contents: Data("<testsuite>".utf8))
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seekToEnd()
            try file.write(contentsOf: Data("<testcase name=\"long\"><system-out>".utf8))
            let block = Data(repeating: UInt8(ascii: "x"), count: 1 << 20)
            for _ in 0..<6 { try file.write(contentsOf: block) }
            try file.write(contentsOf: Data("</system-out></testcase>".utf8))
            let many = Data(
                String(repeating: "<testcase name=\"t\" classname=\"c\" time=\"0.1\"/>\n", count: 1000).utf8
            )
            for _ in 0..<5 { try file.write(contentsOf: many) }
            try file.write(contentsOf: Data("</testsuite>".utf8))
            try file.close()
            var reader = try TestFileReader(path: path, format: .junit)
            let long = try #require(try reader.next())
            #expect(long.output.utf8.count < TestFileReader.textLimit + 100)
            #expect(long.output.hasSuffix("[...]"))
            var count = 0
            while try reader.next() != nil { count += 1 }
            #expect(count == 5000)
        }
    }

    @Test("coverage of Cobertura and JaCoCo is counted by line, and a line of two reports once")
    func coverage() async throws {
        try await ScratchFolder.with { folder in
            let cobertura = """
                <?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
                <coverage line-rate="0.5"><packages><package name="p"><classes><class name="A" filename="/src/a.py">
                <methods><method name="m"><lines><line number="1" hits="1"/></lines></method></methods>
                <lines><line number="1" hits="H1"/><line number="2" hits="0"/>
                <line number="3" hits="1" branch="true" condition-coverage="50% (1/2)"/></lines></class></classes></package></packages></coverage>
                """
            let jacoco = """
                <!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd"><report name="x"><package name="a/b">
                <sourcefile name="C.java"><line nr="1" mi="0" ci="3" mb="1" cb="1"/><line nr="2" mi="2" ci="0" mb="0" cb="0"/>
                <counter type="LINE" missed="1" covered="1"/></sourcefile></package><counter type="LINE" missed="1" covered="1"/></report>
                """
            let totals = #"<coverage lines-covered="7" lines-valid="10" branches-covered="1" branches-valid="4"/>"#
            let files = [
                ("one", cobertura.replacing("H1", with: "1")),
                (
                    "two",
                    cobertura.replacing("H1", with: "0").replacing(
                        "number=\"2\" hits=\"0\"",
                        with: "number=\"2\" hits=\"9\""
                    )
                ),
                ("jacoco", jacoco), ("totals", totals),
            ]
            var tally = CoverageTally()
            var sums: [String] = []
            for (name, text) in files {
                let path = "\(folder)/\(name).xml"
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                var reader = try CoverageReader(path: path, sources: "/src")
                try reader.read(into: &tally)
                sums.append(
                    "\(tally.sums.covered)/\(tally.sums.lines) \(tally.sums.coveredBranches)/\(tally.sums.branches)"
                )
            }
            #expect(sums == ["2/3 1/2", "3/3 1/2", "4/5 2/4", "11/15 3/8"])
            #expect(tally.files == 2)
        }
    }
}
