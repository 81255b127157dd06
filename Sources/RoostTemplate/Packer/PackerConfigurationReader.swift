import RoostLanguage

/// Sorts the blocks of a template's files, and reads those that declare names.
struct PackerConfigurationReader {
    let functions: [String: HCLFunction]
    var configuration = PackerConfiguration()
    var diagnostics: [Diagnostic] = []

    init(functions: [String: HCLFunction]) { self.functions = functions }

    mutating func read(_ file: HCLFile) {
        diagnostics += file.diagnostics
        let (content, problems) = file.body.content(PackerConfiguration.schema)
        diagnostics += problems
        for block in content.blocks {
            switch block.type {
            case "packer": configuration.settings.append(block)
            case "variable": readVariable(block)
            case "variables": readVariables(block)
            case "locals": readLocals(block)
            case "local": readLocal(block)
            case "data": configuration.dataSources.append(block)
            case "source": configuration.sources.append(block)
            case "build": configuration.builds.append(block)
            default: configuration.others.append(block)
            }
        }
    }

    mutating func fail(_ code: String, _ summary: String, _ detail: String, _ subject: HCLRange, advice: String? = nil)
    {
        diagnostics.append(.hcl("packer.\(code)", summary, detail, subject, advice: advice))
    }

    // MARK: Variables

    private static let variableSchema = HCLBodySchema(
        attributes: [.init("type"), .init("default"), .init("description"), .init("sensitive")],
        blocks: [.init("validation")]
    )

    private mutating func readVariable(_ block: HCLBlock) {
        let (content, problems) = block.body.content(Self.variableSchema)
        diagnostics += problems
        let constraint = content.attributes["type"].map { attribute in
            let (constraint, problems) = HCLTypeConstraint.parse(attribute.expression)
            diagnostics += problems
            return constraint
        }
        let value = defaultValue(content.attributes["default"], constraint)
        let rules = content.blocks.compactMap { validation($0, of: block.labels[0]) }
        add(
            PackerVariable(
                name: block.labels[0],
                range: block.headerRange,
                constraint: constraint ?? value.flatMap(Self.implied),
                defaultValue: value,
                description: constant(content.attributes["description"], .string)?.text,
                isSensitive: constant(content.attributes["sensitive"], .bool)?.truth ?? false,
                validations: rules
            ),
            nameRange: block.labelRanges[0]
        )
    }

    /// Without a declared type the default says it, unless it is null.
    private static func implied(_ value: HCLValue) -> HCLTypeConstraint? {
        value.type == .dynamic ? nil : HCLTypeConstraint(type: value.type, defaults: HCLTypeDefaults())
    }

    private mutating func add(_ variable: PackerVariable, nameRange: HCLRange) {
        guard isIdentifier(variable.name) else {
            return fail("name", "Invalid variable name", "\"\(variable.name)\" is no name.", nameRange)
        }
        if let first = configuration.variables[variable.name] {
            return fail(
                "duplicate",
                "Duplicate variable",
                "The variable \"\(variable.name)\" is declared already at \(first.range).",
                nameRange
            )
        }
        configuration.variables[variable.name] = variable
    }

    private mutating func defaultValue(_ attribute: HCLAttribute?, _ constraint: HCLTypeConstraint?) -> HCLValue? {
        guard let attribute else { return nil }
        let (value, problems) = attribute.expression.value(in: HCLScope(functions: functions))
        diagnostics += problems
        guard problems.isEmpty else { return .unknown(constraint?.type ?? .dynamic) }
        guard let constraint else { return value }
        do { return try constraint.apply(to: value) } catch {
            fail(
                "type",
                "Invalid default value for variable",
                "The default is not of the variable's type: \(error).",
                attribute.expression.range
            )
            return .unknown(constraint.type)
        }
    }

