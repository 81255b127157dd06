import RoostModel

/// What is wrong with a command line of the agent.
enum CommandLineFault: UserFacingError, Hashable {
    case unknownOption(String, near: String?)
    case unknownVerb(String, near: String?)
    case unexpectedWord(String)
    case givenTwice(String)
    case missingValue(String)
    /// A flag was given a value that is neither true nor false.
    case noFlagValue(String, String)
    case otherVerb(String, verb: AgentVerb, verbs: [String])
    case refused(String, reason: String)
    /// A value that is none of those it may be.
    case invalidValue(String, String, expected: String)

    var code: String {
        switch self {
        case .unknownOption, .unknownVerb, .unexpectedWord: "usage.unrecognized"
        case .givenTwice: "usage.given-twice"
        case .missingValue: "usage.missing-value"
        case .noFlagValue, .invalidValue: "usage.invalid-value"
        case .otherVerb: "usage.other-command"
        case .refused: "usage.not-available"
        }
    }

    var summary: String {
        switch self {
        case .unknownOption(let name, _): "Unrecognized command-line input arguments: '--\(name)'."
        case .unknownVerb(let word, _): "Unrecognized command-line input arguments: '\(word)'."
        case .unexpectedWord(let word): "Unrecognized command-line input arguments: '\(word)'."
        case .givenTwice(let name): "The argument '--\(name)' is given twice."
        case .missingValue(let name): "The argument '--\(name)' needs a value."
        case .noFlagValue(let name, let value): "The flag '--\(name)' is either true or false, not '\(value)'."
        case .otherVerb(let name, let verb, _): "The argument '--\(name)' means nothing to '\(verb.rawValue)'."
        case .refused(let name, let reason): "The argument '--\(name)' is not available: \(reason)."
        case .invalidValue(let name, let value, _): "'\(value)' is no value for '--\(name)'."
        }
    }

    var advice: String? {
        switch self {
        case .unknownOption(_, let near?): "Did you mean '--\(near)'? For usage refer to './config.sh --help'."
        case .unknownVerb(_, let near?): "Did you mean '\(near)'? For usage refer to './config.sh --help'."
        case .unknownOption, .unknownVerb, .unexpectedWord:
            "For usage refer to './config.sh --help' or './run.sh --help'."
        case .givenTwice: "Give it once."
        case .missingValue(let name): "Write '--\(name) VALUE'."
        case .noFlagValue(let name, _): "Write '--\(name)' alone."
        case .otherVerb(_, _, let verbs): "It belongs to \(verbs.map { "'\($0)'" }.joined(separator: ", "))."
        case .refused: nil
        case .invalidValue(_, _, let expected): "It is \(expected)."
        }
    }
}
