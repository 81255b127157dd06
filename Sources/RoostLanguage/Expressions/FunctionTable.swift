/// A function of the expression language.
public struct ExpressionFunction: Sendable {
    /// As documentation spells it; calls match it ignoring case.
    public let name: String
    /// How many parameters it takes; `Int.max` is no limit.
    public let arity: ClosedRange<Int>
    /// Whether a trace shows the result where the call stood (`succeeded()` becomes `True`), or the call with its parameters expanded.
    public let tracesResult: Bool
    let body: @Sendable (FunctionCall) throws(EvaluationError) -> Value

    public init(
        _ name: String,
        arity: ClosedRange<Int>,
        tracesResult: Bool = true,
        body: @escaping @Sendable (FunctionCall) throws(EvaluationError) -> Value
    ) {
        self.name = name
        self.arity = arity
        self.tracesResult = tracesResult
        self.body = body
    }
}

/// The functions an expression may call.
public struct FunctionTable: Sendable {
    /// By folded name.
    private var functions: [String: ExpressionFunction]

    public init(_ functions: [ExpressionFunction]) {
        self.functions = [:]
        for function in functions { self.functions[foldedName(function.name)] = function }
    }

    /// The function with a name in any letter case.
    public subscript(name: String) -> ExpressionFunction? { functions[foldedName(name)] }

    /// Names as documentation spells them, sorted.
    public var names: [String] { functions.values.map(\.name).sorted() }

    /// This table with more functions; those of the same name are replaced.
    public func adding(_ more: [ExpressionFunction]) -> FunctionTable {
        var table = self
        for function in more { table.functions[foldedName(function.name)] = function }
        return table
    }

    /// Functions of `${{ }}`.
    public static let compileTime = FunctionTable(general + [convertToJSON])
    /// Functions of `$[ ]` and of conditions, before status functions and `counter` are added.
    public static let runTime = FunctionTable(general)

    private static let general = logicFunctions + comparisonFunctions + textFunctions + collectionFunctions
}