    private mutating func constant(_ attribute: HCLAttribute?, _ type: HCLType) -> HCLValue? {
        guard let attribute else { return nil }
        let (value, problems) = attribute.expression.value(in: .constant)
        diagnostics += problems
        guard problems.isEmpty else { return nil }
        do { return try value.converted(to: type) } catch {
            fail("type", "Unsuitable value type", "Unsuitable value: \(error).", attribute.expression.range)
            return nil
        }
    }

    private mutating func readVariables(_ block: HCLBlock) {
        let (attributes, problems) = block.body.attributes()
        diagnostics += problems
        for attribute in attributes {
            let value = defaultValue(attribute, nil)
            add(
                PackerVariable(
                    name: attribute.name,
                    range: attribute.nameRange,
                    constraint: value.flatMap(Self.implied),
                    defaultValue: value,
                    description: nil,
                    isSensitive: false,
                    validations: []
                ),
                nameRange: attribute.nameRange
            )
        }
    }

    // MARK: Validation rules

    private mutating func validation(_ block: HCLBlock, of variable: String) -> PackerValidation? {
        let schema = HCLBodySchema(attributes: [
            .init("condition", required: true), .init("error_message", required: true),
        ])
        let (content, problems) = block.body.content(schema)
        diagnostics += problems
        guard let condition = content.attributes["condition"] else { return nil }
        checkReferences(condition.expression, variable)
        let message = constant(content.attributes["error_message"], .string)?.text ?? ""
        if let attribute = content.attributes["error_message"], !isSentence(message) {
            fail(
                "message",
                "Invalid validation error message",
                "The message is at least one full English sentence, with a capital letter at its start and a full stop or question mark at its end.",
                attribute.expression.range
            )
        }
        return PackerValidation(condition: condition.expression, message: message, range: block.headerRange)
    }

    private func isSentence(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.last else { return false }
        return first.properties.isUppercase && (last == "." || last == "?")
    }

    private mutating func checkReferences(_ condition: HCLExpression, _ variable: String) {
        let summary = "Invalid variable validation condition"
        var refersToItself = false
        for reference in condition.variables {
            if reference.name == "var", case .attribute(variable)? = reference.steps.first?.form {
                refersToItself = true
            } else {
                fail(
                    "condition",
                    summary,
                    "The condition for variable \"\(variable)\" can only refer to the variable itself, using var.\(variable).",
                    reference.range
                )
            }
        }
        if !refersToItself, condition.variables.isEmpty {
            fail(
                "condition",
                summary,
                "The condition for variable \"\(variable)\" must refer to var.\(variable) in order to test incoming values.",
                condition.range
            )
        }
    }

    // MARK: Locals

    private mutating func readLocals(_ block: HCLBlock) {
        let (attributes, problems) = block.body.attributes()
        diagnostics += problems
        for attribute in attributes {
            let local = PackerLocal(
                name: attribute.name,
                range: attribute.nameRange,
                expression: attribute.expression,
                isSensitive: false
            )
            add(local)
        }
    }

    private mutating func readLocal(_ block: HCLBlock) {
        let schema = HCLBodySchema(attributes: [.init("expression", required: true), .init("sensitive")])
        let (content, problems) = block.body.content(schema)
        diagnostics += problems
        guard let expression = content.attributes["expression"]?.expression else { return }
        let isSensitive = constant(content.attributes["sensitive"], .bool)?.truth ?? false
        add(
            PackerLocal(
                name: block.labels[0],
                range: block.labelRanges[0],
                expression: expression,
                isSensitive: isSensitive
            )
        )
    }

    private mutating func add(_ local: PackerLocal) {
        guard isIdentifier(local.name) else {
            return fail("name", "Invalid local name", "\"\(local.name)\" is no name.", local.range)
        }
        if let first = configuration.locals[local.name] {
            return fail(
                "duplicate",
                "Duplicate local definition",
                "The local \"\(local.name)\" is defined already at \(first.range).",
                local.range
            )
        }
        configuration.locals[local.name] = local
    }
}
