import RoostLanguage

/// A command line of the agent, checked against the table of options.
struct AgentCommandLine: Hashable, Sendable {
    /// Nil when none was given, which means ``AgentVerb/run``.
    var givenVerb: AgentVerb?
    /// Values of arguments by lower-case name; flags have `true` or `false`.
    var values: [String: String] = [:]

    var verb: AgentVerb { givenVerb ?? .run }

    init(verb: AgentVerb? = nil, values: [String: String] = [:]) {
        self.givenVerb = verb
        self.values = values
    }

    /// Reads the words after the program's name.
    ///
    /// ```
    /// words    := [verb] { option }
    /// option   := "--" name [ ("=" | " ") value ]
    /// ```
    /// Names and verbs are understood in any letter case.
    ///
    /// - Throws: ``CommandLineFault``.
    init(parsing words: [String]) throws(CommandLineFault) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                try take(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let option = AgentOption.named(String(parts[0])) else {
                throw .unknownOption(
                    String(parts[0]),
                    near: nearName(String(parts[0]), among: AgentOption.all.map(\.name))
                )
            }
            guard values[option.name] == nil else { throw .givenTwice(option.name) }
            values[option.name] = try value(of: option, attached: parts.count > 1 ? String(parts[1]) : nil, &rest)
        }
        try check()
    }

    private mutating func take(_ word: String) throws(CommandLineFault) {
        if ["-h", "-?", "/?", "/h"].contains(word) {
            values["help"] = "true"
            return
        }
        guard givenVerb == nil, !word.hasPrefix("-") else { throw .unexpectedWord(word) }
        guard let verb = AgentVerb(word: word) else {
            throw .unknownVerb(word, near: nearName(word, among: AgentVerb.allCases.map(\.rawValue)))
        }
        givenVerb = verb
    }

    private func value(
        of option: AgentOption,
        attached: String?,
        _ rest: inout ArraySlice<String>
    ) throws(CommandLineFault) -> String {
        guard option.takesValue else {
            guard let attached else { return "true" }
            guard let flag = AgentInputs.flag(attached) else { throw .noFlagValue(option.name, attached) }
            return flag ? "true" : "false"
        }
        if let attached { return attached }
        guard let next = rest.first, !next.hasPrefix("--") else { throw .missingValue(option.name) }
        rest.removeFirst()
        return next
    }

    /// Options that belong to another verb, or that this agent cannot follow.
    private func check() throws(CommandLineFault) {
        for name in values.keys.sorted() {
            guard let option = AgentOption.named(name) else { continue }
            guard option.verbs.contains(verb) else {
                throw .otherVerb(name, verb: verb, verbs: option.verbs.map(\.rawValue).sorted())
            }
            if case .refused(let reason) = option.effect, values[name] != "false" {
                throw .refused(name, reason: reason)
            }
        }
    }
}
