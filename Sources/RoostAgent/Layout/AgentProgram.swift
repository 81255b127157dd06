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
        let executable = FileTree.resolved("/proc/self/exe") ?? "/proc/self/exe"
        return AgentProgram(executable: executable, leading: loaderWords(executable) + leading)
    }

    /// What a loader that runs this program was told up to the program's name, where an image has no loader that would; see ld.so(8).
    private static func loaderWords(_ executable: String) -> [String] {
        guard executable.split(separator: "/").last?.hasPrefix("ld-") == true,
            let bytes = ProcFile.read("/proc/self/cmdline", limit: 64 << 10)
        else { return [] }
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard words.count > 3, words[1] == "--library-path" else { return [] }
        return Array(words[1...3])
    }

    /// The same program as an agent's folder has it now: an update may have put another version in its place.
    func inPlace(of root: AgentRoot) -> AgentProgram {
        let place = "\(root.home)/bin/\(UpdateFiles.program)"
        guard leading.isEmpty, executable.hasPrefix("\(root.home)/bin"), FileTree.isFile(place) else { return self }
        return AgentProgram(executable: place)
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
