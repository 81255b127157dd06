import Foundation
import Testing

@testable import RoostLanguageServer

/// Real pipelines, typed from the beginning: at each place the server answers.
@Suite("Typing")
struct TypingTests {
    private static let corpus: String = {
        let package = URL(filePath: #filePath).appending(path: "../../..").standardized
        let shared =
            ProcessInfo.processInfo.environment["ROOST_SHARED"]
            ?? package.appending(path: "../shared").standardized.path
        return "\(shared)/corpus/pipelines"
    }()

    /// Ten files of the corpus of middling size, the same ones each time.
    private static let files: [String] = {
        let paths = LocalFiles().yamlFiles(in: corpus, limit: 5000)
        let sized = paths.filter { path in
            let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
            return (1500...9000).contains(size)
        }
        guard sized.count >= 10 else { return sized }
        return (0..<10).map { sized[$0 * sized.count / 10] }
    }()

    @Test("every line of ten pipelines, and every letter of the first lines, can be typed", arguments: files)
    func typing(_ path: String) throws {
        let text = try #require(LocalFiles().text(path))
        let bytes = Array(text.utf8)
        var offered = 0
        var ends = Array(bytes.indices.prefix(600)) + bytes.indices.filter { bytes[$0] == 0x0A }
        ends.append(bytes.count)
        for end in ends where end == bytes.count || bytes[end] & 0xC0 != 0x80 {
            var snapshot = EditorSnapshot()
            snapshot.disk = MemoryFiles([:])
            snapshot.documents[path] = TextLines(Array(bytes[..<end]))
            offered += CompletionEngine(snapshot, path: path, offset: end)?.items.count ?? 0
            _ = Hover(snapshot, path: path, offset: end)
            _ = DefinitionFinder(snapshot, path: path, offset: end)?.locations
        }
        #expect(offered > 100)
        let whole = EditorSnapshot.File(path: path, lines: TextLines(bytes))
        #expect(DocumentSymbols(whole).symbols.allSatisfy { $0.extent.upperBound <= bytes.count })
    }

    @Test("a place anywhere in a pipeline is answered", arguments: files)
    func hovering(_ path: String) throws {
        var snapshot = EditorSnapshot()
        snapshot.disk = MemoryFiles([:])
        let lines = TextLines(try #require(LocalFiles().text(path)))
        snapshot.documents[path] = lines
        var answered = 0
        for offset in stride(from: 0, through: lines.bytes.count, by: 7) {
            if Hover(snapshot, path: path, offset: offset) != nil { answered += 1 }
            if let hover = Hover(snapshot, path: path, offset: offset) {
                #expect(hover.range.lowerBound <= offset && offset <= hover.range.upperBound)
            }
        }
        #expect(answered > 5)
    }
}
