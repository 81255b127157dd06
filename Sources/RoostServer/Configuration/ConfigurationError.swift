public import RoostModel

/// One thing wrong with the configuration, and where it stands.
public struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// `file:line`, the name of an environment variable, or a flag.
    public var place: String
    /// What is wrong.
    public var text: String

    /// Names a problem and its place.
    public init(place: String, text: String) {
        self.place = place
        self.text = text
    }

    /// `place: text`.
    public var description: String { "\(place): \(text)" }
}

/// All that is wrong with the configuration, so that one start shows all of it.
public struct ConfigurationError: UserFacingError, Hashable {
    /// In the order they were found.
    public var problems: [ConfigurationProblem]

    /// Wraps problems, of which there is at least one.
    public init(_ problems: [ConfigurationProblem]) { self.problems = problems }

    public var code: String { "configuration.invalid" }
    public var summary: String {
        let lines = problems.map { "\n  \($0)" }.joined()
        return "The configuration has \(problems.count == 1 ? "a problem" : "\(problems.count) problems"):\(lines)\n"
    }
    public var advice: String? { "All keys are listed in docs/configuration.md." }
}
