import Crypto
import FoundationEssentials
public import RoostModel
import RoostStore
public import RoostWire

extension ControlPlane {
    /// The publications of test results of a run, in the order in which they were made.
    public func testRuns(of run: RunID) async throws -> [TestRun] { try await store.testRuns(of: run) }

    /// A publication.
    public func testRun(_ id: TestRunID) async throws -> TestRun {
        guard let found = try await store.testRun(id) else { throw RequestProblem.notFound(what: "test run \(id)") }
        return found
    }

    /// Begins a publication.
    public func createTestRun(run: Run, _ draft: TestRunDraftWire, by caller: Caller) async throws -> TestRun {
        let name = draft.name.flatMap { $0.isEmpty ? nil : $0 } ?? "Test run of \(run.number)"
        return try await change { state, change in
            state.counters.testRun += 1
            var job: Job?
            if case .job(let id, _, _, _) = caller.principal { job = state.job(id) }
            let made = TestRun(
                id: TestRunID(state.counters.testRun),
                run: run.id,
                project: run.project,
                pipeline: run.pipeline,
                branch: run.sourceBranch,
                commit: run.sourceVersion,
                name: String(name.prefix(255)),
                job: job.map { "\($0.stage).\($0.name).\($0.leg ?? "")" } ?? "",
                platform: String((draft.buildPlatform ?? "").prefix(255)),
                configuration: String((draft.buildFlavor ?? "").prefix(255)),
                startedAt: change.now
            )
            change.store.append(.putTestRun(made))
            if !caller.isWork { change.audit(caller, "test-run.create", "run:\(run.id)", made.name) }
            return made
        }
    }

    /// Changes the name or the state of a publication.
    public func updateTestRun(_ id: TestRunID, _ draft: TestRunDraftWire) async throws -> TestRun {
        let known = try await testRun(id)
        var wanted: TestRun.State?
        if let text = draft.state {
            wanted = [.inProgress, .completed, .aborted].first { $0.rawValue.lowercased() == text.lowercased() }
            guard wanted != nil || ["waiting", "notstarted", "unspecified"].contains(text.lowercased()) else {
                throw ControlError.invalid(
                    what: "The test run",
                    problem: "'\(text)' is no state",
                    advice: "Use InProgress, Completed or Aborted."
                )
            }
        }
        let state = wanted
        return try await serially(known.run) { [self] in
            var changed = try await testRun(id)
            if let name = draft.name, !name.isEmpty { changed.name = String(name.prefix(255)) }
            changed.state = state ?? changed.state
            if changed.state != .inProgress, changed.finishedAt == nil { changed.finishedAt = Date() }
            return try await keep(changed)
        }
    }

    /// Removes a publication and its results.
    public func deleteTestRun(_ id: TestRunID, by caller: Caller) async throws {
        let known = try await testRun(id)
        try await change { _, change in
            change.store.append(.deleteTestRun(id))
            change.audit(caller, "test-run.delete", "run:\(known.run)", known.name)
        }
    }

    private func keep(_ changed: TestRun, _ results: [TestResult] = []) async throws -> TestRun {
        try await change { _, change in
            if !results.isEmpty { change.store.append(.putTestResults(results)) }
            change.store.append(.putTestRun(changed))
            return changed
        }
    }

    // MARK: Results

    /// The most results of one request, as Azure DevOps has it.
    static let testBatch = 1000
    /// The most results of a publication.
    static let testLimit = 1_000_000

