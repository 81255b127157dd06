import RoostModel

/// `Ant@1`: builds with Ant and shows results of tests.
struct AntTask: TaskHandler {
    static let reference = TaskReference(id: "3a6a2d63-f2b2-4e93-bcf9-0cbe22f5dc26", name: "Ant", version: "1.271.0")
    let title = "Ant"

    func run(_ work: StepWork) async throws -> TaskResult {
        let build = JavaBuild(work: work, system: "VSTS - ant")
        let file = work.place(work.input("buildFile", "antBuildFile") ?? "build.xml")
        guard FileTree.isFile(file) else { throw TaskFailure.fileMissing(file) }
        build.warnOfMissing(["codeCoverageToolOptions", "codeCoverageTool"])
        var prepared = try await build.prepared("ANT_OPTS", nil)
        var ant = try? work.program("ant", package: "ant")
        if let given = work.input("antHomeDirectory", "antHomeUserInputPath") {
            prepared = prepared.adding(["ANT_HOME": work.place(given)])
            ant = ExecutableSearch.find("\(work.place(given))/bin/ant", path: nil)
        }
        guard let ant else { throw ProgramFailure.missing("ant", package: "ant") }
        let arguments = ["-buildfile", file] + work.words("options") + work.words("targets")
        let result = try await prepared.carryOut(ant, arguments, in: work.base)
        try build.publishResults("**/TEST-*.xml")
        return result
    }
}
