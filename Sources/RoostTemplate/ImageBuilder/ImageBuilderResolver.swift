import Foundation
import RoostLanguage

/// Gives everything in a template its value: fills placeholders, and evaluates expressions where it is a deployment.
struct ImageBuilderResolver {
    /// Texts that are commands: in them only words that are known are placeholders.
    private static let commands: Set<String> = [
        "inline", "restartCommand", "restartCheckCommand", "searchCriteria", "filters",
    ]
    /// Placeholders of the quick-starts, which are known everywhere.
    private static let quickStart: Set<String> = [
        "subscriptionID", "rgName", "region", "region1", "region2", "imageDefName", "sharedImageGalName",
        "runOutputName", "imgBuilderId",
    ]
    /// Of the parts of one value.
    private static let weightLimit = 100_000

    let given: GivenValues
    let now: Date
    let isDeployment: Bool
    /// Whether placeholders without a value are left as they are.
    let keepsPlaceholders: Bool
    let parameters: [String: ImageBuilderParameter]
    private let variables: [String: HCLJSONNode.Property]
    private var knownWords: Set<String>

    var diagnostics: [Diagnostic] = []
    /// Of placeholders, parameters and what is asked of the place of deployment, in the order of their first use.
    private(set) var uses: [(name: String, range: HCLRange)] = []
    private var parameterValues: [String: SettingValue] = [:]
    private var variableValues: [String: SettingValue] = [:]
    private var variablesUnderWay: [String] = []

    init(_ root: HCLJSONNode, isDeployment: Bool, given: GivenValues, now: Date, keepsPlaceholders: Bool) {
        self.given = given
        self.now = now
        self.isDeployment = isDeployment
        self.keepsPlaceholders = keepsPlaceholders
        var parameters: [String: ImageBuilderParameter] = [:]
        var variables: [String: HCLJSONNode.Property] = [:]
        if isDeployment {
            for property in Self.members(root, "parameters") {
                parameters[property.name.lowercased()] = ImageBuilderParameter(property)
            }
            for property in Self.members(root, "variables") { variables[property.name.lowercased()] = property }
        }
        self.parameters = parameters
        self.variables = variables
        let names = given.values.keys.filter { parameters[$0.lowercased()] == nil }
        knownWords = Self.quickStart.union(names)
        collectWords(root, isCommand: false)
    }

    private static func members(_ root: HCLJSONNode, _ name: String) -> [HCLJSONNode.Property] {
        guard case .object(let properties)? = root.property(name)?.form else { return [] }
        return properties
    }

    /// Words of placeholders outside of commands are known within commands, too.
    private mutating func collectWords(_ node: HCLJSONNode, isCommand: Bool) {
        switch node.form {
        case .array(let elements): for element in elements { collectWords(element, isCommand: isCommand) }
        case .object(let properties):
            for property in properties {
                collectWords(property.nameNode, isCommand: false)
                collectWords(property.value, isCommand: isCommand || Self.commands.contains(property.name))
            }
        case .string(let text, _) where !isCommand:
            for match in PlaceholderScanner.matches(in: text, allowsBlanks: true) { knownWords.insert(match.name) }
        default: break
        }
    }

    /// Names that a value may be given for.
    var names: [String] {
        knownWords.subtracting(given.values.keys).union(uses.map(\.name))
            .union(parameters.values.map(\.name)).sorted()
    }

    // MARK: Values

    mutating func value(_ node: HCLJSONNode, isCommand: Bool = false) -> SettingValue {
        switch node.form {
        case .string(let text, _): return text_(text, node, isCommand: isCommand)
        case .array(let elements):
            let values = elements.map { value($0, isCommand: isCommand) }
            return SettingValue(.list(values), range: node.range)
        case .object(let properties):
            var settings = ImageSettings(missingRange: node.missingRange)
            for property in properties { add(property, to: &settings, isCommand: isCommand) }
            return SettingValue(.object(settings), range: node.range)
        default: return SettingValue(node)
        }
    }

    private mutating func add(_ property: HCLJSONNode.Property, to settings: inout ImageSettings, isCommand: Bool) {
        let name = value(property.nameNode).text ?? property.name
        if let earlier = settings.entry(name) {
            let place = earlier.nameRange.map { " at \($0)" } ?? ""
            report(
                "duplicate",
                "Property \"\(name)\" is given twice",
                "It is given already\(place).",
                property.nameRange,
                "Remove one of them."
            )
        }
        let inner = isCommand || Self.commands.contains(property.name)
        settings.set(name, value(property.value, isCommand: inner), nameRange: property.nameRange)
    }

