import RoostLanguage

/// Finds the value of every variable: defaults, the environment, automatic files, files, the command line, each over those before it.
struct PackerValueResolver {
    let variables: [String: PackerVariable]
    let functions: [String: HCLFunction]
    private(set) var values: [String: PackerValue] = [:]
    private(set) var diagnostics: [Diagnostic] = []

    init(variables: [String: PackerVariable], functions: [String: HCLFunction]) {
        self.variables = variables
        self.functions = functions
    }

    mutating func resolve(_ input: PackerInput) {
        for variable in variables.values.sorted(by: { $0.name < $1.name }) {
            if let value = variable.defaultValue {
                values[variable.name] = PackerValue(value: value, origin: .defaultValue)
            }
            if let text = input.environment["PKR_VAR_\(variable.name)"] {
                give(text, to: variable, .environment, source: "PKR_VAR_\(variable.name)")
            }
            if let text = input.offered.values[variable.name] {
                give(text, to: variable, .environment, source: "the value offered for \(variable.name)")
            }
        }
        for file in input.automaticFiles { read(file, .automaticFile) }
        for file in input.variableFiles { read(file, .variableFile) }
        for argument in input.arguments { give(argument) }
        markSecrets(input.offered.secrets)
        for variable in variables.values.sorted(by: { $0.name < $1.name }) { validate(variable) }
    }

    private mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ span: SourceSpan?,
        advice: String? = nil
    ) {
        diagnostics.append(.error("hcl.packer.\(code)", summary, at: span, advice: advice, detail: detail))
    }

    // MARK: Files

    private mutating func read(_ file: HCLFile, _ origin: PackerValue.Origin) {
        diagnostics += file.diagnostics
        guard !file.diagnostics.hasErrors else { return }
        if case .json(let body) = file.body.form { return read(body, origin) }
        let schema = HCLBodySchema(blocks: [.init("variable", labels: ["name"]), .init("variables"), .init("locals")])
        let (content, rest, problems) = file.body.partialContent(schema)
        diagnostics += problems
        for block in content.blocks {
            fail(
                "declaration",
                "Declaration in a file of values",
                "A \(block.type) block declares; this file only gives values to variables.",
                block.headerRange.span,
                advice: block.type == "variable" ? "Write \(block.labels.first ?? "name") = value." : nil
            )
        }
        let (attributes, found) = rest.attributes()
        diagnostics += found
        for attribute in attributes { give(attribute, origin) }
    }

    private mutating func read(_ body: HCLJSONBody, _ origin: PackerValue.Origin) {
        let (values, problems) = body.literals()
        diagnostics += problems
        for (name, value, range) in values {
            guard let variable = declared(name, range) else { continue }
            give(value, to: variable, origin, at: range.span)
        }
    }

    /// The variable of a name; a value for one that does not exist is a warning.
    private mutating func declared(_ name: String, _ range: HCLRange) -> PackerVariable? {
        if let variable = variables[name] { return variable }
        diagnostics.append(
            .warning(
                "hcl.packer.undeclared",
                "Undefined variable",
                at: range.span,
                advice: suggestion(name, among: variables.keys.sorted()),
                detail: "A value is given to \"\(name)\", which the template does not declare."
            )
        )
        return nil
    }

    private mutating func give(_ attribute: HCLAttribute, _ origin: PackerValue.Origin) {
        guard let variable = declared(attribute.name, attribute.nameRange) else { return }
        let (value, problems) = attribute.expression.value(in: .constant)
        diagnostics += problems
        if problems.isEmpty { give(value, to: variable, origin, at: attribute.expression.range.span) }
    }

    // MARK: Texts

    private mutating func give(_ argument: PackerInput.Argument) {
        guard let variable = variables[argument.name] else {
            let near = suggestion(argument.name, among: variables.keys.sorted())
            fail(
                "undeclared",
                "Undefined -var variable",
                "A value is given to \"\(argument.name)\", which the template does not declare.",
                nil,
                advice: near
            )
            return
        }
        give(argument.text, to: variable, .argument, source: "-var \(argument.name)")
    }

    /// Text for texts, numbers and what has no type; an expression for everything else.
    private mutating func give(
        _ text: String,
        to variable: PackerVariable,
        _ origin: PackerValue.Origin,
        source: String
    ) {
        let type = variable.constraint?.type ?? .string
        if type == .string || type == .number || type == .dynamic {
            return give(.string(text), to: variable, origin, at: nil)
        }
        let (expression, problems) = HCLExpression.parse(text, name: source)
        let (value, found) = problems.isEmpty ? expression.value(in: .constant) : (.unknown(), [])
        diagnostics += problems + found
        if problems.isEmpty, found.isEmpty { give(value, to: variable, origin, at: expression.range.span) }
    }

    private mutating func give(
        _ value: HCLValue,
        to variable: PackerVariable,
        _ origin: PackerValue.Origin,
        at span: SourceSpan?
    ) {
        do {
            let value = try variable.constraint?.apply(to: value) ?? value
            values[variable.name] = PackerValue(value: value, origin: origin)
        } catch {
            fail(
                "type",
                "Invalid value for variable",
                "The value for \(variable.name) is not compatible with the variable's type constraint: \(error).",
                span ?? variable.range.span
            )
        }
    }

    // MARK: Rules

    private mutating func markSecrets(_ others: Set<String>) {
        for variable in variables.values where variable.isSensitive || others.contains(variable.name) {
            guard let given = values[variable.name] else { continue }
            values[variable.name] = PackerValue(value: given.value.marked(true), origin: given.origin)
        }
    }

    private mutating func validate(_ variable: PackerVariable) {
        guard let given = values[variable.name]?.value else { return }
        let scope = HCLScope(variables: ["var": .object([variable.name: given])], functions: functions)
        for rule in variable.validations {
            let (value, problems) = rule.condition.value(in: scope)
            diagnostics += problems
            guard problems.isEmpty, let truth = try? value.converted(to: .bool) else { continue }
            if truth.isNull || truth.truth == false {
                fail(
                    "validation",
                    "Invalid value for variable",
                    "\(rule.message)\n\nThis was checked by the validation rule at \(rule.range).",
                    variable.range.span
                )
            }
        }
    }
}
