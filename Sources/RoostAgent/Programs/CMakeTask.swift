import RoostModel

/// `CMake@1`: runs cmake in a folder that is made when it is not there.
struct CMakeTask: TaskHandler {
    static let reference = TaskReference(id: "7d831c3c-3c68-459a-a5c9-bde6e659596c", name: "CMake", version: "1.268.0")
    let title = "CMake"

    func run(_ work: StepWork) async throws -> TaskResult {
        let cmake = try work.program("cmake", package: "cmake")
        let folder = work.place(work.input("workingDirectory", "cwd") ?? "build")
        let error = FileTree.make(folder)
        if error != 0 { throw FileFailure.unwritable(folder, error: error) }
        guard work.flag("runInsideShell"), let text = work.input("cmakeArgs") else {
            return try await work.carryOut(cmake, work.words("cmakeArgs"), in: folder)
        }
        let shell = try work.program("sh", package: "dash")
        return try await work.carryOut(shell, ["-c", "exec \(ShellQuoting.quoted(cmake)) \(text)"], in: folder)
    }
}
