public import RoostLanguage

/// A type as people write it, with what stands in for attributes that are missing.
public struct HCLTypeConstraint: Sendable {
    public let type: HCLType
    /// Values of `optional(type, value)`, by the attribute's place below the type.
    let defaults: HCLTypeDefaults

    /// Reads a type expression such as `map(object({ name = string, size = optional(number, 10) }))`.
    public static func parse(_ expression: HCLExpression) -> (constraint: HCLTypeConstraint, diagnostics: [Diagnostic])
    {
        let (inner, problems) = expression.unquoted()
        var reader = HCLTypeReader(diagnostics: problems)
        let (type, defaults) = reader.type(inner)
        return (HCLTypeConstraint(type: type, defaults: defaults), reader.diagnostics)
    }

    /// The value as one of the type, with attributes that are missing filled in.
    public func apply(to value: HCLValue) throws(ConversionFault) -> HCLValue {
        try defaults.filling(value).converted(to: type)
    }
}

/// Values for attributes that are missing, in a tree like that of the type.
struct HCLTypeDefaults: Sendable {
    var values: [String: HCLValue] = [:]
    /// Of attributes, of places in tuples (by their number), or of all elements (by the empty name).
    var children: [String: HCLTypeDefaults] = [:]

    var isEmpty: Bool { values.isEmpty && children.isEmpty }

    func filling(_ value: HCLValue) -> HCLValue {
        guard !isEmpty, value.isKnown else { return value }
        switch value.content {
        case .attributes(var attributes):
            for (name, standIn) in values where attributes[name]?.isNull ?? true { attributes[name] = standIn }
            for (name, element) in attributes {
                if let child = children[name] ?? children[""] { attributes[name] = child.filling(element) }
            }
            return HCLValue.object(attributes).marked(value.isSensitive)
        case .elements(let elements):
            let filled = elements.enumerated().map { place, element in
                (children["\(place)"] ?? children[""])?.filling(element) ?? element
            }
            return HCLValue.tuple(filled).marked(value.isSensitive)
        default: return value
        }
    }
}

/// Reads type expressions.
private struct HCLTypeReader {
    var diagnostics: [Diagnostic]

    private static let collections = ["list", "set", "map"]

    mutating func type(_ expression: HCLExpression) -> (HCLType, HCLTypeDefaults) {
        switch expression.form {
        case .variable(let traversal) where traversal.steps.isEmpty: return (word(traversal), HCLTypeDefaults())
        case .call(let call): return constructor(call, expression.range)
        default:
            return reject(
                "A type is a keyword such as string, or a constructor such as list(string).",
                expression.range
            )
        }
    }

    private mutating func reject(
        _ detail: String,
        _ range: HCLRange,
        advice: String? = nil
    ) -> (HCLType, HCLTypeDefaults) {
        diagnostics.append(.hcl("type", "Invalid type specification", detail, range, advice: advice))
        return (.dynamic, HCLTypeDefaults())
    }

    private mutating func word(_ traversal: HCLTraversal) -> HCLType {
        switch traversal.name {
        case "string": return .string
        case "number": return .number
        case "bool": return .bool
        case "any": return .dynamic
        case "list", "set", "map":
            return reject(
                "The \(traversal.name) type constructor requires one argument specifying the element type.",
                traversal.range
            ).0
        case "object":
            return reject(
                "The object type constructor requires one argument specifying the attribute types and values as a map.",
                traversal.range
            ).0
        case "tuple":
            return reject(
                "The tuple type constructor requires one argument specifying the element types as a list.",
                traversal.range
            ).0
        default:
            let near = suggestion(
                traversal.name,
                among: ["string", "number", "bool", "any", "list", "set", "map", "object", "tuple"]
            )
            return reject(
                "The keyword \"\(traversal.name)\" is not a valid type specification.",
                traversal.range,
                advice: near
            ).0
        }
    }

