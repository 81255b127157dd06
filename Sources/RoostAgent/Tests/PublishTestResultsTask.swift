import RoostModel

/// `PublishTestResults@2`.
struct PublishTestResultsTask: TaskHandler {
    static let reference = TaskReference(
        id: "0b0f01ed-7dde-43ff-9cbb-e48954daf9b1",
        name: "PublishTestResults",
        version: "2.0.0"
    )
    let title = "Publish Test Results"

    func run(_ work: StepWork) async throws -> TaskResult {
        let name = work.input("testResultsFormat") ?? work.input("testRunner") ?? "JUnit"
        guard let format = TestResultsFormat(name: name) else {
            throw TaskFailure.inputInvalid("testResultsFormat", value: name, expected: TestResultsFormat.names)
        }
        let base = work.variables["System.DefaultWorkingDirectory"] ?? work.folders.sources
        let folder = work.absolute(work.input("searchFolder") ?? base, below: base).withoutSlashAtEnd
        let patterns = work.input("testResultsFiles") ?? "**/TEST-*.xml"
        let files = FileSearch.files(patterns.split(whereSeparator: \.isNewline).map(String.init), in: folder)
        guard !files.isEmpty else {
            let text = "No test result files matching '\(patterns)' were found in '\(folder)'."
            let isFailure = work.flag("failTaskOnMissingResultsFile")
            work.report(isFailure ? .error : .warning, text)
            return isFailure ? .failed : .succeeded
        }
        var publisher = TestPublisher(
            work,
            TestPublication(
                format: format,
                files: files,
                title: work.input("testRunTitle"),
                platform: work.input("buildPlatform") ?? work.input("platform") ?? "",
                configuration: work.input("buildConfiguration") ?? work.input("configuration") ?? "",
                isMerged: work.flag("mergeTestResults"),
                attachesFiles: work.flag("publishRunAttachments", default: true),
                failsOnFailedTests: work.flag("failTaskOnFailedTests"),
                failsOnFailure: work.flag("failTaskOnFailureToPublishResults")
            )
        )
        return await publisher.run()
    }
}
