import FoundationEssentials

/// Decodes the JSON of a request, so that every failure names its place.
enum JSONBody {
    /// - Parameters:
    ///   - type: what is expected.
    ///   - bytes: the whole body.
    /// - Returns: the value.
    /// - Throws: ``RequestProblem/malformed(place:problem:)`` with line and column, or with the path of the member.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data) throws(RequestProblem) -> Value {
        do { return try JSONAnswer.decoder.decode(type, from: bytes) } catch let error as DecodingError {
            throw problem(error, bytes)
        } catch {
            throw .malformed(place: nil, problem: "\(error)")
        }
    }

    private static func problem(_ error: DecodingError, _ bytes: Data) -> RequestProblem {
        switch error {
        case .typeMismatch(let type, let context):
            return .malformed(place: path(context.codingPath), problem: "expected \(words(type))")
        case .valueNotFound(let type, let context):
            return .malformed(place: path(context.codingPath), problem: "expected \(words(type)), found null")
        case .keyNotFound(let key, let context):
            return .malformed(place: path(context.codingPath), problem: "the member '\(key.stringValue)' is missing")
        case .dataCorrupted(let context):
            if !context.codingPath.isEmpty {
                return .malformed(place: path(context.codingPath), problem: plain(context.debugDescription))
            }
            guard !bytes.isEmpty else { return .malformed(place: nil, problem: "it is empty, JSON was expected") }
            guard let mistake = JSONSyntax.firstMistake(Array(bytes)) else {
                return .malformed(place: nil, problem: "it is nested too deeply, or no JSON that can be read")
            }
            return .malformed(place: "\(mistake.line):\(mistake.column)", problem: mistake.text)
        @unknown default:
            return .malformed(place: nil, problem: "it is not the JSON that was expected")
        }
    }

    private static func plain(_ text: some StringProtocol) -> String {
        let trimmed = text.hasSuffix(".") ? String(text.dropLast()) : String(text)
        guard let first = trimmed.first else { return "it is no JSON" }
        return first.lowercased() + trimmed.dropFirst()
    }

    private static func path(_ path: [any CodingKey]) -> String? {
        var text = ""
        for key in path {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return text.isEmpty ? nil : text
    }

    private static func words(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Int.Type, is Double.Type, is Int64.Type: "a number"
        case is Bool.Type: "true or false"
        case is [String: any Sendable].Type: "an object"
        default:
            "\(type)".hasPrefix("Array") ? "an array" : ("\(type)".hasPrefix("Dictionary") ? "an object" : "\(type)")
        }
    }
}
