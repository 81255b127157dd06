import RoostPipeline
import Testing

@testable import RoostLanguageServer

/// Texts that no person writes: every question has an answer, and none takes the server down.
@Suite("Noise")
struct NoiseTests {
    /// A generator that gives the same numbers each time.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let pieces = [
        "steps:", "jobs:", "- ", "stages:\n", "script", "task: ", "Bash@3", "inputs:", "parameters:", "template:", "\n",
        "\n  ",
        "\n    ", "\r\n", "\t", "'", "\"", "''", "{", "}", "[", "]", ",", ": ", ":", "#", " # ", "|", ">-", "${{", "}}",
        "$(",
        ")", "$[", "condition: ", "eq(", "variables", ".", "['", "']", "dependencies", "@", "/", "..", "😀", "ä",
        "\u{0}",
        "if ", "each x in ", "else", "displayName: ", "dependsOn:", "- job: A", "- stage: S", "pool:", "&a", "*a",
        "!!x",
        "---", "...", "resources:\n  repositories:\n  - repository: r", "extends:", "strategy:", "matrix:", "runOnce:",
    ]

    @Test("texts made of pieces of pipelines in any order are answered everywhere", arguments: 0..<40)
    func pieces(_ seed: Int) {
        var numbers = Numbers(state: UInt64(seed) &* 7919 &+ 1)
        for _ in 0..<10 {
            let count = Int.random(in: 1...60, using: &numbers)
            let text = (0..<count).map { _ in Self.pieces.randomElement(using: &numbers) ?? "" }.joined()
            let path = "/site/azure-pipelines.yml"
            var snapshot = EditorSnapshot()
            snapshot.disk = MemoryFiles([:])
            snapshot.folders = ["/site"]
            snapshot.documents[path] = TextLines(text)
            snapshot.client.hasSnippets = true
            let size = text.utf8.count
            for _ in 0..<12 {
                let offset = Int.random(in: 0...size, using: &numbers)
                for item in CompletionEngine(snapshot, path: path, offset: offset)?.items ?? [] {
                    #expect(item.range.lowerBound >= 0 && item.range.upperBound <= size)
                }
                if let hover = Hover(snapshot, path: path, offset: offset) {
                    #expect(hover.range.upperBound <= size)
                }
                _ = DefinitionFinder(snapshot, path: path, offset: offset)?.locations
            }
            let file = EditorSnapshot.File(path: path, lines: TextLines(text))
            #expect(DocumentSymbols(file).symbols.allSatisfy { $0.extent.upperBound <= size })
            let analyzer = Analyzer(snapshot: snapshot)
            for unit in analyzer.units(of: [path]) { _ = analyzer.analyze(unit) }
        }
    }

    @Test("requests that are taken back while they wait are not handled")
    func canceling() throws {
        let stream = MessageStream { _ in }
        let frame: (String) -> [UInt8] = { Array("Content-Length: \($0.utf8.count)\r\n\r\n\($0)".utf8) }
        let request = "{\"id\":1,\"method\":\"textDocument/hover\"}"
        let cancel = "{\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}"
        let messages = stream.read(frame(request) + frame(cancel))
        #expect(messages.count == 1)
        #expect(stream.takeCancellation(of: try #require(messages.first)) == .number(1))
        // Of a request that was answered already nothing is kept.
        let again = stream.read(frame(cancel) + frame(request))
        #expect(stream.takeCancellation(of: try #require(again.first)) == nil)
    }
}
