import RoostModel

/// `script`: lines for bash, or for sh where there is no bash.
struct CommandLineTask: TaskHandler {
    let title = "Command line"

    func run(_ work: StepWork) async throws -> TaskResult {
        guard let script = work.inputs["script"] else { throw TaskFailure.inputMissing("script") }
        ShellScript.show(script, work)
        let file = try ScriptFile(script, folder: work.settings.folders.temp, suffix: "sh")
        defer { file.remove() }
        let path = work.environment["PATH"]
        if let bash = ExecutableSearch.find("bash", path: path) {
            return try await ShellScript.run(bash, ["--noprofile", "--norc", file.path], program: "Bash", work)
        }
        let shell = try ExecutableSearch.require("sh", path: path)
        return try await ShellScript.run(shell, [file.path], program: "sh", work)
    }
}
