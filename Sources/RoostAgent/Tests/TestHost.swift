import RoostClient
public import RoostWire

/// Where test results and coverage of a job's run go.
///
/// Calls are made one after the other; each may be repeated, because results carry their numbers.
public protocol TestHost: Sendable {
    /// Begins a publication and gives its number.
    func beginTestRun(_ draft: TestRunDraftWire) async throws -> Int
    /// Adds results to a publication.
    func addTestResults(_ testRun: Int, _ results: [TestCaseResultWire]) async throws
    /// Ends a publication.
    func endTestRun(_ testRun: Int) async throws
    /// Adds a file to a publication, or to one result of it.
    func attach(_ draft: TestAttachmentDraftWire, testRun: Int, result: Int?) async throws
    /// Adds coverage to the run.
    func addCoverage(_ data: CodeCoverageDataWire) async throws
}

extension ContentHost {
    public var tests: (any TestHost)? { nil }
}

/// The server that sent the job.
struct ServerTests: TestHost {
    let client: RoostClient
    let run: Int

    func beginTestRun(_ draft: TestRunDraftWire) async throws -> Int {
        var draft = draft
        draft.build = ShallowReferenceWire(id: String(run))
        return try await client.createTestRun(draft).id ?? 0
    }

    func addTestResults(_ testRun: Int, _ results: [TestCaseResultWire]) async throws {
        try await client.addTestResults(testRun, results)
    }

    func endTestRun(_ testRun: Int) async throws {
        _ = try await client.updateTestRun(testRun, TestRunDraftWire(state: "Completed"))
    }

    func attach(_ draft: TestAttachmentDraftWire, testRun: Int, result: Int?) async throws {
        _ = try await client.attach(draft, testRun: testRun, result: result)
    }

    func addCoverage(_ data: CodeCoverageDataWire) async throws { _ = try await client.addCoverage(run: run, data) }
}
