/// Where a named value such as `variables` comes from.
public enum NamedValue {
    case value(Value)
    /// Made when the expression asks for it.
    case lazy(() -> Value)
    /// An object whose members are found one by one, so that `variables.x` never builds the whole of it.
    case members(any MemberSource)
}

/// An object whose members are found one by one.
public protocol MemberSource {
    /// The member with a name in any letter case; nil is null.
    ///
    /// - Throws: ``MemberFailure`` when there is no such member and naming it is an error (an undeclared parameter).
    func member(_ name: String) throws(MemberFailure) -> Value?

    /// All members, for expressions that use the object itself.
    var all: ObjectValue { get }
}

/// A member that must exist and does not.
public struct MemberFailure: Error, Hashable, Sendable {
    /// One sentence.
    public var summary: String
    public var advice: String?

    public init(_ summary: String, advice: String? = nil) {
        self.summary = summary
        self.advice = advice
    }
}

/// Members found by a closure.
public struct ClosureMembers: MemberSource {
    private let find: (String) -> Value?
    private let list: () -> ObjectValue

    public init(find: @escaping (String) -> Value?, all: @escaping () -> ObjectValue) {
        self.find = find
        self.list = all
    }

    public func member(_ name: String) throws(MemberFailure) -> Value? { find(name) }
    public var all: ObjectValue { list() }
}

/// What an expression can name: values and functions.
public struct EvaluationContext {
    public var functions: FunctionTable
    /// No text or list the evaluation makes may be larger, in bytes or elements.
    public var sizeLimit: Int
    /// By folded name.
    private var names: [String: NamedValue] = [:]

    public init(
        functions: FunctionTable,
        names: [String: NamedValue] = [:],
        sizeLimit: Int = EvaluationContext.defaultSizeLimit
    ) {
        self.functions = functions
        self.sizeLimit = sizeLimit
        for (name, value) in names { self[name] = value }
    }

    /// 1 MiB, beyond any use; nested calls of `replace` or `format` would otherwise grow without end.
    public static let defaultSizeLimit = 1 << 20

    /// A named value, found ignoring case.
    public subscript(name: String) -> NamedValue? {
        get { names[foldedName(name)] }
        set { names[foldedName(name)] = newValue }
    }

    /// The names that may be used, for "did you mean".
    public var knownNames: [String] { names.keys.sorted() }

    /// What is wrong with a node by itself: a name or a function that does not exist, or a wrong number of parameters.
    func fault(of node: ExpressionNode, in text: String) -> ExpressionFault? {
        switch node.kind {
        case .name(let name):
            guard self[name] == nil else { return nil }
            return ExpressionFault(.unknownName(name, known: knownNames), node.range, text)
        case .call(let name, let arguments):
            let nameRange = node.range.lowerBound..<(node.range.lowerBound + name.utf8.count)
            guard let function = functions[name] else {
                return ExpressionFault(.unknownFunction(name, known: functions.names), nameRange, text)
            }
            if arguments.count < function.arity.lowerBound {
                return ExpressionFault(.tooFewParameters(function), nameRange, text)
            }
            if arguments.count > function.arity.upperBound {
                return ExpressionFault(.tooManyParameters(function), nameRange, text)
            }
            return nil
        case .literal, .property, .index, .wildcard: return nil
        }
    }
}
