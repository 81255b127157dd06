import RoostModel
import RoostWire

/// Reads summaries of code coverage and sends their sum; the report for people becomes an artifact.
struct CoveragePublisher {
    let work: StepWork
    let publication: CoveragePublication

    init(_ work: StepWork, _ publication: CoveragePublication) {
        self.work = work
        self.publication = publication
    }

    /// - Throws: what the server refuses.
    func run() async throws -> TaskResult {
        var tally = CoverageTally()
        var result = TaskResult.succeeded
        for file in publication.files {
            do throws(XMLFault) {
                var reader = try CoverageReader(path: file, sources: publication.sources)
                try reader.read(into: &tally)
                work.output.writeLine("Read \(file)")
            } catch {
                work.report(.error, error.description)
                result = .succeededWithIssues
            }
        }
        let sums = tally.sums
        guard sums.lines > 0 else { return nothing(result) }
        work.output.writeLine("Lines    : \(Self.text(sums.covered, sums.lines))")
        work.output.writeLine("Branches : \(Self.text(sums.coveredBranches, sums.branches))")
        guard let host = work.content?.tests else {
            work.output.writeLine("There is no server here that keeps it.")
            return result
        }
        var counts = [CodeCoverageDataWire.Statistics(label: "Lines", covered: sums.covered, total: sums.lines)]
        if sums.branches > 0 {
            counts.append(.init(label: "Branches", covered: sums.coveredBranches, total: sums.branches))
        }
        try await host.addCoverage(
            CodeCoverageDataWire(
                buildPlatform: work.variables["BuildPlatform"] ?? "",
                buildFlavor: work.variables["BuildConfiguration"] ?? "",
                coverageStats: counts
            )
        )
        try await publishReport()
        return result
    }

    private func nothing(_ before: TaskResult) -> TaskResult {
        work.report(publication.failsWhenEmpty ? .error : .warning, "No code coverage results were found to publish.")
        return publication.failsWhenEmpty ? .failed : before
    }

    private func publishReport() async throws {
        let run = work.content?.run ?? 0
        let publisher = try ArtifactPublisher(work, task: "PublishCodeCoverageResults")
        if let report = publication.report {
            guard FileTree.isFolder(report) else { throw ArtifactFailure.notFound(path: report) }
            try await publisher.publish(report, as: "Code Coverage Report_\(run)", isContainer: true)
        }
        for file in publication.moreFiles {
            try await publisher.publish(file, as: "Code Coverage Files_\(run)", isContainer: true)
        }
    }

    private static func text(_ covered: Int, _ total: Int) -> String {
        guard total > 0 else { return "none" }
        let tenths = (Double(covered) / Double(total) * 1000).rounded() / 10
        return "\(covered) of \(total) (\(tenths) %)"
    }
}
