public import RoostClient
public import RoostModel

/// Why a value that another server keeps is not known.
public enum LookupFailure: UserFacingError {
    /// Something that has to be set in the environment or a file is not.
    case unset(String, advice: String)
    /// There was no answer.
    case unanswered(ClientError, service: String, advice: String)
    /// The server refuses.
    case refused(service: String, url: String, status: Int, message: String, advice: String?)
    /// There is no such secret or key.
    case missing(String, url: String, advice: String?)
    /// What is there cannot be used.
    case unusable(String, url: String, advice: String?)

    public var code: String {
        switch self {
        case .unset: "lookup.unset"
        case .unanswered(let error, _, _): "lookup.\(error.code)"
        case .refused: "lookup.refused"
        case .missing: "lookup.missing"
        case .unusable: "lookup.unusable"
        }
    }

    public var summary: String {
        switch self {
        case .unset(let what, _): what
        case .unanswered(let error, let service, _):
            switch error {
            case .unreachable(_, let reason): "\(service) cannot be reached: \(reason)."
            case .timedOut: "\(service) did not answer in time."
            case .invalidURL(let text): "'\(text)' is no address of \(service)."
            case .tlsFailure(_, let reason): "There is no secure connection to \(service): \(reason)."
            case .malformedAnswer(_, let reason): "The answer of \(service) cannot be used: \(reason)."
            default: error.summary
            }
        case .refused(let service, _, let status, let message, _):
            "\(service) answers with status \(status)\(message.isEmpty ? "" : ": \(message)")."
        case .missing(let what, _, _), .unusable(let what, _, _): what
        }
    }

    public var location: String? {
        switch self {
        case .unset: nil
        case .unanswered(let error, _, _): error.location
        case .refused(_, let url, _, _, _), .missing(_, let url, _), .unusable(_, let url, _): url
        }
    }

    public var advice: String? {
        switch self {
        case .unset(_, let advice), .unanswered(_, _, let advice): advice
        case .refused(_, _, _, _, let advice), .missing(_, _, let advice), .unusable(_, _, let advice): advice
        }
    }

    /// All of it in sentences, for where there is only one text.
    public var sentences: String {
        var text = summary
        if let location, !text.contains(location) {
            text = text.hasSuffix(".") ? "\(text.dropLast()) (\(location))." : "\(text) (\(location))."
        }
        return text + (advice.map { " \($0)" } ?? "")
    }
}

extension String {
    /// A server's own words, on one line and without a secret that they may repeat.
    func asMessage(hiding secrets: [String]) -> String {
        var text = split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for secret in secrets where secret.utf8.count > 3 { text = text.replacing(secret, with: "•••") }
        while text.hasSuffix(".") { text.removeLast() }
        return text.count > 300 ? "\(text.prefix(300))…" : text
    }
}
