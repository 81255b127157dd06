import RoostModel

extension CommandProcessor {
    /// Carries out `task.setvariable variable=NAME;issecret=;isoutput=;isreadonly=;preservecase=` with VALUE as data.
    func setVariable(_ command: VSOCommand, _ number: Int) throws(Refusal) -> [String] {
        guard let name = command["variable"] else { throw Refusal("the property 'variable' is missing") }
        guard surroundings.limits.maySet(name) else {
            throw Refusal("the variable '\(name)' is not among the settable variables of this step")
        }
        var lines: [String] = []
        let variables = surroundings.variables
        let isOutput = command.flag("isoutput")
        let fullName = isOutput ? "\(surroundings.stepName).\(name)" : name
        if variables.entry(fullName)?.isReadOnly ?? JobVariables.isSystemName(fullName) {
            let text = "The variable '\(fullName)' is read-only"
            guard !variables.flag("agent.readOnlyVariables") else { throw Refusal("\(text.lowercasedFirst)") }
            lines.append(report(.warning, "\(text); setting it from a step may stop working.", number))
        }
        let isSecret = command.flag("issecret") || variables.entry(fullName)?.isSecret ?? false
        if isSecret { lines += try hide(command.data, name, number) }
        variables.set(
            fullName,
            command.data,
            isSecret: isSecret,
            isReadOnly: command.flag("isreadonly") || isOutput,
            preservesCase: command.flag("preservecase")
        )
        if isOutput {
            surroundings.progress.setOutput(name, OutputVariable(value: command.data, isSecret: isSecret))
        }
        return lines
    }

    /// Carries out `task.settaskvariable variable=NAME;issecret=;isreadonly=` with VALUE as data.
    func setTaskVariable(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let name = command["variable"] else { throw Refusal("the property 'variable' is missing") }
        guard surroundings.limits.maySet(name) else {
            throw Refusal("the variable '\(name)' is not among the settable variables of this step")
        }
        let isSecret = command.flag("issecret")
        if isSecret { surroundings.masker.add(command.data, name: name) }
        surroundings.progress.setTaskVariable(name, OutputVariable(value: command.data, isSecret: isSecret))
        return []
    }

    /// Carries out `task.setsecret` with VALUE as data.
    func setSecret(_ command: VSOCommand, _ number: Int) -> [String] {
        guard let refusal = surroundings.masker.add(command.data, name: "task.setsecret") else { return [] }
        return [report(.warning, advice(of: refusal), number)]
    }

    private func hide(_ value: String, _ name: String, _ number: Int) throws(Refusal) -> [String] {
        let isMultiline = value.utf8.contains { $0 == 10 || $0 == 13 }
        if isMultiline, !surroundings.variables.flag("system.unsafeAllowMultilineSecret") {
            throw Refusal(
                "the secret '\(name)' has several lines, which cannot be hidden as one; set SYSTEM_UNSAFEALLOWMULTILINESECRET to true to allow it"
            )
        }
        guard let refusal = surroundings.masker.add(value, name: name) else { return [] }
        return [report(.warning, advice(of: refusal), number)]
    }

    private func advice(of refusal: SecretRefusal) -> String {
        [refusal.summary, refusal.advice].compactMap { $0 }.joined(separator: " ")
    }

    /// Carries out `task.prependpath` with DIRECTORY as data.
    func prependPath(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard surroundings.limits.maySet("PATH") else {
            throw Refusal("the variable 'PATH' is not among the settable variables of this step")
        }
        guard !command.data.isEmpty else { throw Refusal("the directory is missing") }
        surroundings.paths.prepend(command.data)
        return []
    }

    /// Carries out `build.updatebuildnumber` with NUMBER as data.
    func updateBuildNumber(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard !command.data.isEmpty else { throw Refusal("the number is missing") }
        surroundings.variables.set("Build.BuildNumber", command.data)
        surroundings.progress.add(.changeRun(.number(command.data)))
        return []
    }

    /// Carries out `build.addbuildtag` with TAG as data.
    func addTag(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard !command.data.isEmpty else { throw Refusal("the tag is missing") }
        surroundings.progress.add(.changeRun(.addTag(command.data)))
        return []
    }
}

extension String {
    /// With a small first letter.
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
