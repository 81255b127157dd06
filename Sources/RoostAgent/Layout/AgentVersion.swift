import RoostModel

/// The versions an agent tells of itself.
public enum AgentVersion {
    /// The agent's version, in the numbers of Azure Pipelines' agent: what demands such as `Agent.Version -gtVersion 2.160.1` are compared with, and
    /// what updates go by.
    ///
    /// Who makes packages of an own build gives them an own version with a file `version` beside the program.
    public static let level = stamped ?? "4.270.0"
    /// Roost's own version.
    public static let roost = "0.1.0"

    private static var stamped: String? {
        guard let program = FileTree.resolved("/proc/self/exe"), let slash = program.lastIndex(of: "/") else {
            return nil
        }
        let text = SmallFile.read("\(program[..<slash])/version")?.split(whereSeparator: \.isWhitespace).first
        return text.flatMap { AgentRelease(String($0)) }?.description
    }

    /// The oldest server that this agent works with: agents are updated after their server.
    static let oldestServer = "0.1.0"

    /// Whether a server of Roost has a version that this agent works with; one that cannot be read counts as too old.
    static func isServerNewEnough(_ version: String) -> Bool {
        let parts = { (text: String) in text.split(separator: ".").map { Int($0) } }
        let (given, least) = (parts(version), parts(oldestServer))
        guard given.count == least.count, !given.contains(nil) else { return false }
        for (number, limit) in zip(given, least) where number != limit { return number ?? 0 > limit ?? 0 }
        return true
    }

    /// What requests to the server carry.
    static let userAgent = "RoostAgent/\(level) (Linux; roost \(roost))"
}
