import RoostModel

/// `PublishCodeCoverageResults@2`, and `@1` with the inputs it has instead.
struct PublishCodeCoverageTask: TaskHandler {
    static let reference = TaskReference(
        id: "2a7ebc54-c13e-490e-81a5-d7561ab7cd97",
        name: "PublishCodeCoverageResults",
        version: "2.0.0"
    )
    let title = "Publish code coverage results"

    func run(_ work: StepWork) async throws -> TaskResult {
        guard let patterns = work.input("summaryFileLocation") else {
            throw TaskFailure.inputMissing("summaryFileLocation")
        }
        if let tool = work.input("codeCoverageTool"), !["cobertura", "jacoco"].contains(tool.lowercased()) {
            throw TaskFailure.inputInvalid("codeCoverageTool", value: tool, expected: "Cobertura or JaCoCo")
        }
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let search: (String) -> [String] = {
            FileSearch.files($0.split(whereSeparator: \.isNewline).map(String.init), in: base)
        }
        let publication = CoveragePublication(
            files: search(patterns),
            report: work.input("reportDirectory").map { work.absolute($0, below: base).withoutSlashAtEnd },
            moreFiles: work.input("additionalCodeCoverageFiles").map(search) ?? [],
            sources: work.input("pathToSources").map { work.absolute($0, below: base) },
            failsWhenEmpty: work.flag("failIfCoverageEmpty")
        )
        return try await CoveragePublisher(work, publication).run()
    }
}
