import RoostLanguage

/// The values of the command line and of files, by their names.
struct GivenValues {
    struct Value {
        var value: SettingValue
        /// Nil for the command line.
        var nameRange: HCLRange?
    }

    private(set) var values: [String: Value] = [:]
    private(set) var sources: [SourceText] = []
    private(set) var diagnostics: [Diagnostic] = []

    /// Reads files in their order and then the command line; later ones win.
    init(_ input: ImageTemplateInput) {
        for path in input.variableFiles { read(path) }
        for argument in input.arguments { values[argument.name] = Value(value: SettingValue(.text(argument.text))) }
    }

    private mutating func read(_ path: String) {
        guard let bytes = FileBytes.read(path) else {
            diagnostics.append(
                .error(
                    "image-builder.unreadable",
                    "The file of values '\(path)' cannot be read.",
                    advice: "Look whether it exists and you have the right to it."
                )
            )
            return
        }
        let isJSON = path.hasSuffix(".json") || bytes.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "{")
        isJSON ? readJSON(bytes, path) : readHCL(bytes, path)
    }

    // MARK: JSON

    private mutating func readJSON(_ bytes: [UInt8], _ path: String) {
        let file = ImageBuilderDocument.file(bytes, name: path)
        sources.append(file.source)
        diagnostics += file.diagnostics
        guard let root = file.properties else { return }
        let parameters = root.first { $0.name == "parameters" }?.value
        if let parameters, case .object(let parameters) = parameters.form {
            for parameter in parameters { readParameter(parameter) }
        } else {
            for property in root where property.name != "$schema" && property.name != "contentVersion" {
                give(property, property.value)
            }
        }
    }

    /// `"name": { "value": … }` of a deployment's parameters.
    private mutating func readParameter(_ parameter: HCLJSONNode.Property) {
        guard case .object(let parts) = parameter.value.form else {
            diagnostics.append(
                .error(
                    "image-builder.parameter-value",
                    "Parameter \"\(parameter.name)\" is no object",
                    at: parameter.value.range.span,
                    advice: "Write { \"value\": … }.",
                    detail: "In a file of parameters each has an object with its value."
                )
            )
            return
        }
        if let value = parts.first(where: { $0.name == "value" }) { return give(parameter, value.value) }
        let asks = parts.contains { $0.name == "reference" }
        diagnostics.append(
            .error(
                "image-builder.parameter-value",
                "Parameter \"\(parameter.name)\" has no value",
                at: parameter.nameRange.span,
                advice: "Give the value with -var \(parameter.name)=… or in \"value\".",
                detail: asks ? "A reference to a vault is not looked up here." : "The object holds no \"value\"."
            )
        )
    }

    private mutating func give(_ property: HCLJSONNode.Property, _ node: HCLJSONNode) {
        values[property.name] = Value(value: SettingValue(node), nameRange: property.nameRange)
    }

    // MARK: HCL

    private mutating func readHCL(_ bytes: [UInt8], _ path: String) {
        let file = HCLFile(native: bytes, name: path)
        sources.append(file.source)
        diagnostics += file.diagnostics
        guard !file.diagnostics.contains(where: \.isError) else { return }
        let (attributes, problems) = file.body.attributes()
        diagnostics += problems
        for attribute in attributes {
            let (value, problems) = attribute.expression.value(in: .constant)
            diagnostics += problems
            guard problems.isEmpty else { continue }
            let setting = SettingValue(value, range: attribute.expression.range)
            values[attribute.name] = Value(value: setting, nameRange: attribute.nameRange)
        }
    }
}

extension SettingValue {
    /// A value of JSON as it is.
    init(_ node: HCLJSONNode) {
        let form: Form =
            switch node.form {
            case .null: .null
            case .bool(let truth): .truth(truth)
            case .number(let number): .number(number)
            case .string(let text, _): .text(text)
            case .array(let elements): .list(elements.map(SettingValue.init))
            case .object(let properties):
                .object(
                    ImageSettings(
                        properties.map { .init($0.name, SettingValue($0.value), nameRange: $0.nameRange) },
                        missingRange: node.missingRange
                    )
                )
            }
        self.init(form, range: node.range)
    }
}

extension HCLJSONNode {
    /// The closing bracket, before which something that is missing would be added.
    var missingRange: HCLRange {
        let end = range.bytes.upperBound
        return HCLRange(range.source, max(range.bytes.lowerBound, end - 1)..<end)
    }
}
