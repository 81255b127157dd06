/// An expression of a deployment template: what stands between `[` and `]` in a text.
///
///     expression = primary { "." name | "[" expression "]" }
///     primary    = "'" text "'" | number | name "(" [ expression { "," expression } ] ")"
indirect enum DeploymentExpression: Sendable {
    case text(String, bytes: Range<Int>)
    case number(HCLNumber, bytes: Range<Int>)
    case call(String, arguments: [DeploymentExpression], bytes: Range<Int>)
    case property(DeploymentExpression, String, bytes: Range<Int>)
    case index(DeploymentExpression, DeploymentExpression, bytes: Range<Int>)

    /// Where it stands in the text.
    var bytes: Range<Int> {
        switch self {
        case .text(_, let bytes), .number(_, let bytes), .call(_, _, let bytes), .property(_, _, let bytes),
            .index(_, _, let bytes):
            bytes
        }
    }

    /// Whether a text of a deployment is an expression; `[[` at its beginning stands for a bracket.
    static func isExpression(_ text: String) -> Bool {
        text.hasPrefix("[") && text.hasSuffix("]") && !text.hasPrefix("[[")
    }
}

/// What is wrong in an expression, and where in its text.
struct DeploymentFault: Error {
    var summary: String
    var detail: String
    var bytes: Range<Int>
    var advice: String?

    init(_ summary: String, _ detail: String, _ bytes: Range<Int>, advice: String? = nil) {
        self.summary = summary
        self.detail = detail
        self.bytes = bytes
        self.advice = advice
    }
}
