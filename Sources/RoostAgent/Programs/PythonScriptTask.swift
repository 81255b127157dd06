import RoostModel

/// `PythonScript@0`: runs a Python script, from a file or from the step itself.
struct PythonScriptTask: TaskHandler {
    static let reference = TaskReference(
        id: "6392f95f-7e76-4a18-b3c7-7f078d2f7700",
        name: "PythonScript",
        version: "0.226.0"
    )
    let title = "Python script"

    func run(_ work: StepWork) async throws -> TaskResult {
        let source = try work.word("scriptSource", of: ["filePath", "inline"], default: "filePath")
        let python = try interpreter(work)
        guard source == "inline" else {
            let path = work.place(try work.required("scriptPath"))
            guard FileTree.isFile(path) else { throw TaskFailure.fileMissing(path) }
            return try await start(python, path, work)
        }
        guard let script = work.inputs["script"], !script.isEmpty else { throw TaskFailure.inputMissing("script") }
        let file = try ScriptFile(script, folder: work.settings.folders.temp, suffix: "py")
        defer { file.remove() }
        return try await start(python, file.path, work)
    }

    private func start(_ python: String, _ script: String, _ work: StepWork) async throws -> TaskResult {
        try await work.carryOut(
            python,
            [script] + work.words("arguments"),
            in: work.workingDirectory,
            failingOnErrors: work.flag("failOnStderr")
        )
    }

    private func interpreter(_ work: StepWork) throws -> String {
        guard let given = work.input("pythonInterpreter") else {
            return try work.program(work.container == nil ? "python" : "python3", "python3", package: "python3")
        }
        return try work.program(given)
    }
}
