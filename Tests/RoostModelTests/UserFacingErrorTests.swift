import RoostModel
import Testing

@Suite("Errors in one line")
struct UserFacingErrorTests {
    private struct Broken: UserFacingError {
        var summary: String
        var code: String { "broken" }
        var advice: String? { "Mend it." }
    }

    @Test("a summary that ends with a path or another program's words is a sentence all the same")
    func sentences() {
        #expect("\(Broken(summary: "No such file: /a"))" == "No such file: /a. Mend it. [broken]")
        #expect("\(Broken(summary: "It is broken."))" == "It is broken. Mend it. [broken]")
        #expect("\(Broken(summary: "What is it?"))" == "What is it? Mend it. [broken]")
    }
}
