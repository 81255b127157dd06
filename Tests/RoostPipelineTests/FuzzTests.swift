import Foundation
import RoostFuzzing
import Testing

@Suite("Inputs nobody would write")
struct FuzzTests {
    private static let folder = Fixture.folder.appending(path: "Fuzz")

    /// Inputs that once broke a rule.
    static let kept: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".fuzz") }.sorted()
    }()

    @Test("an input that once broke a rule keeps to all of them", arguments: kept)
    func regression(_ name: String) throws {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
        #expect(FuzzCheck().failures(of: FuzzInput(encoded: bytes)) == [])
    }

    @Test("a file of an input reads as what was written")
    func encoding() {
        let files =
            [("a.yml", Array("a: b".utf8)), ("b/c.yml", Array("x\n\n".utf8)), ("d.yml", [])] as [(String, [UInt8])]
        let input = FuzzInput(files: files.map { (path: $0.0, bytes: $0.1) })
        #expect(FuzzInput(encoded: input.encoded) == input)
        #expect(FuzzInput(encoded: FuzzInput(expression: "eq(1, 1)").encoded).kind == .expression)
    }

    @Test("a short walk through mutated and generated inputs breaks no rule", arguments: 0..<4)
    func shortWalk(_ seed: UInt64) {
        let folders = [Fixture.folder.path] + (Corpus.folder.map { [$0] } ?? [])
        let source = FuzzSource(seed: seed, seeds: FuzzSeeds(folders: folders))
        for number in 0..<150 {
            #expect(FuzzCheck().failures(of: source.input(number)) == [], "seed \(seed), input \(number)")
        }
    }
}
