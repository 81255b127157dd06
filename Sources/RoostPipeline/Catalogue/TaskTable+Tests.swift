extension TaskTable {
    /// Tasks that show results of tests, and tasks that wait.
    static let tests = """
        task PublishTestResults@2 | Publish test results | Reads files of test results and shows them with the run.
        - testResultsFormat(testRunner) JUnit|NUnit|VSTest|XUnit|CTest! = JUnit :: The format of the files.
        - testResultsFiles lines! = **/TEST-*.xml :: Patterns of the files, one a line.
        - searchFolder path = $(System.DefaultWorkingDirectory) :: The folder the patterns are matched in.
        - mergeTestResults bool = false :: Show the results of all files as one test run.
        - failTaskOnFailedTests bool = false :: Fail when a test failed.
        - failTaskOnFailureToPublishResults bool = false :: Fail when results cannot be shown.
        - failTaskOnMissingResultsFile bool = false :: Fail when no file matches.
        - testRunTitle text :: What the test run is called.
        - buildPlatform(platform) text :: For which platform the tests ran.
        - buildConfiguration(configuration) text :: For which configuration the tests ran.
        - publishRunAttachments bool = true :: Keep the files with the results.
        task PublishCodeCoverageResults@2? | Publish code coverage results | Reads summaries of code coverage and shows them with the run.
        - summaryFileLocation lines! :: Patterns of the summaries, one a line.
        - pathToSources path :: The sources' folder, when the summaries hold relative paths.
        - failIfCoverageEmpty bool = false :: Fail when no summary is found.
        task PublishCodeCoverageResults@1 | Publish code coverage results | Reads a Cobertura or JaCoCo summary and shows it with the run.
        - codeCoverageTool JaCoCo|Cobertura! = JaCoCo :: The format of the summary.
        - summaryFileLocation path! :: The summary.
        - pathToSources path :: The sources' folder, when the summary holds relative paths.
        - reportDirectory path :: A folder with a report to keep.
        - additionalCodeCoverageFiles lines :: Patterns of more files to keep.
        - failIfCoverageEmpty bool = false :: Fail when no summary is found.
        task ManualValidation@0 | Manual validation | Waits in a job without an agent until a person resumes or rejects it.
        - notifyUsers lines! :: Whom to tell, one address a line; may be empty.
        - instructions lines :: What the person is asked to check.
        - onTimeout reject|resume = reject :: What happens when nobody answers in time.
        task ManualValidation@1 | Manual validation | Waits in a job without an agent until a person resumes or rejects it.
        - notifyUsers lines! :: Whom to tell, separated by commas; may be empty.
        - approvers lines :: Who may answer, separated by commas; without it everybody who may queue runs.
        - allowApproversToApproveTheirOwnRuns bool = true :: Whoever started the run may answer too.
        - instructions lines :: What the person is asked to check.
        - onTimeout reject|resume = reject :: What happens when nobody answers in time.
        task Delay@1 | Delay | Waits in a job without an agent.
        - delayForMinutes number! = 0 :: How many minutes.
        """
}
