import RoostModel

/// `Gradle@2` and `Gradle@3`: builds with the project's wrapper of Gradle and shows results of tests.
struct GradleTask: TaskHandler {
    static let reference = TaskReference(id: "8d8eebd8-2b94-4c97-85af-839254cc6da4", name: "Gradle", version: "3.223.1")
    let title = "Gradle"

    func run(_ work: StepWork) async throws -> TaskResult {
        let build = JavaBuild(work: work, system: "VSTS - gradle")
        let wrapper = work.place(work.input("gradleWrapperFile", "wrapperScript") ?? "gradlew")
        guard FileTree.isFile(wrapper) else { throw TaskFailure.fileMissing(wrapper) }
        build.warnOfMissing([
            "codeCoverageToolOption", "codeCoverageTool", "sonarQubeRunAnalysis", "sqAnalysisEnabled",
            "checkStyleRunAnalysis", "pmdRunAnalysis", "findBugsRunAnalysis", "spotBugsAnalysis",
        ])
        let prepared = try await build.prepared("GRADLE_OPTS", work.input("gradleOptions", "gradleOpts") ?? "-Xmx1024m")
        let tasks = work.input("tasks").map(ArgumentLine.words) ?? ["build"]
        let arguments = work.words("options") + tasks
        let folder = work.place(work.input("workingDirectory", "cwd") ?? ".")
        let result: TaskResult
        // Checked out on another system, it may have lost its mode.
        if ExecutableSearch.find(wrapper, path: nil) == nil {
            let shell = try work.program("sh", package: "dash")
            result = try await prepared.carryOut(shell, [wrapper] + arguments, in: folder)
        } else {
            result = try await prepared.carryOut(wrapper, arguments, in: folder)
        }
        try build.publishResults("**/TEST-*.xml")
        return result
    }
}
