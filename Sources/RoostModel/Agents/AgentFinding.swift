/// Something of an agent's machine that makes whoever runs jobs there its root.
///
/// The agent finds it and tells it in the capability ``capability``; jobs run all the same.
public enum AgentFinding: String, Hashable, Sendable, CaseIterable {
    /// Everybody on the machine may use the engine of containers.
    case openSocket = "engine-socket-open-to-all"
    /// The agent's user is in the group that may.
    case engineGroup = "engine-group"
    case freeSudo = "sudo-without-password"

    public static let capability = "Agent.Findings"

    public var summary: String {
        switch self {
        case .openSocket: "Everybody on its machine may use the engine of containers, and is root by that."
        case .engineGroup: "Its user may use the engine of containers, and jobs are root by that."
        case .freeSudo: "Its user may become root with sudo and without a password, and so may jobs."
        }
    }

    /// What does the same without that.
    public var advice: String {
        switch self {
        case .openSocket:
            "Take it back (chmod 660 on the socket), and give jobs containers by rootless Podman, which needs no socket."
        case .engineGroup:
            "Take the user out of the group, and give jobs containers by rootless Podman, which needs no group."
        case .freeSudo:
            "Install what jobs need into the image, and let them be root in containers or user namespaces of their own."
        }
    }

    /// The value of the capability; nil when there is nothing.
    public static func text(_ findings: [AgentFinding]) -> String? {
        findings.isEmpty ? nil : findings.map(\.rawValue).joined(separator: ", ")
    }

    /// What a value of the capability says; what is not known here is left out.
    public static func list(_ text: String) -> [AgentFinding] {
        text.split(separator: ",").compactMap { AgentFinding(rawValue: String($0.drop { $0 == " " })) }
    }
}
