/// A function of text templates.
struct TextTemplateFunction: Sendable {
    /// What a call comes to.
    struct Output: Sendable {
        /// Nil when it is not known yet.
        var value: TextTemplateValue?
        /// Whether it must not be shown.
        var isSensitive = false
        /// Whether the text is a template itself, which is put in as such.
        var isTemplate = false
    }

    typealias Body = @Sendable ([TextTemplateValue]) throws(TextTemplateFault) -> Output

    /// How many arguments it takes.
    let count: ClosedRange<Int>
    /// Nil when only a running build knows the answer.
    let body: Body?

    init(_ count: ClosedRange<Int>, body: @escaping Body) {
        self.count = count
        self.body = body
    }

    /// What takes and gives texts.
    init(texts count: Int, _ body: @escaping @Sendable ([String]) throws(TextTemplateFault) -> String) {
        self.init(count...count) { arguments throws(TextTemplateFault) in
            var texts: [String] = []
            for argument in arguments { texts.append(try argument.asText()) }
            return Output(value: .text(try body(texts)))
        }
    }

    private init(later count: ClosedRange<Int>) {
        self.count = count
        body = nil
    }

    /// What only a running build can answer.
    static func later(_ count: ClosedRange<Int>) -> TextTemplateFunction { TextTemplateFunction(later: count) }

    /// What is known by name and may not be used.
    static func refused(_ detail: String, advice: String? = nil) -> TextTemplateFunction {
        TextTemplateFunction(0...20) { _ throws(TextTemplateFault) in
            throw TextTemplateFault("not-allowed", "Function not allowed here", detail, advice: advice)
        }
    }

    func called(_ name: String, _ arguments: [TextTemplateValue]) throws(TextTemplateFault) -> Output? {
        guard count.contains(arguments.count) else {
            let wanted =
                count.lowerBound == count.upperBound
                ? "\(count.lowerBound)" : "\(count.lowerBound) or more"
            throw .call("\"\(name)\" takes \(wanted) arguments, and \(arguments.count) are given.")
        }
        return try body?(arguments)
    }
}

extension TextTemplateValue {
    func asText() throws(TextTemplateFault) -> String {
        guard case .text(let text) = self else { throw .call("A text is needed, and \(kindName) is given.") }
        return text
    }

    func asWhole() throws(TextTemplateFault) -> Int {
        guard case .whole(let number) = self else {
            throw .call("A whole number is needed, and \(kindName) is given.")
        }
        return number
    }
}
