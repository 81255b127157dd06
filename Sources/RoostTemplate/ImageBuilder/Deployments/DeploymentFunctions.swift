import RoostLanguage

/// Functions of deployment templates that need nothing but their arguments.
enum DeploymentFunctions {
    typealias Function = @Sendable (DeploymentCall) throws(DeploymentFault) -> SettingValue.Form

    /// By their names in lower case, as case does not matter.
    static let all: [String: Function] = texts.merging(logic) { $1 }.merging(numbers) { $1 }
        .merging(collections) { $1 }.merging(identifiers) { $1 }

    /// As people write them.
    static let names = [
        "add", "and", "array", "base64", "base64ToString", "bool", "coalesce", "concat", "contains", "createArray",
        "createObject", "div", "empty", "endsWith", "equals", "extensionResourceId", "false", "first", "format",
        "greater", "greaterOrEquals", "if", "indexOf", "int", "intersection", "join", "json", "last", "lastIndexOf",
        "length", "less", "lessOrEquals", "max", "min", "mod", "mul", "not", "null", "or", "padLeft", "parameters",
        "range", "replace", "resourceGroup", "resourceId", "skip", "split", "startsWith", "string", "sub",
        "subscription", "subscriptionResourceId", "substring", "take", "toLower", "toUpper", "trim", "true", "union",
        "uriComponent", "utcNow", "variables",
    ]

    private static let logic: [String: Function] = [
        "true": { _ throws(DeploymentFault) in .truth(true) },
        "false": { _ throws(DeploymentFault) in .truth(false) },
        "null": { _ throws(DeploymentFault) in .null },
        "not": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            return .truth(!(try call.truth(0)))
        },
        "and": { call throws(DeploymentFault) in
            try call.expectCount(1...Int.max)
            for index in call.arguments.indices where !(try call.truth(index)) { return .truth(false) }
            return .truth(true)
        },
        "or": { call throws(DeploymentFault) in
            try call.expectCount(1...Int.max)
            for index in call.arguments.indices where try call.truth(index) { return .truth(true) }
            return .truth(false)
        },
        "equals": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            return .truth(call.arguments[0].form == call.arguments[1].form)
        },
        "coalesce": { call throws(DeploymentFault) in call.arguments.first { !$0.isNull }?.form ?? .null },
        "bool": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            if let number = call.arguments[0].number { return .truth(!number.isZero) }
            switch call.arguments[0].text?.lowercased() {
            case "true", "1": return .truth(true)
            case "false", "0": return .truth(false)
            default: return .truth(try call.truth(0))
            }
        },
    ]

    private static let numbers: [String: Function] = [
        "int": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            if let text = call.arguments[0].text {
                guard let number = Int(text) else { throw call.fault("\"\(text)\" is no whole number.", at: 0) }
                return .number(HCLNumber(number))
            }
            return .number(HCLNumber(try call.int(0)))
        },
        "add": { call throws(DeploymentFault) in try computed(call) { $0.addingReportingOverflow($1) } },
        "sub": { call throws(DeploymentFault) in try computed(call) { $0.subtractingReportingOverflow($1) } },
        "mul": { call throws(DeploymentFault) in try computed(call) { $0.multipliedReportingOverflow(by: $1) } },
        "div": { call throws(DeploymentFault) in try computed(call) { $0.dividedReportingOverflow(by: $1) } },
        "mod": { call throws(DeploymentFault) in
            try computed(call) { $0.remainderReportingOverflow(dividingBy: $1) }
        },
        "min": { call throws(DeploymentFault) in try extreme(call) { $0.min() } },
        "max": { call throws(DeploymentFault) in try extreme(call) { $0.max() } },
        "less": { call throws(DeploymentFault) in try compared(call) { $0 < 0 } },
        "lessorequals": { call throws(DeploymentFault) in try compared(call) { $0 <= 0 } },
        "greater": { call throws(DeploymentFault) in try compared(call) { $0 > 0 } },
        "greaterorequals": { call throws(DeploymentFault) in try compared(call) { $0 >= 0 } },
    ]

    private static func computed(
        _ call: DeploymentCall,
        _ body: (Int, Int) -> (partialValue: Int, overflow: Bool)
    ) throws(DeploymentFault) -> SettingValue.Form {
        try call.expectCount(2...2)
        let (value, overflows) = body(try call.int(0), try call.int(1))
        guard !overflows else { throw call.fault("The result is no number that can be written.") }
        return .number(HCLNumber(value))
    }

    private static func extreme(
        _ call: DeploymentCall,
        _ choose: ([Int]) -> Int?
    ) throws(DeploymentFault) -> SettingValue.Form {
        var numbers: [Int] = []
        if call.arguments.count == 1, let list = call.arguments[0].list {
            numbers = list.compactMap(\.number?.int)
        } else {
            for index in call.arguments.indices { numbers.append(try call.int(index)) }
        }
        guard let number = choose(numbers) else { throw call.fault("There are no numbers to choose from.") }
        return .number(HCLNumber(number))
    }

    /// Numbers by size, texts by their characters.
    private static func compared(
        _ call: DeploymentCall,
        _ judge: (Int) -> Bool
    ) throws(DeploymentFault) -> SettingValue.Form {
        try call.expectCount(2...2)
        if let left = call.arguments[0].text {
            let right = try call.text(1)
            return .truth(judge(left < right ? -1 : left > right ? 1 : 0))
        }
        let (left, right) = (try call.int(0), try call.int(1))
        return .truth(judge(left < right ? -1 : left > right ? 1 : 0))
    }
}
