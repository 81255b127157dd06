extension DeploymentFunctions {
    static let collections: [String: Function] = [
        "concat": { call throws(DeploymentFault) in try joined(call) },
        "length": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            return .number(HCLNumber(try count(call, 0)))
        },
        "empty": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            if call.arguments[0].isNull { return .truth(true) }
            return .truth(try count(call, 0) == 0)
        },
        "first": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            if let text = call.arguments[0].text { return .text(String(text.prefix(1))) }
            return try call.list(0).first?.form ?? .null
        },
        "last": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            if let text = call.arguments[0].text { return .text(String(text.suffix(1))) }
            return try call.list(0).last?.form ?? .null
        },
        "take": { call throws(DeploymentFault) in try part(call, { $0.prefix($1) }, { $0.prefix($1) }) },
        "skip": { call throws(DeploymentFault) in try part(call, { $0.dropFirst($1) }, { $0.dropFirst($1) }) },
        "contains": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            if let text = call.arguments[0].text { return .truth(text.contains(try call.text(1))) }
            if let settings = call.arguments[0].settings {
                let name = try call.text(1).lowercased()
                return .truth(settings.entries.contains { $0.name.lowercased() == name })
            }
            return .truth(try call.list(0).contains { $0.form == call.arguments[1].form })
        },
        "indexof": { call throws(DeploymentFault) in try place(call) { $0.first } },
        "lastindexof": { call throws(DeploymentFault) in try place(call) { $0.last } },
        "createarray": { call throws(DeploymentFault) in .list(call.arguments) },
        "array": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            return .list(call.arguments[0].list ?? [call.arguments[0]])
        },
        "createobject": { call throws(DeploymentFault) in
            guard call.arguments.count.isMultiple(of: 2) else { throw call.fault("A name has no value.") }
            var settings = ImageSettings()
            for index in stride(from: 0, to: call.arguments.count, by: 2) {
                settings.set(try call.text(index), call.arguments[index + 1])
            }
            return .object(settings)
        },
        "union": { call throws(DeploymentFault) in try united(call) },
        "intersection": { call throws(DeploymentFault) in
            try call.expectCount(2...Int.max)
            var result = try call.list(0)
            for index in call.arguments.indices.dropFirst() {
                let other = try call.list(index)
                result = result.filter { element in other.contains { $0.form == element.form } }
            }
            return .list(result)
        },
        "range": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            let (start, count) = (try call.int(0), try call.int(1))
            guard (0...10_000).contains(count), abs(start) < 1 << 40 else {
                throw call.fault("A range has at most 10000 numbers.", at: 1)
            }
            return .list((start..<(start + count)).map { SettingValue(.number(HCLNumber($0))) })
        },
    ]

    /// Texts one after the other, or lists.
    private static func joined(_ call: DeploymentCall) throws(DeploymentFault) -> SettingValue.Form {
        if call.arguments.first?.list != nil {
            var elements: [SettingValue] = []
            for index in call.arguments.indices { elements += try call.list(index) }
            return .list(elements)
        }
        var text = ""
        for (index, argument) in call.arguments.enumerated() {
            if argument.list != nil || argument.settings != nil { throw call.typeFault(index, "a text") }
            text += argument.plainText
        }
        return .text(try bounded(call, text))
    }

    private static func count(_ call: DeploymentCall, _ index: Int) throws(DeploymentFault) -> Int {
        let value = call.arguments[index]
        if let text = value.text { return text.count }
        if let settings = value.settings { return settings.entries.count }
        return try call.list(index).count
    }

    private static func part(
        _ call: DeploymentCall,
        _ ofText: (String, Int) -> Substring,
        _ ofList: ([SettingValue], Int) -> ArraySlice<SettingValue>
    ) throws(DeploymentFault) -> SettingValue.Form {
        try call.expectCount(2...2)
        let count = max(0, try call.int(1))
        if let text = call.arguments[0].text { return .text(String(ofText(text, count))) }
        return .list(Array(ofList(try call.list(0), count)))
    }

    /// Where something stands, -1 for nowhere; texts are compared without regard to case.
    private static func place(
        _ call: DeploymentCall,
        _ choose: ([Int]) -> Int?
    ) throws(DeploymentFault) -> SettingValue.Form {
        try call.expectCount(2...2)
        if let list = call.arguments[0].list {
            let places = list.indices.filter { list[$0].form == call.arguments[1].form }
            return .number(HCLNumber(choose(places) ?? -1))
        }
        let (text, wanted) = (Array(try call.text(0).lowercased()), Array(try call.text(1).lowercased()))
        guard text.count >= wanted.count else { return .number(HCLNumber(-1)) }
        let places = (0...(text.count - wanted.count)).filter { text[$0...].starts(with: wanted) }
        return .number(HCLNumber(choose(places) ?? -1))
    }

    private static func united(_ call: DeploymentCall) throws(DeploymentFault) -> SettingValue.Form {
        try call.expectCount(1...Int.max)
        if call.arguments[0].settings != nil {
            var result = ImageSettings()
            for (index, argument) in call.arguments.enumerated() {
                guard let settings = argument.settings else { throw call.typeFault(index, "an object") }
                result = result.overridden(by: settings)
            }
            return .object(result)
        }
        var elements: [SettingValue] = []
        for index in call.arguments.indices {
            for element in try call.list(index) where !elements.contains(where: { $0.form == element.form }) {
                elements.append(element)
            }
        }
        return .list(elements)
    }
}
