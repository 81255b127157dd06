import RoostModel

/// `bash`: a script in the pipeline's file or one of the repository.
struct BashTask: TaskHandler {
    let title = "Bash"

    func run(_ work: StepWork) async throws -> TaskResult {
        let bash = try work.program("bash")
        let script: String
        if isInline(work) {
            guard let text = work.inputs["script"] else { throw TaskFailure.inputMissing("script") }
            ShellScript.show(text, work)
            script = text
        } else {
            script = try command(work)
            work.output.writeLine("Generating script.")
            work.output.writeLine("Formatted command: \(script)")
        }
        let file = try ScriptFile(work.insideText(script), folder: work.settings.folders.temp, suffix: "sh")
        defer { file.remove() }
        var work = work
        if let environment = work.input("bashEnvValue") { work = work.adding(["BASH_ENV": environment]) }
        return try await ShellScript.run(bash, ["--noprofile", "--norc", file.path], program: "Bash", work)
    }

    /// The task's own default is a file; the shorthand always says `inline`.
    private func isInline(_ work: StepWork) -> Bool {
        switch work.input("targetType")?.lowercased() {
        case "inline": true
        case "filepath": false
        default: work.input("filePath") == nil
        }
    }

    /// Starts the file; its arguments are shell text, so that quotes in them mean what they mean in a shell.
    private func command(_ work: StepWork) throws(TaskFailure) -> String {
        guard let input = work.input("filePath") else { throw .inputMissing("filePath") }
        let path = work.absolute(input, below: work.folders.sources)
        guard FileTree.isFile(path) else { throw .fileMissing(path) }
        let arguments = work.input("arguments").map { " \($0)" } ?? ""
        return "exec bash \(ShellQuoting.quoted(path))\(arguments)"
    }
}
