import RoostModel

extension CommandProcessor {
    /// Carries out `results.publish type=FORMAT;resultFiles=A,B;mergeResults=;runTitle=;platform=;config=;publishRunAttachments=;...`; older programs give
    /// the files as data.
    func publishResults(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let type = command["type"] ?? command["testRunner"] else {
            throw Refusal("the property 'type' is missing")
        }
        guard let format = TestResultsFormat(name: type) else {
            throw Refusal("'\(type)' is no format of test results; use \(TestResultsFormat.names)")
        }
        let list = command["resultFiles"] ?? command.data
        let files = list.split(separator: ",").map { fullPath(String($0).trimmingWhitespace) }.filter { !$0.isEmpty }
        guard !files.isEmpty else { throw Refusal("the property 'resultFiles' is missing") }
        surroundings.progress.add(
            .publishTests(
                TestPublication(
                    format: format,
                    files: files,
                    title: command["runTitle"],
                    platform: command["platform"] ?? "",
                    configuration: command["config"] ?? "",
                    isMerged: command.flag("mergeResults"),
                    attachesFiles: command["publishRunAttachments"].map { $0.lowercased() == "true" } ?? true,
                    failsOnFailedTests: command.flag("failTaskOnFailedTests"),
                    failsOnFailure: command.flag("failTaskOnFailureToPublishResults")
                )
            )
        )
        return []
    }

    /// Carries out `codecoverage.publish codecoveragetool=;summaryfile=;reportdirectory=;additionalcodecoveragefiles=A,B`.
    func publishCoverage(_ command: VSOCommand) throws(Refusal) -> [String] {
        guard let tool = command["codecoveragetool"] else {
            throw Refusal("the property 'codecoveragetool' is missing")
        }
        guard ["cobertura", "jacoco"].contains(tool.lowercased()) else {
            throw Refusal("'\(tool)' is no tool whose coverage can be read; use Cobertura or JaCoCo")
        }
        guard let summary = command["summaryfile"] else { throw Refusal("the property 'summaryfile' is missing") }
        let more = (command["additionalcodecoveragefiles"] ?? "").split(separator: ",")
        surroundings.progress.add(
            .publishCoverage(
                CoveragePublication(
                    files: [fullPath(summary)],
                    report: command["reportdirectory"].map { fullPath($0).withoutSlashAtEnd },
                    moreFiles: more.map { fullPath(String($0).trimmingWhitespace) }.filter { !$0.isEmpty }
                )
            )
        )
        return []
    }

    /// Carries out `results.publishtoevidencestore name=NAME;...`: evidence of releases is nothing a build has, so that it is known and does nothing.
    func publishEvidence(_ command: VSOCommand, _ number: Int) throws(Refusal) -> [String] {
        guard command["name"] != nil else { throw Refusal("the property 'name' is missing") }
        return [
            report(
                .warning,
                "There is no evidence store here; '##vso[results.publishtoevidencestore]' does nothing.",
                number
            )
        ]
    }

    /// A path as it is, or below the sources when it is relative; an empty one stays empty.
    private func fullPath(_ path: String) -> String {
        guard !path.isEmpty, !path.hasPrefix("/") else { return path }
        return "\(surroundings.variables["System.DefaultWorkingDirectory"] ?? "")/\(path)"
    }
}
