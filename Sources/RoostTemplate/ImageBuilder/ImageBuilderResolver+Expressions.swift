import Foundation
import RoostLanguage

extension ImageBuilderResolver {
    /// Functions that put texts together, and so make sense of placeholders that have no value.
    private static let joining: Set<String> = ["concat", "format", "resourceid", "subscriptionresourceid", "string"]

    /// What only the cloud can answer.
    private static let cloudOnly: Set<String> = [
        "reference", "environment", "deployment", "providers", "pickzones", "managementgroup", "tenant",
        "tenantresourceid",
        "getsecret", "references",
    ]

    mutating func evaluate(
        _ expression: DeploymentExpression,
        in node: HCLJSONNode,
        isCommand: Bool
    ) throws(DeploymentFault) -> SettingValue {
        switch expression {
        case .text(let text, let bytes):
            return filled(text, node, literal(bytes, text, node), isCommand: isCommand)
        case .number(let number, _): return SettingValue(.number(number))
        case .property(.call(let name, let arguments, _), let property, let bytes)
        where arguments.isEmpty && ["resourcegroup", "subscription"].contains(name.lowercased()):
            return try surroundings(name.lowercased(), property, bytes, node)
        case .property(let object, let name, let bytes):
            return try part(try evaluate(object, in: node, isCommand: isCommand), name, bytes)
        case .index(let list, let index, let bytes):
            let value = try evaluate(list, in: node, isCommand: isCommand)
            return try part(value, try evaluate(index, in: node, isCommand: isCommand), bytes)
        case .call(let name, let arguments, let bytes):
            return try call(name, arguments, bytes, node, isCommand: isCommand)
        }
    }

    /// The bytes between the quotes of a text; those of all of it where quotes are doubled in it.
    private func literal(_ bytes: Range<Int>, _ text: String, _ node: HCLJSONNode) -> Range<Int> {
        bytes.count == text.utf8.count + 2 ? (bytes.lowerBound + 1)..<(bytes.upperBound - 1) : bytes
    }

    // MARK: Parts

    private func part(
        _ value: SettingValue,
        _ name: String,
        _ bytes: Range<Int>
    ) throws(DeploymentFault) -> SettingValue {
        if value.isUnresolved { return try unresolved(bytes) }
        guard let settings = value.settings else {
            throw DeploymentFault("No object", "This is \(value.typeTitle), which has no \"\(name)\".", bytes)
        }
        let found = settings.entries.first { $0.name.lowercased() == name.lowercased() }
        guard var part = found?.value else {
            let near = suggestion(name, among: settings.entries.map(\.name))
            throw DeploymentFault("Unknown property", "The object has no \"\(name)\".", bytes, advice: near)
        }
        part.isSensitive = part.isSensitive || value.isSensitive
        return part
    }

    private func part(
        _ value: SettingValue,
        _ index: SettingValue,
        _ bytes: Range<Int>
    ) throws(DeploymentFault) -> SettingValue {
        if value.isUnresolved || index.isUnresolved { return try unresolved(bytes) }
        if let name = index.text { return try part(value, name, bytes) }
        guard let list = value.list, let place = index.number?.int else {
            throw DeploymentFault("No list", "This is \(value.typeTitle), which has no places.", bytes)
        }
        guard list.indices.contains(place) else {
            throw DeploymentFault("No such element", "The list has \(list.count) elements.", bytes)
        }
        var part = list[place]
        part.isSensitive = part.isSensitive || value.isSensitive
        return part
    }

    /// What comes out where a value is missing, which is reported where it is missing.
    private func unresolved(_ bytes: Range<Int>) throws(DeploymentFault) -> SettingValue {
        guard keepsPlaceholders else { return SettingValue(.template("")) }
        throw DeploymentFault(
            "Value needed",
            "What comes out here depends on a value that is not given.",
            bytes,
            advice: "Give the value with -var."
        )
    }

    // MARK: Calls

    private mutating func call(
        _ name: String,
        _ arguments: [DeploymentExpression],
        _ bytes: Range<Int>,
        _ node: HCLJSONNode,
        isCommand: Bool
    ) throws(DeploymentFault) -> SettingValue {
        if name.lowercased() == "if", arguments.count == 3 {
            let condition = try evaluate(arguments[0], in: node, isCommand: isCommand)
            if condition.isUnresolved { return try unresolved(bytes) }
            guard let truth = condition.truth else {
                throw DeploymentFault("Error in call to if", "The condition is not true or false.", arguments[0].bytes)
            }
            return try evaluate(arguments[truth ? 1 : 2], in: node, isCommand: isCommand)
        }
        var values: [SettingValue] = []
        for argument in arguments { values.append(try evaluate(argument, in: node, isCommand: isCommand)) }
        let call = DeploymentCall(
            name: name,
            arguments: values,
            argumentBytes: arguments.map(\.bytes),
            bytes: bytes
        )
        return try answer(call, node)
    }

