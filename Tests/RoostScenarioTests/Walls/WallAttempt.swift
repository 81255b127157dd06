/// What a second job tries, and where that leads.
struct WallAttempt: Sendable {
    /// As the looking script calls it.
    let name: String
    /// For people.
    let title: String
    /// It is meant to be reached by all jobs of the agent's user.
    var isShared = false

    static let all = [
        WallAttempt(name: "environment", title: "secret variable in the environment of a process of the first job"),
        WallAttempt(name: "vault-environment", title: "value from a vault in the environment of such a process"),
        WallAttempt(name: "command-line", title: "command lines of its processes"),
        WallAttempt(name: "memory", title: "memory of its processes"),
        WallAttempt(name: "worker-memory", title: "memory of the agent and of its worker"),
        WallAttempt(name: "agent-environment", title: "environment of the agent and of its worker"),
        WallAttempt(name: "workspace", title: "files in its workspace"),
        WallAttempt(name: "git-config", title: "`.git/config` of its repository"),
        WallAttempt(name: "temp", title: "its folder for temporary files (`Agent.TempDirectory`)"),
        WallAttempt(name: "secure-file", title: "its secure file"),
        WallAttempt(name: "input", title: "inputs of its tasks (scripts in the folder for temporary files)"),
        WallAttempt(name: "ssh-agent", title: "its SSH key, through the socket of its ssh-agent"),
        WallAttempt(name: "mirror", title: "the agent's mirror of its repository"),
        WallAttempt(name: "tmp", title: "what it left in `/tmp`"),
        WallAttempt(name: "var-tmp", title: "what it left in `/var/tmp`"),
        WallAttempt(name: "shm", title: "what it left in `/dev/shm`"),
        WallAttempt(name: "sysv", title: "its shared memory (System V)"),
        WallAttempt(name: "keyring", title: "keys in the kernel's keyring of the user"),
        WallAttempt(name: "key-file", title: "the key file of the first job's agent"),
        WallAttempt(name: "own-key", title: "the key file of the second job's own agent"),
        WallAttempt(name: "settings", title: "the settings of the first job's agent"),
        WallAttempt(name: "settings-written", title: "a variable for later jobs in the agent's `.env`"),
        WallAttempt(name: "tasks-written", title: "a change of the tasks that later jobs run (`_tasks`)"),
        WallAttempt(name: "diagnostics", title: "the agent's logs and log pages (`_diag`)"),
        WallAttempt(name: "copy-files", title: "the agent's folder through a task of the agent (`CopyFiles@2`)"),
        WallAttempt(name: "copy-link", title: "the work folder through such a task and a link"),
        WallAttempt(name: "upload", title: "the agent's settings through a logging command (`task.uploadfile`)"),
        WallAttempt(
            name: "undone",
            title: "the workspace by undoing the walls: unmounting in namespaces of its own, entering others, sudo"
        ),
        WallAttempt(name: "replaced", title: "another folder in the place of the one the agent will empty and fill"),
        WallAttempt(name: "cache", title: "the cache of the first pipeline, by its key"),
        WallAttempt(name: "artifact", title: "artifacts of its run, in another project"),
        WallAttempt(name: "logs", title: "logs of its run"),
        WallAttempt(name: "groups", title: "variable groups of the other project"),
        WallAttempt(name: "secure-files", title: "secure files of the other project"),
        WallAttempt(name: "vault", title: "the vault itself, with the job's token"),
        WallAttempt(name: "metadata", title: "the identity of the machine, at its metadata endpoint"),
        WallAttempt(name: "home", title: "what it left in the home of the agent's user", isShared: true),
        WallAttempt(name: "tools", title: "what it left in the tool cache (`Agent.ToolsDirectory`)", isShared: true),
        WallAttempt(name: "port", title: "a port of the machine on which it listens", isShared: true),
    ]
}

/// What came of all attempts of one second job.
struct WallOutcomes: Sendable {
    /// `read` or `no` by name.
    var values: [String: String]

    init(log: String) {
        var values: [String: String] = [:]
        for line in log.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard let start = words.firstIndex(of: "ATTEMPT"), words.count == start + 3 else { continue }
            values[String(words[start + 1])] = String(words[start + 2])
        }
        self.values = values
    }

    /// The table of docs/isolation.md.
    static func table(_ columns: [(title: String, outcomes: WallOutcomes)]) -> String {
        let head = "| The second job tries to reach | " + columns.map(\.title).joined(separator: " | ") + " |"
        let line = "|---|" + String(repeating: "---|", count: columns.count)
        let rows = WallAttempt.all.map { attempt in
            let cells = columns.map { $0.outcomes.values[attempt.name] == "read" ? "**read**" : "no" }
            return "| \(attempt.title) | " + cells.joined(separator: " | ") + " |"
        }
        return ([head, line] + rows).joined(separator: "\n")
    }
}
