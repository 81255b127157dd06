/// Values for variables that a template declares; a name it does not declare means nothing.
///
/// They are over defaults and the environment, and under files and the command line. So a task offers what its service connection has to
/// whatever template it is given.
public struct OfferedVariables: Sendable, Hashable, Codable {
    public var values: [String: String]
    /// Names of values that must not be shown.
    public var secrets: Set<String>

    public init(values: [String: String] = [:], secrets: Set<String> = []) {
        self.values = values
        self.secrets = secrets
    }
}
