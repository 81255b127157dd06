import Foundation
import RoostPipeline
import Testing

@Suite("Golden files")
struct GoldenTests {
    @Test("a pipeline comes to the plan or the diagnostics that were reviewed", arguments: Fixture.all)
    func golden(_ fixture: Fixture) throws {
        let text = try fixture.rendered()
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(to: fixture.expectedURL, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: fixture.expectedURL, encoding: .utf8)
        #expect(text == expected, "review the difference, then run with ROOST_UPDATE_SNAPSHOTS=1")
    }

    @Test("compiling twice gives the same result", arguments: Fixture.all)
    func deterministic(_ fixture: Fixture) throws {
        #expect(try fixture.rendered() == fixture.rendered())
    }

    @Test("every file of expectations belongs to a pipeline")
    func noStrays() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.folder.path)
        let known = Set(Fixture.all.map { "\($0.name).expected.json" })
        #expect(names.filter { $0.hasSuffix(".expected.json") && !known.contains($0) } == [])
        #expect(Fixture.all.count > 90)
    }
}
