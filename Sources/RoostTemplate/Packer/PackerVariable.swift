/// A variable that a template declares.
public struct PackerVariable: Sendable {
    public let name: String
    /// Where it is declared.
    public let range: HCLRange
    /// As declared, else that of the default; nil when any value will do.
    public let constraint: HCLTypeConstraint?
    /// Nil when a value has to be given.
    public let defaultValue: HCLValue?
    public let description: String?
    public let isSensitive: Bool
    public let validations: [PackerValidation]
}

/// A rule for the values of a variable.
public struct PackerValidation: Sendable {
    public let condition: HCLExpression
    /// What is said when the condition is false.
    public let message: String
    public let range: HCLRange
}

/// A name for an expression.
public struct PackerLocal: Sendable {
    public let name: String
    public let range: HCLRange
    public let expression: HCLExpression
    public let isSensitive: Bool
}
