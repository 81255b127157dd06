/// How a test ended; the numbers are Azure DevOps' own.
public enum TestOutcome: Int, Hashable, Sendable, Codable, CaseIterable {
    case none = 1
    case passed = 2
    case failed = 3
    case inconclusive = 4
    case timeout = 5
    case aborted = 6
    case blocked = 7
    case notExecuted = 8
    case warning = 9
    case error = 10
    case notApplicable = 11

    /// As the wire spells it.
    public var name: String {
        switch self {
        case .none: "None"
        case .passed: "Passed"
        case .failed: "Failed"
        case .inconclusive: "Inconclusive"
        case .timeout: "Timeout"
        case .aborted: "Aborted"
        case .blocked: "Blocked"
        case .notExecuted: "NotExecuted"
        case .warning: "Warning"
        case .error: "Error"
        case .notApplicable: "NotApplicable"
        }
    }

    /// Reads a name in any letter case, or a number; nil for all others.
    public init?(wire text: String) {
        let wanted = text.lowercased()
        guard
            let found = Self.allCases.first(where: { $0.name.lowercased() == wanted || String($0.rawValue) == wanted })
        else { return nil }
        self = found
    }

    /// A result like this should not be there.
    public var isFailure: Bool { self == .failed || self == .timeout || self == .aborted || self == .error }

    /// The test was carried out to its good end.
    public var isPass: Bool { self == .passed || self == .warning }
}
