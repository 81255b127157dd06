/// The environment that an agent's jobs inherit.
struct AgentEnvironment: Hashable, Sendable {
    /// Without secrets of the agent itself.
    let values: [String: String]

    /// - Parameters:
    ///   - root: whose `.env` adds to the environment.
    ///   - base: what the listener was started with.
    ///   - usesPathFile: PATH is that of `.path`, as for a service, which gets none from a shell.
    init(root: AgentRoot, base: [String: String], usesPathFile: Bool = false) {
        var values = base
        for (name, value) in LineFile.read(root.file(.environment)) { values[name] = value }
        let path = SmallFile.read(root.file(.path))?.split(whereSeparator: \.isNewline).first
        if usesPathFile, let path { values["PATH"] = String(path) }
        self.values = values.filter { !Self.isOwn($0.key) }
    }

    /// Variables by which the agent is told things.
    static func isOwn(_ name: String) -> Bool {
        if AgentInputs.isInput(name) { return true }
        let name = name.uppercased()
        return name.hasPrefix("ROOST_AGENT_") || name == "AZP_TOKEN"
            || name == "ROOST_TOKEN"
            || name == ProcessTree.markName
    }

    /// Folders of PATH, in order, each once.
    var pathFolders: [String] {
        var seen: Set<String> = []
        return (values["PATH"] ?? ExecutableSearch.defaultPath).split(separator: ":").map(String.init).filter {
            $0.hasPrefix("/") && seen.insert($0).inserted
        }
    }
}