    private mutating func text_(_ text: String, _ node: HCLJSONNode, isCommand: Bool) -> SettingValue {
        guard isDeployment else {
            reportStrayExpression(text, node, isCommand: isCommand)
            return filled(text, node, 0..<text.utf8.count, isCommand: isCommand)
        }
        guard DeploymentExpression.isExpression(text) else {
            let start = text.hasPrefix("[[") ? 1 : 0
            return filled(String(text.dropFirst(start)), node, start..<text.utf8.count, isCommand: isCommand)
        }
        do {
            let expression = try DeploymentExpressionParser.expression(text)
            var result = try evaluate(expression, in: node, isCommand: isCommand)
            result.range = node.range
            return result
        } catch {
            report("expression", error.summary, error.detail, node.part(error.bytes), error.advice)
            return SettingValue(.template(text), range: node.range)
        }
    }

    /// Expressions are evaluated by deployments only; in a template by itself they would be used as they stand.
    private mutating func reportStrayExpression(_ text: String, _ node: HCLJSONNode, isCommand: Bool) {
        guard !isCommand, DeploymentExpression.isExpression(text),
            case .call(let name, _, _)? = try? DeploymentExpressionParser.expression(text),
            DeploymentFunctions.names.contains(where: { $0.lowercased() == name.lowercased() })
        else { return }
        report(
            "stray-expression",
            "Expression outside of a deployment",
            "Expressions are evaluated in deployment templates only, which hold the image template in \"resources\".",
            node.range,
            "Write the value, or a placeholder such as <name>."
        )
    }

    // MARK: Placeholders

    /// A text, or a part of one, with its placeholders filled.
    mutating func filled(_ text: String, _ node: HCLJSONNode, _ bytes: Range<Int>, isCommand: Bool) -> SettingValue {
        let matches = PlaceholderScanner.matches(in: text, allowsBlanks: !isCommand)
        var isWhole = true
        if matches.count == 1, matches[0].bytes == 0..<text.utf8.count, let value = word(matches[0].name)?.value,
            value.text == nil, !value.isNull
        {
            uses.append((matches[0].name, node.part(bytes)))
            return SettingValue(value.form, range: node.range, isSensitive: value.isSensitive)
        }
        let result = PlaceholderScanner.filled(text, allowsBlanks: !isCommand) { match in
            let start = bytes.lowerBound + match.bytes.lowerBound
            let range = node.part(start..<(start + match.bytes.count))
            guard !isCommand || knownWords.contains(match.name) else {
                warnOfLikeness(match, text, range)
                return nil
            }
            uses.append((match.name, range))
            if let value = word(match.name) { return value.value.plainText }
            isWhole = false
            return nil
        }
        return SettingValue(isWhole ? .text(result) : .template(result), range: node.range)
    }

    /// The value of a placeholder; that of a parameter is none.
    private func word(_ name: String) -> GivenValues.Value? { given.values[name] }

    /// In a command a word that looks like a name and no tag is worth a word.
    private mutating func warnOfLikeness(_ match: PlaceholderScanner.Match, _ text: String, _ range: HCLRange) {
        let bytes = Array(text.utf8)
        let before = match.bytes.lowerBound > 0 ? bytes[match.bytes.lowerBound - 1] : 0x20
        let followsWord = UInt8(ascii: "A") <= before && before != UInt8(ascii: "\\")
        guard !followsWord, match.name.contains(where: \.isUppercase), !text.contains("</\(match.name)>") else {
            return
        }
        diagnostics.append(
            .warning(
                "image-builder.placeholder-like",
                "<\(match.name)> is read as plain text",
                at: range.span,
                advice: "If it is a placeholder, give it a value: -var \(match.name)=….",
                detail: "In commands only placeholders are filled that stand elsewhere, too, or have a value."
            )
        )
    }

    // MARK: Parameters and variables

