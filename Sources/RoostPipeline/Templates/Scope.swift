import RoostLanguage

/// A value that has a name while templates are expanded.
///
/// It keeps the tree it was written as, so that what is inserted elsewhere still knows where it stands in its file.
final class BoundValue {
    /// Nil when only the value counts, as for a parameter that was converted to its type.
    let node: SyntaxNode?
    private(set) lazy var value: Value = given ?? node?.value ?? .null
    private let given: Value?

    init(_ value: Value, node: SyntaxNode? = nil) {
        self.given = value
        self.node = node
    }

    init(_ node: SyntaxNode) {
        self.given = nil
        self.node = node
    }
}

/// Variables defined so far by one block and those around it.
final class VariableFrame {
    private let parent: VariableFrame?
    private let outer: (String) -> String?
    private var values: [String: String] = [:]
    private var names: [String] = []

    /// The outermost frame, with what is known before the file is read.
    init(outer: @escaping (String) -> String?) {
        self.parent = nil
        self.outer = outer
    }

    init(parent: VariableFrame) {
        self.parent = parent
        self.outer = { _ in nil }
    }

    /// Defines a variable; the last definition of a name counts.
    func define(_ name: String, _ value: String) {
        if values.updateValue(value, forKey: foldedName(name)) == nil { names.append(name) }
    }

    subscript(name: String) -> String? {
        let key = foldedName(name)
        var frame: VariableFrame? = self
        while let current = frame {
            if let value = current.values[key] ?? current.outer(name) { return value }
            frame = current.parent
        }
        return nil
    }

    /// All that the file defines, outer blocks first.
    var all: ObjectValue {
        var all = parent?.all ?? ObjectValue()
        for name in names { all[name] = values[foldedName(name)].map(Value.string) }
        return all
    }
}

/// The parameters of one use of a file.
struct ParameterValues: MemberSource {
    /// Whether naming an undeclared one is an error: the file declares its parameters with types.
    let isTyped: Bool
    /// In the order of declaration.
    private(set) var names: [String] = []
    private var values: [String: BoundValue] = [:]

    init(isTyped: Bool) {
        self.isTyped = isTyped
    }

    /// A parameter, by its name in any letter case.
    subscript(name: String) -> BoundValue? {
        get { values[foldedName(name)] }
        set {
            if values.updateValue(newValue ?? BoundValue(Value.null), forKey: foldedName(name)) == nil {
                names.append(name)
            }
        }
    }

    func member(_ name: String) throws(MemberFailure) -> Value? {
        if let value = self[name] { return value.value }
        guard isTyped else { return nil }
        let near = nearName(name, among: names)
        throw MemberFailure(
            "Unexpected parameter '\(name)'",
            advice: near.map { "Did you mean '\($0)'?" } ?? "Declare it under 'parameters' of this file."
        )
    }

    var all: ObjectValue { ObjectValue(names.map { ($0, self[$0]?.value ?? .null) }) }
}

/// What expressions at a place can name.
final class Scope {
    let file: TemplatePath.File
    let site: IncludeSite?
    let parameters: ParameterValues
    let variables: VariableFrame
    /// Variables of `each`, outer ones first.
    private let loops: [(name: String, value: BoundValue)]
    /// `resources` and what else is the same for the whole run.
    private let constants: [(name: String, value: NamedValue)]

    init(
        file: TemplatePath.File,
        site: IncludeSite?,
        parameters: ParameterValues,
        variables: VariableFrame,
        loops: [(name: String, value: BoundValue)] = [],
        constants: [(name: String, value: NamedValue)]
    ) {
        self.file = file
        self.site = site
        self.parameters = parameters
        self.variables = variables
        self.loops = loops
        self.constants = constants
    }

    /// The scope inside a stage or a job.
    func withOwnVariables() -> Scope {
        Scope(
            file: file,
            site: site,
            parameters: parameters,
            variables: VariableFrame(parent: variables),
            loops: loops,
            constants: constants
        )
    }

    /// The scope of one turn of a loop.
    func binding(_ name: String, to value: BoundValue) -> Scope {
        Scope(
            file: file,
            site: site,
            parameters: parameters,
            variables: variables,
            loops: loops + [(name, value)],
            constants: constants
        )
    }

    /// The scope of a template that is used here: it sees variables, and of this file nothing else.
    func entering(_ file: TemplatePath.File, at site: IncludeSite, parameters: ParameterValues) -> Scope {
        Scope(file: file, site: site, parameters: parameters, variables: variables, constants: constants)
    }

    private(set) lazy var context: EvaluationContext = makeContext()

    private func makeContext() -> EvaluationContext {
        var context = EvaluationContext(functions: .compileTime)
        for constant in constants { context[constant.name] = constant.value }
        context["parameters"] = .members(parameters)
        let variables = variables
        context["variables"] = .members(
            ClosureMembers {
                variables[$0].map(Value.string)
            } all: {
                variables.all
            }
        )
        for loop in loops { context[loop.name] = .lazy { loop.value.value } }
        return context
    }

    /// Whether a loop may not take this name.
    func defines(_ name: String) -> Bool { context[name] != nil }

    /// The tree a path such as `parameters.steps` names, where there is one.
    func node(at path: [String]) -> SyntaxNode? {
        var rest = path[...]
        guard let first = rest.popFirst() else { return nil }
        if let loop = loops.last(where: { equalIgnoringCase($0.name, first) }) {
            return loop.value.node?.descendant(rest)
        }
        guard equalIgnoringCase(first, "parameters"), let name = rest.popFirst() else { return nil }
        return parameters[name]?.node?.descendant(rest)
    }
}

extension SyntaxNode {
    /// The node a path of keys and places leads to; nil when there is none, which the evaluation then finds too.
    fileprivate func descendant(_ path: ArraySlice<String>) -> SyntaxNode? {
        var node = self
        for key in path {
            switch node {
            case .mapping(let mapping):
                guard let value = mapping.value(ignoringCase: key) else { return nil }
                node = value
            case .sequence(let sequence):
                guard let place = Int(key), sequence.items.indices.contains(place) else { return nil }
                node = sequence.items[place]
            case .scalar, .unknown: return nil
            }
        }
        return node
    }
}
