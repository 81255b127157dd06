/// What is wrong in a text template, and where in its text.
struct TextTemplateFault: Error, Sendable, Hashable {
    /// Such as `unknown-function`.
    var code: String
    var summary: String
    var detail: String
    /// Offsets of bytes of the text; nil is all of it.
    var range: Range<Int>?
    var advice: String?

    init(_ code: String, _ summary: String, _ detail: String, at range: Range<Int>? = nil, advice: String? = nil) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.range = range
        self.advice = advice
    }

    /// A function that cannot do what it is asked for.
    static func call(_ detail: String, advice: String? = nil) -> TextTemplateFault {
        TextTemplateFault("call", "Error in function call", detail, advice: advice)
    }

    /// The same, said of a place when none is named yet.
    func placed(at range: Range<Int>) -> TextTemplateFault {
        var fault = self
        fault.range = self.range ?? range
        return fault
    }
}
