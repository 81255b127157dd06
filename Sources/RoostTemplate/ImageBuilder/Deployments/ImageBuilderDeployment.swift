import RoostLanguage

/// What a deployment template holds beside its resources.
enum ImageBuilderDeployment {
    private static let keys = [
        "$schema", "languageVersion", "contentVersion", "apiProfile", "metadata", "definitions", "parameters",
        "functions", "variables", "resources", "outputs",
    ]
    private static let parameterKeys = [
        "type", "defaultValue", "allowedValues", "minValue", "maxValue", "minLength", "maxLength", "metadata",
        "nullable", "items", "properties", "additionalProperties", "prefixItems", "sealed", "discriminator",
    ]

    static func check(_ root: HCLJSONNode) -> [Diagnostic] {
        guard case .object(let properties) = root.form else { return [] }
        var problems: [Diagnostic] = []
        for property in properties where !keys.contains(property.name) {
            problems.append(unknown(property, keys, "A deployment has no property of this name."))
        }
        if case .object(let functions)? = root.property("functions")?.form, !functions.isEmpty {
            problems.append(userFunctions(functions[0].nameRange))
        } else if case .array(let functions)? = root.property("functions")?.form, !functions.isEmpty {
            problems.append(userFunctions(functions[0].startRange))
        }
        if case .object(let parameters)? = root.property("parameters")?.form {
            problems += parameters.flatMap(check)
        }
        return problems
    }

    private static func check(_ parameter: HCLJSONNode.Property) -> [Diagnostic] {
        guard case .object(let properties) = parameter.value.form else {
            return [
                .error(
                    "image-builder.bad-type",
                    "Parameter \"\(parameter.name)\" is no object",
                    at: parameter.value.range.span,
                    advice: "Write { \"type\": \"string\" }.",
                    detail: "A parameter is declared by an object with its type."
                )
            ]
        }
        var problems = properties.filter { !parameterKeys.contains($0.name) }.map {
            unknown($0, parameterKeys, "A parameter has no property of this name.")
        }
        guard let type = parameter.value.property("type") else {
            guard parameter.value.property("$ref") == nil else { return [] }
            return problems + [
                .error(
                    "image-builder.missing-property",
                    "Parameter \"\(parameter.name)\" has no type",
                    at: parameter.nameRange.span,
                    advice: "Add \"type\": \"string\"."
                )
            ]
        }
        let name = parameter.value.text("type") ?? ""
        if !ImageBuilderParameter.types.contains(where: { $0.lowercased() == name.lowercased() }) {
            problems.append(
                .error(
                    "image-builder.unknown-type",
                    "Unknown type \"\(name)\"",
                    at: type.range.span,
                    advice: suggestion(name, among: ImageBuilderParameter.types),
                    detail: "Types of parameters are: \(ImageBuilderParameter.types.joined(separator: ", "))."
                )
            )
        }
        return problems
    }

    private static func unknown(_ property: HCLJSONNode.Property, _ keys: [String], _ detail: String) -> Diagnostic {
        .error(
            "image-builder.unknown-property",
            "Unknown property \"\(property.name)\"",
            at: property.nameRange.span,
            advice: suggestion(property.name, among: keys),
            detail: detail
        )
    }

    private static func userFunctions(_ range: HCLRange) -> Diagnostic {
        .error(
            "image-builder.functions",
            "Functions of one's own are not known",
            at: range.span,
            advice: "Write what they give in the places where they are called.",
            detail: "Only the functions of the language can be called in image templates."
        )
    }
}
