import RoostLanguage

/// A problem at its place in a file, ready for the protocol.
struct FileDiagnostic: Hashable, Sendable {
    enum Severity: Int, Hashable, Sendable { case error = 1, warning, information }

    var range: TextRange
    var severity: Severity
    var code: String
    var message: String
    /// Other places that belong to it: the first definition, the chain of templates.
    var related: [Related]
    /// What the text at the range most likely was meant to be.
    var replacement: String?

    struct Related: Hashable, Sendable {
        var location: Location
        var message: String
    }

    /// As the protocol has it; related places become part of the message for clients that do not show them.
    func json(hasRelatedInformation: Bool) -> JSONValue {
        var text = message
        if !hasRelatedInformation {
            for place in related {
                text += "\n\(place.message): \(place.location.uri):\(place.location.range.start.line + 1)"
            }
        }
        var object: [String: JSONValue] = [
            "range": range.json, "severity": .number(Double(severity.rawValue)), "code": .string(code),
            "source": "roost", "message": .string(text),
        ]
        if hasRelatedInformation, !related.isEmpty {
            object["relatedInformation"] = .array(
                related.map { ["location": $0.location.json, "message": .string($0.message)] }
            )
        }
        if let replacement { object["data"] = ["replacement": .string(replacement)] }
        return .object(object)
    }
}
