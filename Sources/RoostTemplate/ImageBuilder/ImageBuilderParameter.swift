import RoostLanguage

/// A parameter that a deployment declares.
struct ImageBuilderParameter {
    static let types = ["string", "securestring", "int", "bool", "object", "secureObject", "array"]

    let name: String
    let nameRange: HCLRange
    /// In lower case.
    let type: String
    let defaultNode: HCLJSONNode?
    let declaration: HCLJSONNode

    init(_ property: HCLJSONNode.Property) {
        name = property.name
        nameRange = property.nameRange
        declaration = property.value
        type = property.value.text("type")?.lowercased() ?? "string"
        defaultNode = property.value.property("defaultValue")
    }

    var isSecret: Bool { type.hasPrefix("secure") }
    var description: String? { declaration.property("metadata")?.text("description") }

    /// A value that was given, as one of the type; texts of the command line are read.
    func converted(_ value: SettingValue) -> SettingValue? {
        var result = value
        result.isSensitive = value.isSensitive || isSecret
        switch (type, value.form) {
        case ("string", .text), ("securestring", .text), ("int", .number), ("bool", .truth), ("array", .list),
            ("object", .object), ("secureobject", .object):
            return result
        case ("string", .number), ("string", .truth): result.form = .text(value.text ?? value.plainText)
        case ("int", .text(let text)):
            guard let number = Int(text) else { return nil }
            result.form = .number(HCLNumber(number))
        case ("bool", .text(let text)):
            guard ["true", "false"].contains(text.lowercased()) else { return nil }
            result.form = .truth(text.lowercased() == "true")
        case (_, .text(let text)):
            let file = HCLFile(json: Array("{\"value\":\(text)}".utf8), name: "-var \(name)")
            guard file.diagnostics.isEmpty, let node = file.properties?.first?.value else { return nil }
            let parsed = SettingValue(node)
            guard parsed.list != nil && type == "array" || parsed.settings != nil && type.hasSuffix("object") else {
                return nil
            }
            result.form = parsed.form
        default: return nil
        }
        return result
    }

    /// What is wrong with a value of the type.
    func fault(_ value: SettingValue) -> String? {
        if case .array(let allowed)? = declaration.property("allowedValues")?.form,
            !allowed.contains(where: { SettingValue($0).form == value.form })
        {
            return "It is none of: \(allowed.map { SettingValue($0).plainText }.joined(separator: ", "))."
        }
        let count = value.text?.count ?? value.list?.count
        if let count, let least = limit("minLength"), count < least { return "It is shorter than \(least)." }
        if let count, let most = limit("maxLength"), count > most { return "It is longer than \(most)." }
        let number = value.number?.int
        if let number, let least = limit("minValue"), number < least { return "It is smaller than \(least)." }
        if let number, let most = limit("maxValue"), number > most { return "It is greater than \(most)." }
        return nil
    }

    private func limit(_ name: String) -> Int? {
        guard case .number(let number)? = declaration.property(name)?.form else { return nil }
        return number.int
    }
}