    private mutating func constructor(_ call: HCLCall, _ range: HCLRange) -> (HCLType, HCLTypeDefaults) {
        guard Self.collections.contains(call.name) || call.name == "object" || call.name == "tuple" else {
            let known = Self.collections + ["object", "tuple"]
            if ["string", "number", "bool", "any"].contains(call.name) {
                return reject("Primitive type keyword \"\(call.name)\" does not expect arguments.", call.nameRange)
            }
            if call.name == "optional" {
                return reject(
                    "Keyword \"optional\" is valid only as a modifier for object type attributes.",
                    call.nameRange
                )
            }
            return reject(
                "Keyword \"\(call.name)\" is not a valid type constructor.",
                call.nameRange,
                advice: suggestion(call.name, among: known)
            )
        }
        guard call.arguments.count == 1, let only = call.arguments.first else {
            return reject("The \(call.name) type constructor requires one argument.", range)
        }
        switch call.name {
        case "object": return object(only)
        case "tuple": return tuple(only)
        default:
            let (element, defaults) = type(only)
            let type: HCLType =
                call.name == "list" ? .list(element) : call.name == "set" ? .set(element) : .map(element)
            return (type, defaults.isEmpty ? HCLTypeDefaults() : HCLTypeDefaults(children: ["": defaults]))
        }
    }

    private mutating func tuple(_ argument: HCLExpression) -> (HCLType, HCLTypeDefaults) {
        guard case .tuple(let elements) = argument.form else {
            return reject("Tuple type constructor requires a list of element types.", argument.range)
        }
        var (types, defaults): ([HCLType], HCLTypeDefaults) = ([], HCLTypeDefaults())
        for (place, element) in elements.enumerated() {
            let (type, inner) = type(element)
            types.append(type)
            if !inner.isEmpty { defaults.children["\(place)"] = inner }
        }
        return (.tuple(types), defaults)
    }

    private mutating func object(_ argument: HCLExpression) -> (HCLType, HCLTypeDefaults) {
        guard case .object(let items) = argument.form else {
            return reject(
                "Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.",
                argument.range
            )
        }
        var attributes: [String: HCLType] = [:]
        var optional: Set<String> = []
        var defaults = HCLTypeDefaults()
        for item in items {
            guard let name = attributeName(item) else {
                _ = reject("Object constructor map keys must be attribute names.", item.key.range)
                continue
            }
            let (expression, standIn, isOptional) = modifier(item.value)
            let (type, inner) = type(expression)
            attributes[name] = type
            if isOptional { optional.insert(name) }
            if let value = standIn.flatMap({ defaultValue($0, type) }) { defaults.values[name] = value }
            if !inner.isEmpty { defaults.children[name] = inner }
        }
        return (.object(attributes, optional: optional), defaults)
    }

    private func attributeName(_ item: HCLObjectItem) -> String? {
        if let name = item.bareKey { return name }
        guard case .template(let parts) = item.key.form, parts.count == 1, case .literal(let value) = parts[0].form
        else { return nil }
        return value.text
    }

    /// What `optional(type)` or `optional(type, value)` says.
    private mutating func modifier(
        _ expression: HCLExpression
    ) -> (type: HCLExpression, value: HCLExpression?, isOptional: Bool) {
        guard case .call(let call) = expression.form, call.name == "optional" else { return (expression, nil, false) }
        guard (1...2).contains(call.arguments.count) else {
            _ = reject(
                "Optional attribute modifier requires the attribute type as its argument, and may have a default value.",
                expression.range
            )
            return (expression, nil, true)
        }
        return (call.arguments[0], call.arguments.count > 1 ? call.arguments[1] : nil, true)
    }

    private mutating func defaultValue(_ expression: HCLExpression, _ type: HCLType) -> HCLValue? {
        let (value, problems) = HCLEvaluator.evaluate(expression, in: .constant)
        diagnostics += problems
        guard problems.isEmpty else { return nil }
        do { return try value.converted(to: type) } catch {
            _ = reject(
                "This default value is not compatible with the attribute's type constraint: \(error).",
                expression.range
            )
            return nil
        }
    }
}
