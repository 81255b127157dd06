import RoostModel

/// `script`: lines for bash, or for sh where there is no bash.
struct CommandLineTask: TaskHandler {
    let title = "Command line"

    func run(_ work: StepWork) async throws -> TaskResult {
        guard let script = work.inputs["script"] else { throw TaskFailure.inputMissing("script") }
        ShellScript.show(script, work)
        let file = try ScriptFile(work.insideText(script), folder: work.settings.folders.temp, suffix: "sh")
        defer { file.remove() }
        if let container = work.container {
            let arguments = container.hasBash ? ["--noprofile", "--norc", file.path] : [file.path]
            let shell = container.hasBash ? "bash" : "sh"
            return try await ShellScript.run(shell, arguments, program: container.hasBash ? "Bash" : "sh", work)
        }
        let path = work.environment["PATH"]
        if let bash = ExecutableSearch.find("bash", path: path) {
            return try await ShellScript.run(bash, ["--noprofile", "--norc", file.path], program: "Bash", work)
        }
        let shell = try ExecutableSearch.require("sh", path: path)
        return try await ShellScript.run(shell, [file.path], program: "sh", work)
    }
}
