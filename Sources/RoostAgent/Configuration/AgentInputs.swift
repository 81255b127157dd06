import CRoostLinux
import RoostLanguage
import RoostModel

/// What an invocation was given: by its command line, else by variables of its environment.
struct AgentInputs: Sendable {
    /// What the names of such variables begin with in scripts for Azure Pipelines' agent.
    static let prefix = "VSTS_AGENT_INPUT_"
    /// All beginnings; the first wins.
    static let prefixes = ["ROOST_AGENT_INPUT_", prefix]

    let verb: AgentVerb
    /// Whether a verb was written.
    let hasVerb: Bool
    /// Variables that look like inputs and are none; told to the person.
    let unknownVariables: [String]
    /// Inputs that are taken and have no effect.
    let ignored: [(name: String, reason: String)]
    private var values: [String: String]

    /// - Parameters:
    ///   - commandLine: wins over variables.
    ///   - variables: the environment.
    init(_ commandLine: AgentCommandLine, variables: [String: String]) {
        verb = commandLine.verb
        hasVerb = commandLine.givenVerb != nil
        var values: [String: String] = [:]
        var unknown: [String] = []
        for prefix in Self.prefixes {
            for (name, value) in variables where name.uppercased().hasPrefix(prefix) && !value.isEmpty {
                guard let option = AgentOption.named(String(name.dropFirst(prefix.count))) else {
                    unknown.append(name)
                    continue
                }
                guard option.verbs.contains(commandLine.verb), values[option.name] == nil else { continue }
                values[option.name] = value
            }
        }
        for option in AgentOption.all where option.verbs.contains(commandLine.verb) && values[option.name] == nil {
            values[option.name] = option.otherVariables.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
        }
        values.merge(commandLine.values) { _, written in written }
        self.values = values
        unknownVariables = unknown.sorted()
        ignored = values.keys.sorted().compactMap { name in
            guard case .ignored(let reason) = AgentOption.named(name)?.effect else { return nil }
            return (name, reason)
        }
    }

    /// Takes the inputs out of this process's environment, so that no child inherits them and no memory keeps them.
    ///
    /// - Parameter words: the command line, without the program's name.
    /// - Returns: the inputs, and the rest of the environment.
    /// - Throws: ``CommandLineFault``.
    static func take(_ words: [String]) throws(CommandLineFault) -> (inputs: AgentInputs, environment: [String: String])
    {
        let commandLine = try AgentCommandLine(parsing: words)
        // Secrets this invocation has no use for are not even read: a copy would stay in memory.
        let unused = AgentOption.all.filter { $0.isSecret && !$0.verbs.contains(commandLine.verb) }.flatMap(\.variables)
        for name in unused + ["AZP_TOKEN", "ROOST_TOKEN"] { roost_forget_environment("\(name)=") }
        let all = ProcessEnvironment.own()
        for name in all.keys where isInput(name) { roost_forget_environment("\(name)=") }
        return (AgentInputs(commandLine, variables: all), all.filter { !isInput($0.key) })
    }

    /// Whether a variable tells the agent something that nobody else is to inherit.
    static func isInput(_ name: String) -> Bool {
        let upper = name.uppercased()
        return prefixes.contains { upper.hasPrefix($0) } || otherNames.contains(upper)
    }

    private static let otherNames = Set(AgentOption.all.flatMap(\.otherVariables))

    /// The options of this command line for another process that runs an agent in the same way; of the flags, these.
    func runOptions(flags: [String]) -> [String] {
        let texts = ["grace", "startuptype", "isolation", "hide", "upkeep"].flatMap { name in
            text(name).map { ["--\(name)", $0] } ?? []
        }
        return texts + flags.filter(flag).map { "--\($0)" }
    }

    /// The value of an argument; nil when it was not given or is empty.
    func text(_ name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The same with other values.
    func with(_ changes: [String: String]) -> AgentInputs {
        var changed = self
        changed.values.merge(changes) { $1 }
        return changed
    }

    func secret(_ name: String) -> Secret? { text(name).map { Secret($0) } }

    func flag(_ name: String) -> Bool { values[name].flatMap(Self.flag) ?? false }

    /// A value of a flag as Azure Pipelines' agent reads it; nil when it is neither.
    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "$true", "yes", "y": true
        case "false", "0", "$false", "no", "n", "": false
        default: nil
        }
    }

    /// A sentence for each variable that is misspelt or has no effect.
    var notices: [String] {
        unknownVariables.map { name in
            let prefix = Self.prefixes.first { name.uppercased().hasPrefix($0) } ?? Self.prefix
            let near = nearName(String(name.dropFirst(prefix.count)), among: AgentOption.all.map(\.name))
            return "The variable \(name) is not known"
                + (near.map { "; did you mean \(prefix)\($0.uppercased())?" } ?? ".")
        } + ignored.map { "The argument '--\($0.name)' has no effect: \($0.reason)." }
    }

    /// Inputs that are refused when they come as variables; the command line has refused its own.
    ///
    /// - Throws: ``CommandLineFault/refused(_:reason:)``.
    func check() throws(CommandLineFault) {
        for name in values.keys.sorted() {
            guard case .refused(let reason) = AgentOption.named(name)?.effect, values[name].flatMap(Self.flag) != false
            else { continue }
            throw .refused(name, reason: reason)
        }
    }
}
