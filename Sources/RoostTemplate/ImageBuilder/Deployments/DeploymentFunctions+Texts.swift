import Foundation

extension DeploymentFunctions {
    /// Of what is made by one call.
    static let sizeLimit = 1 << 20

    static let texts: [String: Function] = [
        "tolower": { call throws(DeploymentFault) in .text(try only(call).lowercased()) },
        "toupper": { call throws(DeploymentFault) in .text(try only(call).uppercased()) },
        "trim": { call throws(DeploymentFault) in
            .text(try only(call).trimmingCharacters(in: .whitespacesAndNewlines))
        },
        "string": { call throws(DeploymentFault) in
            try call.expectCount(1...1)
            return .text(call.arguments[0].plainText)
        },
        "format": { call throws(DeploymentFault) in .text(try formatted(call)) },
        "replace": { call throws(DeploymentFault) in
            try call.expectCount(3...3)
            let (old, new) = (try call.text(1), try call.text(2))
            guard !old.isEmpty else { throw call.fault("There is nothing to replace.", at: 1) }
            return .text(try bounded(call, try call.text(0).replacingOccurrences(of: old, with: new)))
        },
        "substring": { call throws(DeploymentFault) in .text(try substring(call)) },
        "split": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            let several = call.arguments[1].list?.compactMap(\.text)
            let separators = if let several { several } else { [try call.text(1)] }
            return .list(separated(try call.text(0), separators).map { SettingValue(.text($0)) })
        },
        "join": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            return .text(try call.list(0).map(\.plainText).joined(separator: try call.text(1)))
        },
        "startswith": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            return .truth(try call.text(0).lowercased().hasPrefix(try call.text(1).lowercased()))
        },
        "endswith": { call throws(DeploymentFault) in
            try call.expectCount(2...2)
            return .truth(try call.text(0).lowercased().hasSuffix(try call.text(1).lowercased()))
        },
        "padleft": { call throws(DeploymentFault) in
            try call.expectCount(2...3)
            let (text, count) = (call.arguments[0].plainText, try call.int(1))
            guard count <= sizeLimit else { throw call.fault("That is too long.", at: 1) }
            let filler = try call.arguments.count == 3 ? call.text(2) : " "
            guard filler.count == 1 else { throw call.fault("One character is needed.", at: 2) }
            return .text(String(repeating: filler, count: max(0, count - text.count)) + text)
        },
        "base64": { call throws(DeploymentFault) in .text(Data(try only(call).utf8).base64EncodedString()) },
        "base64tostring": { call throws(DeploymentFault) in
            guard let data = Data(base64Encoded: try only(call)), let text = String(data: data, encoding: .utf8) else {
                throw call.fault("This is no base64 of a text.", at: 0)
            }
            return .text(text)
        },
        "uricomponent": { call throws(DeploymentFault) in
            let letters = CharacterSet(
                charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
            )
            return .text(try only(call).addingPercentEncoding(withAllowedCharacters: letters) ?? "")
        },
        "json": { call throws(DeploymentFault) in
            let text = try only(call)
            let file = HCLFile(json: Array("{\"value\":\(text)}".utf8), name: "json")
            guard file.diagnostics.isEmpty, let node = file.properties?.first?.value else {
                throw call.fault("This is no JSON.", at: 0)
            }
            return SettingValue(node).form
        },
    ]

    private static func only(_ call: DeploymentCall) throws(DeploymentFault) -> String {
        try call.expectCount(1...1)
        return try call.text(0)
    }

    static func bounded(_ call: DeploymentCall, _ text: String) throws(DeploymentFault) -> String {
        guard text.utf8.count <= sizeLimit else { throw call.fault("The result has more than \(sizeLimit >> 20) MiB.") }
        return text
    }

    private static func substring(_ call: DeploymentCall) throws(DeploymentFault) -> String {
        try call.expectCount(2...3)
        let text = Array(try call.text(0))
        let start = try call.int(1)
        guard (0...text.count).contains(start) else {
            throw call.fault("The text has \(text.count) characters.", at: 1)
        }
        let count = call.arguments.count == 3 ? try call.int(2) : text.count - start
        guard (0...(text.count - start)).contains(count) else {
            throw call.fault("After place \(start) the text has \(text.count - start) characters.", at: 2)
        }
        return String(text[start..<(start + count)])
    }

    private static func separated(_ text: String, _ separators: [String]) -> [String] {
        separators.filter { !$0.isEmpty }.reduce([text]) { parts, separator in
            parts.flatMap { $0.components(separatedBy: separator) }
        }
    }

    /// `{0}` with a value; `{{` and `}}` stand for braces, and what follows a colon is not known here.
    private static func formatted(_ call: DeploymentCall) throws(DeploymentFault) -> String {
        try call.expectCount(1...Int.max)
        var (result, rest) = ("", Substring(try call.text(0)))
        while let letter = rest.popFirst() {
            if letter == "{" || letter == "}", rest.first == letter {
                rest.removeFirst()
                result.append(letter)
            } else if letter == "{" {
                guard let end = rest.firstIndex(of: "}"), let index = Int(rest[..<end]) else {
                    throw call.fault(
                        "A brace opens that holds no number.",
                        at: 0,
                        advice: "Write {0}, or {{ for a brace."
                    )
                }
                guard call.arguments.indices.contains(index + 1), index >= 0 else {
                    throw call.fault("There is no value for {\(index)}.", at: 0)
                }
                result += call.arguments[index + 1].plainText
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(letter)
            }
        }
        return try bounded(call, result)
    }
}

extension SettingValue {
    /// As it stands within other texts; lists and objects as JSON.
    var plainText: String {
        switch form {
        case .text(let text), .template(let text): text
        case .truth(let truth): truth ? "True" : "False"
        case .null: ""
        default: json
        }
    }

    /// As JSON, in the order in which it is written.
    var json: String {
        switch form {
        case .null, .later: "null"
        case .text(let text), .template(let text): HCLValue.string(text).json
        case .number(let number): HCLValue.number(number).json
        case .truth(let truth): truth ? "true" : "false"
        case .list(let elements): "[\(elements.map(\.json).joined(separator: ","))]"
        case .object(let settings):
            "{"
                + settings.entries.map { "\(HCLValue.string($0.name).json):\($0.value.json)" }.joined(separator: ",")
                + "}"
        }
    }
}
