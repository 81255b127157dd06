import RoostPipeline
public import RoostModel
import RoostStore

/// The coverage of a run beside that of the run it is compared with.
public struct CoverageReport: Sendable {
    public var now: CodeCoverage
    /// The last run of the branch it is compared with; nil when there is none.
    public var before: CodeCoverage?
}

extension ControlPlane {
    /// Adds coverage to a run; several publications of one run are added up.
    public func addCoverage(
        run: Run,
        counts: [CodeCoverage.Count],
        platform: String,
        configuration: String
    ) async throws -> CodeCoverage {
        for count in counts where count.covered < 0 || count.total < count.covered || count.label.isEmpty {
            throw ControlError.invalid(
                what: "The coverage of '\(count.label)'",
                problem: "\(count.covered) of \(count.total) cannot be",
                advice: nil
            )
        }
        return try await serially(run.id) { [self] in
            var coverage =
                try await store.coverage(of: run.id)
                ?? CodeCoverage(run: run.id, pipeline: run.pipeline, branch: run.sourceBranch, counts: [])
            coverage.add(counts)
            if !platform.isEmpty { coverage.platform = platform }
            if !configuration.isEmpty { coverage.configuration = configuration }
            let made = coverage
            return try await change { _, change in
                change.store.append(.putCoverage(made))
                return made
            }
        }
    }

    /// The coverage of a run; nil when none was published.
    public func coverage(of run: Run) async throws -> CoverageReport? {
        guard let now = try await store.coverage(of: run.id) else { return nil }
        var before: CodeCoverage?
        for branch in comparedBranches(run) where before == nil {
            before = try await store.lastCoverage(of: run.pipeline, branch: branch, before: run.id)
        }
        return CoverageReport(now: now, before: before)
    }

    /// A pull request is compared with its target, a branch with itself, and a new branch with the one of the repository.
    private func comparedBranches(_ run: Run) -> [String] {
        let target = run.cause.pullRequest?.targetBranch
        return [target ?? run.sourceBranch, run.repository.defaultBranch]
    }
}
