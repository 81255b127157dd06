import RoostModel

/// Arguments in one text, as inputs of tasks hold them.
enum ArgumentLine {
    /// The words between blanks; double quotes keep blanks together, and `\"` in them is a quote.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var (isOpen, isQuoted, isEscaped) = (false, false, false)
        func add(_ character: Character) {
            // A backslash means something only in front of a quote.
            if isEscaped, character != "\"" { word.append("\\") }
            isEscaped = false
            word.append(character)
        }
        for character in text {
            if character.isWhitespace, !isQuoted {
                if isOpen { words.append(word) }
                (word, isOpen) = ("", false)
                continue
            }
            isOpen = true
            switch character {
            case "\"" where !isEscaped: isQuoted.toggle()
            case "\\" where isQuoted && !isEscaped: isEscaped = true
            default: add(character)
            }
        }
        if isEscaped { word.append("\\") }
        if isOpen { words.append(word) }
        return words
    }
}

extension StepWork {
    /// The words of an input.
    func words(_ name: String) -> [String] { input(name).map(ArgumentLine.words) ?? [] }

    /// Runs a program and gives the step's result: success when it ends with 0 and, if that is asked for, wrote no errors.
    func carryOut(
        _ program: String,
        _ arguments: [String],
        in folder: String,
        failingOnErrors: Bool = false
    ) async throws -> TaskResult {
        guard FileTree.isFolder(folder) else { throw ProcessFailure.directoryMissing(folder) }
        let errors = failingOnErrors ? ErrorLines(output: output) : nil
        let outcome = try await call(program, arguments, in: folder, errors: errors)
        errors?.finish()
        let result = judge(outcome, program: program.lastPart)
        guard errors?.hasText == true, stop.reason == nil else { return result }
        report(.error, TaskFailure.wroteToStandardError.description)
        return .failed
    }
}
