import RoostModel

/// `ShellScript@2`: runs a file with bash, by default in the file's own folder.
struct ShellScriptTask: TaskHandler {
    static let reference = TaskReference(
        id: "6c731c3c-3c68-459a-a5c9-bde6e6595b5b",
        name: "ShellScript",
        version: "2.237.0"
    )
    let title = "Shell script"

    func run(_ work: StepWork) async throws -> TaskResult {
        let bash = try work.program("bash", package: "bash")
        let script = work.place(try work.required("scriptPath"))
        guard FileTree.isFile(script) else { throw TaskFailure.fileMissing(script) }
        let folder = work.flag("disableAutoCwd") ? work.place(work.input("cwd") ?? ".") : script.folderPart
        return try await work.carryOut(
            bash,
            [script] + work.words("args"),
            in: folder,
            failingOnErrors: work.flag("failOnStandardError")
        )
    }
}
