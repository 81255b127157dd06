/// The versions an agent tells of itself.
public enum AgentVersion {
    /// The level of Azure Pipelines' agent that this one stands for: what demands such as `Agent.Version -gtVersion 2.160.1` are compared with.
    public static let level = "4.270.0"
    /// Roost's own version.
    public static let roost = "0.1.0"
    /// What requests to the server carry.
    static let userAgent = "RoostAgent/\(level) (Linux; roost \(roost))"
}
