import RoostModel

/// Test results and coverage in memory.
struct MemoryTests: Sendable {
    private(set) var runs: [TestRunID: TestRun] = [:]
    private(set) var results: [TestRunID: [Int: TestResult]] = [:]
    private(set) var coverage: [RunID: CodeCoverage] = [:]

    mutating func put(_ run: TestRun) { runs[run.id] = run }
    mutating func put(_ made: CodeCoverage) { coverage[made.run] = made }

    mutating func put(_ new: [TestResult]) {
        for result in new { results[result.testRun, default: [:]][result.id] = result }
    }

    mutating func delete(_ id: TestRunID) {
        runs[id] = nil
        results[id] = nil
    }

    mutating func deleteAll(of run: RunID) {
        for id in runs.values.filter({ $0.run == run }).map(\.id) { delete(id) }
        coverage[run] = nil
    }

    func results(_ query: TestResultQuery) -> [TestResult] {
        let fits = (results[query.testRun] ?? [:]).values.filter { result in
            result.id > query.after && (query.outcomes?.contains(result.outcome) ?? true)
        }
        return Array(fits.sorted { $0.id < $1.id }.dropFirst(max(query.skip, 0)).prefix(max(query.limit, 0)))
    }

    func history(_ test: TestID, limit: Int) -> [TestOccurrence] {
        let found = results.values.flatMap { $0.values.filter { $0.test == test } }
        let newest = found.sorted { ($0.testRun, $0.id) > ($1.testRun, $1.id) }.prefix(max(limit, 0))
        return newest.compactMap { result in runs[result.testRun].map { TestOccurrence(result, $0) } }
    }

    func unstable(_ pipeline: PipelineID, publications: Int, limit: Int) -> [TestID] {
        let newest = runs.values.filter { $0.pipeline == pipeline }.map(\.id).sorted(by: >).prefix(publications)
        let tests = newest.flatMap { id in
            (results[id] ?? [:]).values.filter { $0.outcome.isFailure || $0.isMixed }.map(\.test)
        }
        return Array(Set(tests).sorted().prefix(limit))
    }

    func named(_ name: String, pipeline: PipelineID?, limit: Int) -> [TestID] {
        let all = results.values.flatMap(\.values).filter { result in
            (result.name == name || result.title == name) && (pipeline == nil || result.pipeline == pipeline)
        }
        return Array(Set(all.map(\.test)).sorted().prefix(max(limit, 0)))
    }
}
