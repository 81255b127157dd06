import Testing

@testable import RoostServer

@Suite("Phrases of the pages")
struct PhrasePartTests {
    @Test("no part takes a key of another one")
    func keys() {
        var known: Set<String> = []
        let twice = Phrases.parts.flatMap(\.keys).filter { !known.insert($0).inserted }
        #expect(twice.sorted() == [])
    }
}
