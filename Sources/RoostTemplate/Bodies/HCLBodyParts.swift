/// A name that is given a value.
public struct HCLAttribute: Sendable {
    public let name: String
    public let expression: HCLExpression
    public let range: HCLRange
    public let nameRange: HCLRange
}

/// A named part with a body of its own.
public struct HCLBlock: Sendable {
    public let type: String
    public var labels: [String]
    public let typeRange: HCLRange
    public var labelRanges: [HCLRange]
    /// The opening brace.
    public let openRange: HCLRange
    public let body: HCLBody

    /// Type and labels.
    public var headerRange: HCLRange { labelRanges.last.map { typeRange.union($0) } ?? typeRange }
}

/// What a body of the native syntax holds.
struct HCLSyntaxBody: Sendable {
    var attributes: [String: HCLAttribute] = [:]
    var blocks: [HCLBlock] = []
    var range: HCLRange
}
