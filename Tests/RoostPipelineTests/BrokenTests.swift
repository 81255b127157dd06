import Foundation
import RoostLanguage
import RoostPipeline
import Testing

/// Wrong files of every sort, and all that a person is told of each: `NNN-name.yml` and `NNN-name.expected` in `Fixtures/Broken`.
@Suite("Broken files")
struct BrokenTests {
    static let folder = Fixture.folder.appending(path: "Broken")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }()

    @Test("a broken file is answered with the words that were reviewed", arguments: names)
    func messages(_ name: String) throws {
        let fixture = Fixture(name: name, home: Self.folder)
        let result = try fixture.compile()
        let text = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
        let expected = Self.folder.appending(path: "\(name).expected")
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(to: expected, atomically: true, encoding: .utf8)
            return
        }
        #expect(try text == String(contentsOf: expected, encoding: .utf8))
        #expect(result.plan == nil)
        #expect(result.diagnostics.contains { $0.isError })
        #expect(result.diagnostics.allSatisfy { $0.span != nil }, "every problem has a place")
    }

    @Test("there are a hundred of them and more, and no expectation without a file")
    func count() throws {
        #expect(Self.names.count >= 100)
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        let expectations = files.filter { $0.hasSuffix(".expected") }.map { String($0.dropLast(".expected".count)) }
        #expect(expectations.sorted() == Self.names)
    }
}