    private mutating func answer(_ call: DeploymentCall, _ node: HCLJSONNode) throws(DeploymentFault) -> SettingValue {
        let name = call.name.lowercased()
        let isUnresolved = call.arguments.contains(where: \.isUnresolved)
        if isUnresolved, !Self.joining.contains(name) { return try unresolved(call.bytes) }
        switch name {
        case "parameters", "variables": return try named(call, name)
        case "utcnow": return try moment(call)
        case "resourceid": return try resourceID(call, node)
        case "resourcegroup", "subscription":
            throw call.fault(
                "Take a property of it.",
                advice: "Write \(call.name)().\(name == "subscription" ? "subscriptionId" : "location")."
            )
        default: break
        }
        guard let function = DeploymentFunctions.all[name] else { throw unknown(call, name) }
        let form = try function(call)
        let isSecret = call.arguments.contains(where: \.hasSensitivePart)
        if isUnresolved, case .text(let text) = form { return SettingValue(.template(text), isSensitive: isSecret) }
        return SettingValue(form, isSensitive: isSecret)
    }

    private func unknown(_ call: DeploymentCall, _ name: String) -> DeploymentFault {
        if Self.cloudOnly.contains(name) || name.hasPrefix("list") {
            return DeploymentFault(
                "Function \"\(call.name)\" asks the cloud",
                "What it gives is known in a deployment only.",
                call.bytes,
                advice: "Make it a parameter, and give the value."
            )
        }
        return DeploymentFault(
            "Unknown function \"\(call.name)\"",
            "Expressions of image templates may call: \(DeploymentFunctions.names.joined(separator: ", ")).",
            call.bytes,
            advice: suggestion(call.name, among: DeploymentFunctions.names)
        )
    }

    private mutating func named(_ call: DeploymentCall, _ kind: String) throws(DeploymentFault) -> SettingValue {
        try call.expectCount(1...1)
        let name = try call.text(0)
        let isParameter = kind == "parameters"
        if let value = try isParameter ? parameter(name) : variable(name, call.bytes) { return value }
        let names = isParameter ? parameters.values.map(\.name).sorted() : variableNames
        throw DeploymentFault(
            "Unknown \(isParameter ? "parameter" : "variable") \"\(name)\"",
            "The deployment declares none of this name.",
            call.argumentBytes[0],
            advice: suggestion(name, among: names)
        )
    }

    private func moment(_ call: DeploymentCall) throws(DeploymentFault) -> SettingValue {
        try call.expectCount(0...1)
        let format = call.arguments.isEmpty ? "yyyyMMdd'T'HHmmss'Z'" : try call.text(0)
        guard let text = DateTime(secondsSince1970: now.timeIntervalSince1970).formatted(format) else {
            throw call.fault("The format has a letter without meaning.", at: 0)
        }
        return SettingValue(.text(text))
    }

    // MARK: Identifiers

    /// `resourceId([subscription], [group], type, names…)`.
    private mutating func resourceID(
        _ call: DeploymentCall,
        _ node: HCLJSONNode
    ) throws(DeploymentFault) -> SettingValue {
        try call.expectCount(2...Int.max)
        let range = node.part(call.bytes)
        var start = 0
        while start < 2, start < call.arguments.count, !(try call.text(start)).contains("/") { start += 1 }
        let (type, names) = try DeploymentFunctions.parts(call, from: start)
        let group =
            start > 0 ? call.arguments[start - 1] : surrounding("resourceGroup.name", range)
        let subscription =
            start > 1 ? call.arguments[start - 2] : surrounding("subscription.subscriptionId", range)
        let end = DeploymentFunctions.identifier(type, names)
        let text = "/subscriptions/\(subscription.plainText)/resourceGroups/\(group.plainText)/providers/\(end)"
        let isUnresolved = (call.arguments + [group, subscription]).contains(where: \.isUnresolved)
        return SettingValue(isUnresolved ? .template(text) : .text(text))
    }

    /// A property of the place of deployment; those that follow from others need not be given.
    private mutating func surroundings(
        _ object: String,
        _ property: String,
        _ bytes: Range<Int>,
        _ node: HCLJSONNode
    ) throws(DeploymentFault) -> SettingValue {
        let title = object == "subscription" ? "subscription" : "resourceGroup"
        let known =
            object == "subscription"
            ? ["subscriptionId", "id", "tenantId", "displayName"] : ["name", "location", "id"]
        guard let name = known.first(where: { $0.lowercased() == property.lowercased() }) else {
            throw DeploymentFault(
                "Unknown property",
                "\(title)() has: \(known.joined(separator: ", ")).",
                bytes,
                advice: suggestion(property, among: known)
            )
        }
        let range = node.part(bytes)
        guard name == "id", given.values["\(title).id"] == nil else { return surrounding("\(title).\(name)", range) }
        let subscription = surrounding("subscription.subscriptionId", range)
        var text = "/subscriptions/\(subscription.plainText)"
        var isUnresolved = subscription.isUnresolved
        if object == "resourcegroup" {
            let group = surrounding("resourceGroup.name", range)
            text += "/resourceGroups/\(group.plainText)"
            isUnresolved = isUnresolved || group.isUnresolved
        }
        return SettingValue(isUnresolved ? .template(text) : .text(text))
    }
}