    mutating func parameter(_ name: String) -> SettingValue? {
        guard let parameter = parameters[name.lowercased()] else { return nil }
        uses.append((parameter.name, parameter.nameRange))
        if let value = parameterValues[parameter.name] { return value }
        let missing = SettingValue(.template("<\(parameter.name)>"), isSensitive: parameter.isSecret)
        parameterValues[parameter.name] = missing
        // A secret would stand in what is written.
        let isKept = keepsPlaceholders && parameter.isSecret
        let value = isKept ? missing : givenValue(of: parameter) ?? defaultValue(of: parameter) ?? missing
        parameterValues[parameter.name] = value
        return value
    }

    private mutating func givenValue(of parameter: ImageBuilderParameter) -> SettingValue? {
        let exact = given.values[parameter.name]
        let near = given.values.first { $0.key.lowercased() == parameter.name.lowercased() }?.value
        guard let value = exact ?? near else { return nil }
        let range = value.nameRange ?? parameter.nameRange
        guard let converted = parameter.converted(value.value) else {
            reportValue(parameter, "The value that is given is not of type \(parameter.type).", range)
            return SettingValue(.template(""), isSensitive: parameter.isSecret)
        }
        if let fault = parameter.fault(converted) { reportValue(parameter, fault, range) }
        return converted
    }

    private mutating func defaultValue(of parameter: ImageBuilderParameter) -> SettingValue? {
        guard let node = parameter.defaultNode else { return nil }
        var value = self.value(node, isCommand: true)
        value.isSensitive = value.isSensitive || parameter.isSecret
        if let fault = parameter.fault(value), !value.isUnresolved { reportValue(parameter, fault, node.range) }
        return value
    }

    private mutating func reportValue(_ parameter: ImageBuilderParameter, _ detail: String, _ range: HCLRange) {
        report("parameter-value", "Wrong value for parameter \"\(parameter.name)\"", detail, range, nil)
    }

    /// The default of a parameter that has one.
    mutating func parameter(of name: String) -> SettingValue? {
        guard let parameter = parameters[name.lowercased()] else { return nil }
        let problems = diagnostics
        defer { diagnostics = problems }
        return defaultValue(of: parameter)
    }

    mutating func variable(_ name: String, _ bytes: Range<Int>) throws(DeploymentFault) -> SettingValue? {
        guard let variable = variables[name.lowercased()] else { return nil }
        if let value = variableValues[variable.name] { return value }
        if let start = variablesUnderWay.firstIndex(of: variable.name) {
            let circle = (variablesUnderWay[start...] + [variable.name]).joined(separator: " -> ")
            throw DeploymentFault("Variable refers to itself", "The circle is \(circle).", bytes)
        }
        variablesUnderWay.append(variable.name)
        let value = self.value(variable.value, isCommand: true)
        variablesUnderWay.removeLast()
        guard value.weight(upTo: Self.weightLimit) < Self.weightLimit else {
            throw DeploymentFault("Value too large", "It has more than \(Self.weightLimit) parts.", bytes)
        }
        variableValues[variable.name] = value
        return value
    }

    var variableNames: [String] { variables.values.map(\.name).sorted() }

    /// What is asked of the place of deployment, such as `resourceGroup.location`.
    mutating func surrounding(_ name: String, _ range: HCLRange) -> SettingValue {
        uses.append((name, range))
        return given.values[name]?.value ?? SettingValue(.template("<\(name)>"))
    }

    // MARK: Reporting

    mutating func report(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange,
        _ advice: String?
    ) {
        diagnostics.append(
            .error("image-builder.\(code)", summary, at: range.span, advice: advice, detail: detail)
        )
    }
}

extension HCLJSONNode {
    /// Where some bytes of a text are written.
    func part(_ bytes: Range<Int>) -> HCLRange {
        guard case .string(_, let offsets) = form, bytes.upperBound < offsets.count else { return range }
        return HCLRange(range.source, offsets[bytes.lowerBound]..<offsets[bytes.upperBound])
    }
}

extension SettingValue {
    /// Whether a placeholder in it has no value.
    var isUnresolved: Bool {
        if case .template = form { true } else { false }
    }

    /// The number of its parts, counted to a limit.
    func weight(upTo limit: Int) -> Int {
        var count = 1
        for part in list ?? settings?.entries.map(\.value) ?? [] {
            guard count < limit else { return count }
            count += part.weight(upTo: limit - count)
        }
        return count
    }
}
