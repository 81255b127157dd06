import Glibc

/// `roost-agent service …`: the script `svc.sh` of the agent's folder, by another name.
enum ServiceCommand {
    /// The first word of the command line.
    static let word = "service"

    /// Becomes the script.
    ///
    /// - Parameters:
    ///   - words: what follows ``word``.
    ///   - root: of the agent.
    /// - Returns: only when that cannot be done, with an exit code.
    static func become(_ words: [String], in root: AgentRoot) -> Int32 {
        let script = "\(root.path)/svc.sh"
        guard FileTree.isFile(script) else {
            complain("There is no \(script).")
            complain("Run it in the folder of the agent's package, or name that folder with ROOST_AGENT_ROOT.")
            return ListenerExit.terminated.rawValue
        }
        var arguments = (["/bin/bash", script] + words).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        execv("/bin/bash", &arguments)
        complain("\(script) cannot be run: \(systemMessage(errno))")
        return ListenerExit.terminated.rawValue
    }

    private static func complain(_ line: String) { TerminalConsole().complain(line) }
}
