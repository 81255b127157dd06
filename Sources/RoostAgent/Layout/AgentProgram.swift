import Glibc

/// The executable that runs agents and their workers: `roost-agent`, or `roost` with a word before.
public struct AgentProgram: Hashable, Sendable {
    /// The word that makes an agent of `roost`.
    public static let word = "agent-process"

    /// An absolute path.
    public var executable: String
    /// What stands before the agent's own arguments, such as `agent-process`.
    public var leading: [String]

    public init(executable: String, leading: [String] = []) {
        self.executable = executable
        self.leading = leading
    }

    /// The program that runs now.
    public static func current(leading: [String] = []) -> AgentProgram {
        AgentProgram(executable: FileTree.resolved("/proc/self/exe") ?? "/proc/self/exe", leading: leading)
    }

    /// A launch of it.
    func launch(_ arguments: [String], environment: [String: String], directory: String) -> ProcessLaunch {
        ProcessLaunch(
            executable: executable,
            arguments: leading + arguments,
            environment: environment,
            workingDirectory: directory
        )
    }
}
