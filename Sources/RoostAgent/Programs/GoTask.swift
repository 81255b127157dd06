import RoostModel

/// `Go@0`: runs a command of go.
struct GoTask: TaskHandler {
    static let reference = TaskReference(id: "34b37fdd-bbf7-4ef1-b37c-9652ca7bb355", name: "Go", version: "0.280.0")
    let title = "Go"

    func run(_ work: StepWork) async throws -> TaskResult {
        let go = try work.program("go", package: "golang-go")
        let command = try work.word("command", of: ["get", "build", "test", "custom"], default: "get")
        let verb = command == "custom" ? ArgumentLine.words(try work.required("customCommand")) : [command]
        return try await work.carryOut(go, verb + work.words("arguments"), in: work.workingDirectory)
    }
}
