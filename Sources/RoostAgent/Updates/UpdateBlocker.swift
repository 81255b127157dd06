import Glibc

/// Why an agent cannot update itself.
enum UpdateBlocker {
    /// Of the machine, as packages have it; nil where there are none for it.
    static var platform: String? {
        switch MachineFacts.architecture.uppercased() {
        case "X64": "linux-x64"
        case "ARM64": "linux-arm64"
        default: nil
        }
    }

    /// Nil when it can.
    ///
    /// - Parameters:
    ///   - root: of the agent.
    ///   - program: that runs.
    ///   - options: with which it runs.
    ///   - environment: of the agent.
    /// - Returns: words that go on a sentence.
    static func reason(
        _ root: AgentRoot,
        _ program: AgentProgram,
        _ options: ListenerOptions,
        _ environment: [String: String]
    ) -> String? {
        if let word = environment["agent.disableupdate"], !word.isEmpty {
            return "updates are switched off on its machine (agent.disableupdate)"
        }
        if options.isBoot { return "its machine is made from an image" }
        if options.runsOnce { return "it runs one job and ends" }
        if !program.leading.isEmpty { return "it is a part of another program" }
        let folder = program.executable.split(separator: "/").dropLast()
        let home = "/" + folder.dropLast().joined(separator: "/")
        guard home == root.home, folder.last.map({ $0 == "bin" || $0.hasPrefix("bin.") }) == true else {
            return "its program is not in its own folder, but in /\(folder.joined(separator: "/"))"
        }
        guard access(home, W_OK) == 0 else { return "its folder \(home) cannot be written" }
        guard ExecutableSearch.find("tar", path: environment["PATH"]) != nil else { return "its machine has no 'tar'" }
        return nil
    }
}
