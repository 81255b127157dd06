import FoundationEssentials
import RoostModel
import RoostWire

/// Test results and coverage as answers show them.
extension Call {
    private func address(_ run: TestRun) -> String { "\(services.address)\(run.project)/_apis/test/Runs/\(run.id)" }

    private func build(_ run: TestRun) -> ShallowReferenceWire {
        ShallowReferenceWire(id: run.run.description, url: buildAddress(run.run, run.project))
    }

    private func project(_ run: TestRun) -> ShallowReferenceWire {
        ShallowReferenceWire(id: run.project.description, name: projectReference(run.project)?.name)
    }

    func view(_ run: TestRun) -> TestRunWire {
        var wire = TestRunWire()
        wire.id = run.id.rawValue
        wire.name = run.name
        wire.url = address(run)
        wire.webAccessUrl = "\(services.address)runs/\(run.run)/tests"
        wire.build = build(run)
        wire.project = project(run)
        wire.isAutomated = true
        wire.state = run.state.rawValue
        wire.buildPlatform = run.platform.isEmpty ? nil : run.platform
        wire.buildFlavor = run.configuration.isEmpty ? nil : run.configuration
        wire.startedDate = run.startedAt
        wire.completedDate = run.finishedAt
        wire.totalTests = run.count
        wire.passedTests = run.totals[.passed] ?? 0
        wire.incompleteTests = 0
        wire.notApplicableTests = (run.totals[.notApplicable] ?? 0) + (run.totals[.notExecuted] ?? 0)
        wire.unanalyzedTests = run.failures
        wire.runStatistics = run.totals.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            TestRunWire.Statistic(count: $0.value, outcome: $0.key.name)
        }
        return wire
    }

    func view(_ result: TestResult, _ run: TestRun, texts: TestTexts?) -> TestCaseResultWire {
        var wire = TestCaseResultWire()
        wire.id = result.id
        wire.testCaseTitle = result.title
        wire.automatedTestName = result.name
        wire.automatedTestStorage = result.storage
        wire.outcome = result.outcome.name
        wire.state = "Completed"
        wire.durationInMs = result.duration
        wire.errorMessage = texts?.message
        wire.stackTrace = texts?.stack
        wire.comment = texts?.comment
        wire.standardOutput = texts?.output
        wire.standardError = texts?.errors
        wire.startedDate = run.startedAt
        wire.completedDate = run.startedAt + result.duration / 1000
        wire.testRun = ShallowReferenceWire(id: run.id.description, name: run.name, url: address(run))
        wire.build = build(run)
        wire.project = project(run)
        wire.testCase = ShallowReferenceWire(id: result.test.description, name: result.title)
        wire.testCaseReferenceId = result.test.rawValue
        wire.resultGroupType = result.attempts.isEmpty ? nil : "rerun"
        wire.subResults = texts?.tries
        wire.url = "\(address(run))/Results/\(result.id)"
        return wire
    }

    func view(_ attachment: TestRun.Attachment, _ run: TestRun) -> TestAttachmentWire {
        let owner = attachment.result.map { "\(address(run))/Results/\($0)" } ?? address(run)
        return TestAttachmentWire(
            id: attachment.id,
            fileName: attachment.name,
            size: attachment.size,
            comment: attachment.comment,
            attachmentType: attachment.kind,
            createdDate: Date(timeIntervalSinceReferenceDate: attachment.createdAt),
            url: "\(owner)/Attachments/\(attachment.id)"
        )
    }

    func coverage(_ report: CoverageReport?, _ run: Run) -> CodeCoverageSummaryWire {
        CodeCoverageSummaryWire(
            build: ShallowReferenceWire(
                id: run.id.description,
                name: run.number,
                url: buildAddress(run.id, run.project)
            ),
            deltaBuild: report?.before.map { before in
                ShallowReferenceWire(id: before.run.description, url: buildAddress(before.run, run.project))
            },
            coverageData: report.map { report in
                let counts = report.now.counts.enumerated().map { position, count in
                    CodeCoverageDataWire.Statistics(
                        label: count.label,
                        covered: count.covered,
                        total: count.total,
                        position: position + 1,
                        delta: report.now.change(of: count.label, since: report.before)
                    )
                }
                return [
                    CodeCoverageDataWire(
                        buildPlatform: report.now.platform,
                        buildFlavor: report.now.configuration,
                        coverageStats: counts
                    )
                ]
            } ?? []
        )
    }

    /// The older shape: one module for the whole run.
    func buildCoverage(_ report: CoverageReport, _ run: Run) -> BuildCoverageWire {
        let lines = report.now.counts.first { $0.label == "Lines" }
        let blocks = report.now.counts.first { $0.label == "Branches" }
        let statistics = BuildCoverageWire.Statistics(
            linesCovered: lines?.covered ?? 0,
            linesNotCovered: lines.map { $0.total - $0.covered } ?? 0,
            blocksCovered: blocks?.covered ?? 0,
            blocksNotCovered: blocks.map { $0.total - $0.covered } ?? 0
        )
        return BuildCoverageWire(
            configuration: .init(
                id: 1,
                platform: report.now.platform,
                flavor: report.now.configuration,
                project: ShallowReferenceWire(id: run.project.description)
            ),
            modules: [.init(name: run.pipelineName, statistics: statistics)],
            state: "completed"
        )
    }
}
