/// An expression of either syntax, with where it stands.
public struct HCLExpression: Sendable {
    public indirect enum Form: Sendable {
        case literal(HCLValue)
        /// Text in quotes or a heredoc, of parts that become one text.
        case template([HCLExpression])
        /// A template that is one interpolation only and keeps its type.
        case wrapped(HCLExpression)
        /// `%{ for }`: the texts of all rounds, one after the other.
        case joined(HCLExpression)
        case parentheses(HCLExpression)
        /// A name of the scope and steps into it.
        case variable(HCLTraversal)
        /// Steps into the value of an expression.
        case steps(HCLExpression, [HCLStep])
        case index(HCLExpression, key: HCLExpression, bracket: HCLRange)
        /// The last part is evaluated for every element of the first, which ``splatItem`` stands for.
        case splat(HCLExpression, each: HCLExpression, marker: HCLRange)
        case splatItem
        case call(HCLCall)
        case unary(HCLUnaryOperator, HCLExpression)
        case binary(HCLExpression, HCLBinaryOperator, HCLExpression)
        case conditional(HCLExpression, then: HCLExpression, otherwise: HCLExpression)
        case tuple([HCLExpression])
        case object([HCLObjectItem])
        case comprehension(HCLComprehension)
        /// An expression that sees more names, those of the block around it that was generated.
        case bound(HCLExpression, [String: HCLValue])
        /// What could not be read; a problem was reported.
        case invalid
    }

    public let form: Form
    public let range: HCLRange
    /// Whether it comes from the JSON syntax, whose texts may stand for names and types.
    let isJSON: Bool

    init(_ form: Form, _ range: HCLRange, isJSON: Bool = false) {
        self.form = form
        self.range = range
        self.isJSON = isJSON
    }

    /// Where a problem with the expression as a whole is shown best: for constructors their opening bracket.
    public var startRange: HCLRange {
        switch form {
        case .tuple, .object, .comprehension:
            HCLRange(range.source, range.bytes.lowerBound..<min(range.bytes.lowerBound + 1, range.bytes.upperBound))
        case .call(let call): call.nameRange.union(call.openRange)
        case .conditional(let condition, _, _): condition.startRange
        case .binary(let left, _, _): left.startRange
        case .index(let collection, _, _), .splat(let collection, _, _): collection.startRange
        case .steps(let base, _): base.startRange
        case .template(let parts): parts.first?.startRange ?? range
        default: range
        }
    }
}

/// A name of the scope and steps from its value, such as `var.tags["team"]`.
public struct HCLTraversal: Sendable {
    public let name: String
    public let nameRange: HCLRange
    public var steps: [HCLStep]

    public var range: HCLRange { steps.last.map { nameRange.union($0.range) } ?? nameRange }
}

/// One step into a value.
public struct HCLStep: Sendable {
    public enum Form: Sendable {
        case attribute(String)
        case index(HCLValue)
    }

    public let form: Form
    /// From the dot or bracket on.
    public let range: HCLRange
}

/// A call of a function.
public struct HCLCall: Sendable {
    public let name: String
    public let arguments: [HCLExpression]
    /// Whether the elements of the last argument are arguments of their own: `f(list...)`.
    public let expandsLast: Bool
    public let nameRange: HCLRange
    public let openRange: HCLRange
    public let closeRange: HCLRange
}

/// A key and its value in an object constructor.
public struct HCLObjectItem: Sendable {
    /// A bare name is a text and no variable, unless it stands in parentheses.
    public let key: HCLExpression
    public let value: HCLExpression

    /// The name that stands as key without quotes.
    var bareKey: String? {
        switch key.form {
        case .variable(let traversal) where traversal.steps.isEmpty: traversal.name
        case .literal(let value) where value.isNull && !key.isJSON: "null"
        case .literal(let value) where !key.isJSON: value.truth.map { $0 ? "true" : "false" }
        default: nil
        }
    }
}

/// `[for k, v in c : e if x]` and `{for k, v in c : a => b}`.
public struct HCLComprehension: Sendable {
    public let keyName: String?
    public let valueName: String
    public let collection: HCLExpression
    /// Nil for those that make a tuple.
    public let key: HCLExpression?
    public let value: HCLExpression
    public let condition: HCLExpression?
    /// Whether values of one key are collected: `=> v...`.
    public let groups: Bool
    public let openRange: HCLRange
    public let closeRange: HCLRange
}

/// An operator with one operand.
public enum HCLUnaryOperator: String, Sendable {
    case negate = "-"
    case not = "!"
}

/// An operator between two operands.
public enum HCLBinaryOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case modulo = "%"

    /// Higher binds tighter.
    var precedence: Int {
        switch self {
        case .or: 0
        case .and: 1
        case .equal, .notEqual: 2
        case .greater, .greaterOrEqual, .less, .lessOrEqual: 3
        case .plus, .minus: 4
        case .times, .over, .modulo: 5
        }
    }

    init?(_ kind: HCLToken.Kind) {
        switch kind {
        case .or: self = .or
        case .and: self = .and
        case .equalTo: self = .equal
        case .notEqual: self = .notEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .plus: self = .plus
        case .minus: self = .minus
        case .star: self = .times
        case .slash: self = .over
        case .percent: self = .modulo
        default: return nil
        }
    }
}