    /// Adds results to a publication, or replaces those whose number it has already.
    ///
    /// - Parameters:
    ///   - id: the publication.
    ///   - wires: results; one without a number gets the next. A request that is repeated with numbers changes nothing.
    /// - Returns: the results as they are kept.
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` for a result that cannot be one.
    public func addTestResults(to id: TestRunID, _ wires: [TestCaseResultWire]) async throws -> [TestResult] {
        guard wires.count <= Self.testBatch else {
            throw ControlError.invalid(
                what: "The list of results",
                problem: "it has \(wires.count) entries",
                advice: "Send at most \(Self.testBatch) at once."
            )
        }
        let known = try await testRun(id)
        return try await serially(known.run) { [self] in
            var changed = try await testRun(id)
            let (results, texts) = try await number(wires, in: &changed)
            let placed = try await keepTexts(results, texts, of: changed)
            changed.textBytes = max(changed.textBytes, placed.map { $0.textOffset + $0.textLength }.max() ?? 0)
            _ = try await keep(changed, placed)
            return placed
        }
    }

    private func number(
        _ wires: [TestCaseResultWire],
        in run: inout TestRun
    ) async throws -> ([TestResult], [TestTexts?]) {
        var results: [TestResult] = []
        for wire in wires {
            let id = wire.id.flatMap { $0 > 0 ? $0 : nil } ?? run.lastResult + 1
            guard id <= Self.testLimit else {
                throw ControlError.invalid(
                    what: "The result \(id)",
                    problem: "a test run has at most \(Self.testLimit) results",
                    advice: "Publish them in several test runs."
                )
            }
            var before: TestResult?
            if id <= run.lastResult { before = try await store.testResult(run.id, id) }
            let result = try Self.result(wire, id, run, before)
            if let before {
                run.totals[before.outcome, default: 0] -= 1
                run.duration -= before.duration
            }
            run.totals[result.outcome, default: 0] += 1
            run.duration += result.duration
            run.lastResult = max(run.lastResult, id)
            results.append(result)
        }
        run.totals = run.totals.filter { $0.value > 0 }
        return (results, wires.map(TestTexts.init))
    }

    private static func result(
        _ wire: TestCaseResultWire,
        _ id: Int,
        _ run: TestRun,
        _ before: TestResult?
    ) throws(ControlError) -> TestResult {
        let name = wire.automatedTestName ?? wire.testCaseTitle ?? before?.name ?? ""
        guard !name.isEmpty else {
            throw .invalid(
                what: "The result \(id)",
                problem: "it has neither 'automatedTestName' nor 'testCaseTitle'",
                advice: nil
            )
        }
        var outcome = before?.outcome ?? TestOutcome.none
        if let text = wire.outcome {
            guard let read = TestOutcome(wire: text) else {
                throw .invalid(
                    what: "The result of '\(name)'",
                    problem: "'\(text)' is no outcome",
                    advice: "Use \(TestOutcome.allCases.map(\.name).joined(separator: ", "))."
                )
            }
            outcome = read
        }
        let storage = wire.automatedTestStorage ?? before?.storage ?? ""
        var result = TestResult(
            testRun: run.id,
            id: id,
            run: run.run,
            pipeline: run.pipeline,
            test: testID(run.pipeline, name, storage),
            name: String(name.prefix(nameLimit)),
            title: String((wire.testCaseTitle ?? before?.title ?? name).prefix(nameLimit)),
            storage: String(storage.prefix(nameLimit)),
            outcome: outcome,
            duration: wire.durationInMs.map { $0.isFinite ? max(0, $0) : 0 } ?? before?.duration ?? 0
        )
        result.attempts = (wire.subResults ?? []).prefix(100).compactMap { $0.outcome.flatMap(TestOutcome.init(wire:)) }
        if wire.resultGroupType?.lowercased() != "rerun" { result.attempts = before?.attempts ?? [] }
        result.textOffset = before?.textOffset ?? 0
        result.textLength = before?.textLength ?? 0
        return result
    }

    private static let nameLimit = 1024

    /// 53 bits of a hash, which every client can hold as a number.
    static func testID(_ pipeline: PipelineID, _ name: String, _ storage: String) -> TestID {
        let digest = SHA256.hash(data: Array("\(pipeline)\u{0}\(storage)\u{0}\(name)".utf8))
        return TestID(digest.prefix(7).reduce(0) { $0 << 8 | Int($1) } >> 3)
    }

    // MARK: Texts

    private func textKey(_ run: TestRun) throws -> BlobKey {
        guard let key = BlobKey("runs/\(run.run)/tests/\(run.id)") else {
            throw RequestProblem.notFound(what: "test run \(run.id)")
        }
        return key
    }

    private func keepTexts(_ results: [TestResult], _ texts: [TestTexts?], of run: TestRun) async throws -> [TestResult]
    {
        var bytes: [UInt8] = []
        var placed = results
        for (index, text) in texts.enumerated() {
            guard let text else { continue }
            let encoded = try WireJSON.encode(text)
            placed[index].textOffset = bytes.count
            placed[index].textLength = encoded.count
            bytes += encoded
        }
        guard !bytes.isEmpty else { return placed }
        let size = try await blobs.append(bytes, to: textKey(run), at: nil)
        for (index, text) in texts.enumerated() where text != nil { placed[index].textOffset += size - bytes.count }
        return placed
    }

    /// The texts of a result; nil when it has none.
    func texts(of result: TestResult, _ run: TestRun) async throws -> TestTexts? {
        guard result.textLength > 0 else { return nil }
        let range = result.textOffset..<(result.textOffset + result.textLength)
        let bytes = try await blobs.read(textKey(run), range)
        return try WireJSON.decode(TestTexts.self, from: Data(bytes))
    }

    /// Results of a publication.
    public func testResults(_ query: TestResultQuery) async throws -> [TestResult] {
        try await store.testResults(query)
    }

    /// One result of a publication.
    public func testResult(_ run: TestRun, _ id: Int) async throws -> TestResult {
        guard let found = try await store.testResult(run.id, id) else {
            throw RequestProblem.notFound(what: "result \(id) of test run \(run.id)")
        }
        return found
    }

    // MARK: Attachments

    /// Keeps a file of a publication or of one of its results.
    public func attach(
        _ bytes: [UInt8],
        _ draft: TestAttachmentDraftWire,
        to id: TestRunID,
        result: Int?
    ) async throws -> TestRun.Attachment {
        let known = try await testRun(id)
        return try await serially(known.run) { [self] in
            var changed = try await testRun(id)
            let attachment = TestRun.Attachment(
                id: (changed.attachments.last?.id ?? 0) + 1,
                name: String(draft.fileName.prefix(255)),
                kind: draft.attachmentType ?? "GeneralAttachment",
                comment: draft.comment ?? "",
                size: bytes.count,
                result: result,
                createdAt: Date().timeIntervalSinceReferenceDate
            )
            let key = try attachmentKey(changed, attachment.id)
            try await blobs.delete(key)
            if !bytes.isEmpty { _ = try await blobs.append(bytes, to: key, at: 0) }
            changed.attachments.append(attachment)
            _ = try await keep(changed)
            return attachment
        }
    }

    /// The bytes of an attachment.
    public func attachment(_ id: Int, of run: TestRun, result: Int?) async throws -> (TestRun.Attachment, [UInt8]) {
        guard let known = run.attachments.first(where: { $0.id == id && $0.result == result }) else {
            throw RequestProblem.notFound(what: "attachment \(id) of test run \(run.id)")
        }
        return (known, try await blobs.read(attachmentKey(run, id), 0..<known.size))
    }

    private func attachmentKey(_ run: TestRun, _ id: Int) throws -> BlobKey {
        guard let key = BlobKey("runs/\(run.run)/tests/\(run.id)-\(id)") else {
            throw RequestProblem.notFound(what: "attachment \(id)")
        }
        return key
    }
}

extension ControlPlane {
    /// One page of all publications, newest first; of the page, those of a project.
    public func testRuns(project: ProjectID?, before: TestRunID?, limit: Int) async throws -> [TestRun] {
        try await store.testRuns(project: project, before: before, limit: limit)
    }
}
