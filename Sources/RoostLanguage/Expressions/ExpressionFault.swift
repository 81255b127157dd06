/// What can be wrong with the form of an expression.
enum ExpressionSyntaxProblem {
    case empty
    case unexpectedSymbol(String)
    case unrecognizedValue(String)
    /// The text ends; when a bracket is open, what it belongs to.
    case unexpectedEnd(open: String?)
    /// Longer than the limit.
    case tooLong(Int)
    /// Nested deeper than the limit.
    case tooDeep(Int)
}

/// A problem of an expression and its place, before it is put into words.
struct ExpressionFault {
    enum Problem {
        case syntax(ExpressionSyntaxProblem)
        case evaluation(EvaluationProblem)
    }

    let problem: Problem
    /// Bytes of the expression's text.
    let range: Range<Int>
    private let text: String

    init(_ problem: ExpressionSyntaxProblem, _ range: Range<Int>, _ text: String) {
        self.problem = .syntax(problem)
        self.range = range
        self.text = text
    }

    init(_ problem: EvaluationProblem, _ range: Range<Int>, _ text: String) {
        self.problem = .evaluation(problem)
        self.range = range
        self.text = text
    }

    /// The problem in words, with its place in the file.
    func diagnostic(_ map: SourceMap) -> Diagnostic {
        let whole = map.span(of: 0..<text.utf8.count)
        var diagnostic =
            switch problem {
            case .syntax(let problem): words(for: problem)
            case .evaluation(let problem): words(for: problem)
            }
        diagnostic.span = map.span(of: range)
        diagnostic.context = whole
        return diagnostic
    }

    private func words(for problem: ExpressionSyntaxProblem) -> Diagnostic {
        switch problem {
        case .empty:
            .error("expression.empty", "An expression was expected.")
        case .unexpectedSymbol(let symbol):
            .error(
                "expression.unexpected-symbol",
                located("Unexpected symbol: '\(symbol)'"),
                advice: advice(on: symbol)
            )
        case .unrecognizedValue(let value):
            .error(
                "expression.unrecognized-value",
                located("Unrecognized value: '\(value)'"),
                advice: advice(onValue: value)
            )
        case .unexpectedEnd(let open):
            .error(
                "expression.unexpected-end",
                located("Unexpected end of expression"),
                advice: open.map { "Close the bracket of '\($0)'." }
            )
        case .tooLong(let limit):
            .error(
                "expression.too-long",
                "Exceeded max expression length \(limit).",
                advice: "Split the expression over several variables."
            )
        case .tooDeep(let limit):
            .error(
                "expression.too-deep",
                "Exceeded max expression depth \(limit).",
                advice: "Split the expression over several variables."
            )
        }
    }

    private func words(for problem: EvaluationProblem) -> Diagnostic {
        switch problem {
        case .unknownName(let name, let known):
            .error(
                "expression.unknown-name",
                located("Unrecognized named-value: '\(name)'"),
                advice: advice(onName: name, known: known)
            )
        case .unknownFunction(let name, let known):
            .error(
                "expression.unknown-function",
                located("Unrecognized function: '\(name)'"),
                advice: advice(onFunction: name) ?? nearName(name, among: known).map { "Did you mean '\($0)'?" }
            )
        case .tooFewParameters(let function):
            .error(
                "expression.too-few-parameters",
                located("Too few parameters supplied: '\(function.name)'"),
                advice: "\(function.name) takes \(function.arityText)."
            )
        case .tooManyParameters(let function):
            .error(
                "expression.too-many-parameters",
                located("Too many parameters supplied: '\(function.name)'"),
                advice: "\(function.name) takes \(function.arityText)."
            )
        case .conversion(let failure):
            .error("expression.conversion", failure.description, advice: failure.advice)
        case .member(let failure):
            .error("expression.unknown-member", located(failure.summary), advice: failure.advice)
        case .tooLarge:
            .error(
                "expression.too-large",
                "Maximum object size exceeded",
                advice: "The expression makes a value that is too large."
            )
        case .function(let code, let summary, let advice):
            .error(code, summary, advice: advice)
        }
    }

    /// The sentence, and where in which expression; positions count characters from 1.
    private func located(_ sentence: String) -> String {
        let bytes = text.utf8
        let place = bytes.index(bytes.startIndex, offsetBy: min(range.lowerBound, bytes.count))
        let position = text[..<place].count + 1
        return "\(sentence). Located at position \(position) within expression: \(text)."
    }

    private func advice(on symbol: String) -> String? {
        switch symbol {
        case "=", "==", "===": "There are no operators; write eq(a, b)."
        case "!=", "!==": "There are no operators; write ne(a, b)."
        case "!": "There are no operators; write not(a)."
        case "&&", "&": "There are no operators; write and(a, b)."
        case "||", "|": "There are no operators; write or(a, b)."
        case "<", ">", "<=", ">=": "There are no operators; write lt(a, b), le(a, b), gt(a, b) or ge(a, b)."
        case "+": "There are no operators; write format('{0}{1}', a, b) to join texts."
        case "(": "Brackets only enclose the parameters of a function."
        case "[": "Only names and calls can be indexed."
        default: nil
        }
    }

    private func advice(onValue value: String) -> String? {
        if value.hasPrefix("\"") { return "Write texts in single quotes." }
        if value.hasPrefix("'") { return "The text is not closed; end it with a single quote." }
        if value.hasPrefix("$(") || value.hasPrefix("$") { return "Write variables['name'] instead of $(name)." }
        if value.contains("-") { return "A name with a hyphen needs an index, such as parameters['\(value)']." }
        return nil
    }

    private func advice(onName name: String, known: [String]) -> String? {
        if let near = nearName(name, among: known) { return "Did you mean '\(near)'?" }
        switch foldedName(name) {
        case "parameters": return "Parameters exist only while templates are expanded; write ${{ parameters.name }}."
        case "dependencies", "stagedependencies":
            return "Map the value through a variable of the job: 'name: $[ \(name)… ]'."
        case "null": return "There is no null literal; compare with ''."
        default:
            return known.isEmpty
                ? "Texts need single quotes."
                : "Texts need single quotes; known names are \(known.joined(separator: ", "))."
        }
    }

    private func advice(onFunction name: String) -> String? {
        switch foldedName(name) {
        case "success": "The function is called succeeded()."
        case "failure": "The function is called failed()."
        case "cancelled": "The function is called canceled()."
        case "equal", "equals": "The function is called eq(a, b)."
        case "succeeded", "failed", "succeededorfailed", "always", "canceled":
            "Status functions may be used in conditions only."
        case "counter": "counter may be used only as the value of a variable: $[ counter('prefix', 1) ]."
        case "converttojson": "convertToJson may be used in ${{ }} only."
        case "hashfiles": "There is no hashFiles; the Cache task hashes the files its key names."
        default: nil
        }
    }
}

extension ExpressionFunction {
    /// `2 parameters`, `1 to 3 parameters`, `2 parameters or more`.
    var arityText: String {
        let count = arity.lowerBound
        if arity.upperBound == Int.max { return "\(count) parameter\(count == 1 ? "" : "s") or more" }
        if count == arity.upperBound {
            return count == 0 ? "no parameters" : "\(count) parameter\(count == 1 ? "" : "s")"
        }
        return "\(count) to \(arity.upperBound) parameters"
    }
}
