/// Why a test counts as flaky.
public enum FlakyReason: Hashable, Sendable {
    /// Two runs of one commit, with the same setting, came to different ends.
    case sameCommit(String, failed: RunID, passed: RunID)
    /// It failed and passed within one run, because it was tried again.
    case reruns(run: RunID)
}

/// A test that cannot be trusted, and why.
public struct FlakyMark: Hashable, Sendable {
    public var test: TestID
    public var name: String
    /// The newest first.
    public var reasons: [FlakyReason]
    /// How often it was seen, and how often it failed, try by try.
    public var seen: Int
    public var failed: Int

    public init(test: TestID, name: String, reasons: [FlakyReason], seen: Int, failed: Int) {
        self.test = test
        self.name = name
        self.reasons = reasons
        self.seen = seen
        self.failed = failed
    }
}

/// Which tests are flaky: those that failed and passed on one commit, or in the tries of one run.
///
/// Results of different settings (title, platform, configuration) are not compared: a test that fails on one platform only is broken there, not flaky.
///
/// ```
/// commit a: run 1 failed, run 2 passed   -> flaky, sameCommit(a, failed: 1, passed: 2)
/// commit a: run 1 failed, commit b: run 2 passed   -> mended, not flaky
/// ```
///
/// - Parameter seen: results of any number of tests, in any order.
/// - Returns: those that failed most often first.
public func planFlakyTests(_ seen: [TestOccurrence]) -> [FlakyMark] {
    let marks = Dictionary(grouping: seen) { $0.result.test }.compactMap { test, all -> FlakyMark? in
        let reasons = flakyReasons(all)
        guard !reasons.isEmpty else { return nil }
        let tries = all.flatMap { $0.result.attempts.isEmpty ? [$0.result.outcome] : $0.result.attempts }
        return FlakyMark(
            test: test,
            name: all[0].result.name,
            reasons: reasons,
            seen: tries.count,
            failed: tries.count(where: \.isFailure)
        )
    }
    return marks.sorted { ($1.failed, $0.name) < ($0.failed, $1.name) }
}

private struct Comparison: Hashable {
    var commit: String
    var setting: String
}

private func flakyReasons(_ seen: [TestOccurrence]) -> [FlakyReason] {
    var reasons: [(run: RunID, reason: FlakyReason)] = seen.filter(\.result.isMixed).map {
        ($0.result.run, .reruns(run: $0.result.run))
    }
    for (key, group) in Dictionary(grouping: seen, by: { Comparison(commit: $0.commit, setting: $0.setting) }) {
        guard !key.commit.isEmpty,
            let failed = group.filter({ $0.result.outcome.isFailure }).map(\.result.run).max(),
            let passed = group.filter({ $0.result.outcome.isPass && $0.result.run != failed }).map(\.result.run).max()
        else { continue }
        reasons.append((max(failed, passed), .sameCommit(key.commit, failed: failed, passed: passed)))
    }
    return reasons.sorted { $0.run > $1.run }.map(\.reason)
}

/// Which failures of a run are new: the last earlier result of the same branch and setting was no failure, or there is none.
///
/// - Parameters:
///   - failures: the failed results of the run.
///   - earlier: what else is known of these tests.
/// - Returns: the tests whose failure is new.
public func planNewFailures(_ failures: [TestOccurrence], earlier: [TestOccurrence]) -> Set<TestID> {
    let known = Dictionary(grouping: earlier) { $0.result.test }
    let new = failures.filter { failure in
        let before = (known[failure.result.test] ?? []).filter {
            $0.result.run < failure.result.run && $0.branch == failure.branch && $0.setting == failure.setting
        }
        let last = before.max { ($0.result.run, $0.result.testRun) < ($1.result.run, $1.result.testRun) }
        return !(last?.result.outcome.isFailure ?? false)
    }
    return Set(new.map(\.result.test))
}
