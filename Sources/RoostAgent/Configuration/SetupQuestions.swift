import RoostModel

/// Finds the values that configuring needs: given ones first, then, when somebody is there, by asking.
struct SetupQuestions: Sendable {
    let inputs: AgentInputs
    let console: any AgentConsole

    /// A value that stands for a line of standard input, so that a secret need not be on a command line.
    static let standardInput = "-"

    /// A value.
    ///
    /// - Parameters:
    ///   - name: the argument that gives it.
    ///   - question: what a person is asked.
    ///   - fallback: what an empty answer means, and what counts when nobody is asked; nil is a mandatory value.
    ///   - useInput: false asks a person although a value was given, because it did not work.
    /// - Returns: the value, not empty.
    /// - Throws: ``ConfigurationFailure/missingArgument(_:)``, ``ConfigurationFailure/inputEnded``.
    func text(
        _ name: String,
        _ question: String,
        fallback: String? = nil,
        useInput: Bool = true
    ) throws(ConfigurationFailure) -> String {
        if useInput, let given = inputs.text(name) { return given }
        guard !inputs.flag("unattended") else {
            guard let fallback else { throw .missingArgument(name) }
            return fallback
        }
        return try ask(question, fallback, isSecret: false)
    }

    /// A secret value, which is mandatory and not shown while it is typed; `-` reads it from standard input.
    func secret(_ name: String, _ question: String, useInput: Bool = true) throws(ConfigurationFailure) -> Secret {
        if useInput, let given = inputs.secret(name) {
            guard given.exposed == Self.standardInput else { return given }
            guard let line = console.secretLine(), !line.isEmpty else { throw .inputEnded }
            return Secret(line)
        }
        guard !inputs.flag("unattended") else { throw .missingArgument(name) }
        return Secret(try ask(question, nil, isSecret: true))
    }

    /// A yes or no; unattended it is no unless the flag is given.
    func confirms(_ name: String, _ question: String) throws(ConfigurationFailure) -> Bool {
        if inputs.flag(name) { return true }
        guard !inputs.flag("unattended") else { return false }
        while true {
            let answer = try ask("\(question) (Y/N) (press enter for N)", "N", isSecret: false)
            if let flag = AgentInputs.flag(answer) { return flag }
            console.complain("Enter Y or N.")
        }
    }

    private func ask(_ question: String, _ fallback: String?, isSecret: Bool) throws(ConfigurationFailure) -> String {
        while true {
            guard let answer = console.ask(question, isSecret: isSecret) else { throw .inputEnded }
            let trimmed = String(answer.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
            if !trimmed.isEmpty { return trimmed }
            if let fallback { return fallback }
            console.complain("Enter a value.")
        }
    }
}
