import RoostImages
import Testing

@Suite("Keys of steps")
struct StepKeyTests {
    @Test("parts count one by one, and the name does not count")
    func parts() {
        let key = StepKey("one", parts: [Array("ab".utf8), Array("c".utf8)])
        #expect(key.digest == StepKey("two", parts: key.parts).digest)
        #expect(key.digest != StepKey("one", parts: [Array("a".utf8), Array("bc".utf8)]).digest)
        #expect(key.digest.count == 64)
    }
}
