import RoostModel

/// The variables of an agent's environment that become capabilities.
enum EnvironmentCapabilities {
    /// Never capabilities; names as Azure Pipelines' agent has them, which compares with regard to case.
    static let ignored: Set<String> = [
        "comp_wordbreaks", "COMP_WORDBREAKS", "ls_colors", "LS_COLORS", "TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION",
        "SHLVL",
        "PSMODULEPATH", "SYSTEM_ACCESSTOKEN", "_", "OLDPWD", "INVOCATION_ID", "JOURNAL_STREAM",
    ]
    /// Names a person adds to these, separated by commas.
    static let ignoreVariable = "VSO_AGENT_IGNORE"
    /// Values of this length or more are left out.
    static let longestValue = 1024

    /// The capabilities, and the names that were kept back because they look secret.
    static func list(_ environment: [String: String]) -> (capabilities: Capabilities, keptBack: [String]) {
        let own = (environment[ignoreVariable] ?? "").split(separator: ",").map {
            String($0.filter { !$0.isWhitespace })
        }
        let ignored = ignored.union(own).union([ignoreVariable])
        var capabilities = Capabilities()
        var keptBack: [String] = []
        for (name, value) in environment {
            guard !name.isEmpty, !ignored.contains(name), !AgentEnvironment.isOwn(name), value.count < longestValue
            else { continue }
            if SecretGuess.judge(name: name, value: value) != nil {
                keptBack.append(name)
            } else {
                capabilities[name] = value
            }
        }
        return (capabilities, keptBack.sorted())
    }
}
