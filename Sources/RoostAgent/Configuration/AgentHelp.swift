/// What `--help` prints: made from the tables of verbs, options and exit codes.
enum AgentHelp {
    /// The text for a verb, or for the program as a whole.
    static func text(_ verb: AgentVerb?) -> String {
        let lines = verb.map(usage) ?? overview
        return (lines + options(verb) + exitCodes).joined(separator: "\n")
    }

    private static var overview: [String] {
        let verbs = AgentVerb.allCases.map { "  \(padded($0.rawValue, 12))\($0.summary)" }
        return [
            "A Roost agent: runs jobs of a pool on this machine.", "",
            "Usage: ./config.sh [options]           register the agent",
            "       ./config.sh remove [options]    take the registration back",
            "       ./run.sh [options]              listen for jobs",
            "       roost-agent [command] [options]", "", "Commands:",
        ] + verbs + [""]
    }

    private static func usage(_ verb: AgentVerb) -> [String] {
        let capital = verb.summary.prefix(1).uppercased() + verb.summary.dropFirst()
        return ["\(capital).", "", "Usage: roost-agent \(verb.rawValue) [options]", ""]
    }

    private static func options(_ verb: AgentVerb?) -> [String] {
        let shown = AgentOption.all.filter { option in
            !option.isHidden && verb.map { option.verbs.contains($0) } ?? true
        }
        let lines = shown.map { option in
            "  \(padded("--\(option.name)" + (option.value.map { " <\($0)>" } ?? ""), 26))\(option.summary)"
        }
        return ["Options, in any letter case:"] + lines + [
            "",
            "Each option may also come from a variable, such as \(AgentInputs.prefixes[0])URL for --url; flags are true or 1 there.",
            "Names that begin with \(AgentInputs.prefix) are understood too.",
            "The command line wins. The variables are removed from the environment before anything else is started.",
            "",
        ]
    }

    private static var exitCodes: [String] {
        ["Exit codes:"] + ListenerExit.allCases.map { "  \($0.rawValue)  \($0.meaning)" }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
