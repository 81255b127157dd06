/// An argument or flag of the agent's command line.
///
/// The table in `AgentOption+Table.swift` is the only place where one is declared: parsing, `VSTS_AGENT_INPUT_` variables, suggestions and
/// `--help` all read it.
struct AgentOption: Hashable, Sendable {
    /// What giving it leads to.
    enum Effect: Hashable, Sendable {
        case used
        /// Taken, so that scripts for Azure Pipelines' agent go on; the reason is told.
        case ignored(String)
        /// An error that says why.
        case refused(String)
    }

    /// Lower case; any letter case is understood.
    var name: String
    /// How `--help` calls its value; nil for a flag.
    var value: String?
    var isSecret = false
    var verbs: Set<AgentVerb>
    /// One line for `--help`.
    var summary: String
    var effect = Effect.used
    /// Left out of `--help`.
    var isHidden = false
    /// Variables without the usual beginning that stand for it too.
    var otherVariables: [String] = []

    var takesValue: Bool { value != nil }

    /// The variables that stand for it when the command line does not have it.
    var variables: [String] { AgentInputs.prefixes.map { $0 + name.uppercased() } + otherVariables }

    static func named(_ name: String) -> AgentOption? { byName[name.lowercased()] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
