import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostContent
import RoostModel
import RoostWire

/// Test results in the shapes of Azure DevOps: publications, their results, files beside them.
func addTestRoutes(to table: RouteTable) {
    let runs = "test/runs"
    let results = "\(runs)/{runId}/results"
    let read = RouteAccess.scope(.build).or(.job(.any))
    let write = RouteAccess.scope(.buildExecute).or(.job(.any))

    table.get(runs, .service(.optional), access: read) { call in try await call.testRuns() }
    table.post(runs, .service(.optional), access: write) { call in
        let draft = try await call.decode(TestRunDraftWire.self)
        guard let build = draft.build?.id.flatMap(Int.init) else {
            throw ControlError.invalid(
                what: "The test run",
                problem: "it names no build",
                advice: "Send 'build': {'id': NUMBER}."
            )
        }
        let run = try await call.plane.run(RunID(build)).run
        try call.requireOwn(run.id)
        return try call.answer(call.view(await call.plane.createTestRun(run: run, draft, by: call.caller)))
    }
    table.get("\(runs)/{runId}", .service(.optional), access: read) { call in
        try call.answer(call.view(await call.testRun()))
    }
    table.patch("\(runs)/{runId}", .service(.optional), access: write) { call in
        let known = try await call.testRun()
        let draft = try await call.decode(TestRunDraftWire.self)
        return try call.answer(call.view(await call.plane.updateTestRun(known.id, draft)))
    }
    table.delete("\(runs)/{runId}", .service(.optional), access: .scope(.buildExecute)) { call in
        try await call.plane.deleteTestRun(call.testRun().id, by: call.caller)
        return call.nothing
    }
    table.get("\(runs)/{runId}/statistics", .service(.optional), access: read) { call in
        let run = try await call.testRun()
        let wire = call.view(run)
        return try call.answer(
            TestRunStatisticsWire(
                run: ShallowReferenceWire(id: run.id.description, name: run.name, url: wire.url),
                runStatistics: wire.runStatistics ?? []
            )
        )
    }
    table.get(results, .service(.optional), access: read) { call in try await call.testResults() }
    for method in [HTTPRequest.Method.post, .patch] {
        table.add(method, results, .service(.optional), access: write) { call in
            let run = try await call.testRun()
            let wires = try await call.decodeList(TestCaseResultWire.self)
            let kept = try await call.plane.addTestResults(to: run.id, wires)
            return try call.list(kept.map { call.view($0, run, texts: nil) })
        }
    }
    table.get("\(results)/{testCaseResultId}", .service(.optional), access: read) { call in
        let run = try await call.testRun()
        let result = try await call.plane.testResult(run, call.number("testCaseResultId"))
        return try await call.answer(call.view(result, run, texts: call.plane.texts(of: result, run)))
    }
    addTestAttachmentRoutes(to: table, below: "\(runs)/{runId}", read, write)
    addTestAttachmentRoutes(to: table, below: "\(results)/{testCaseResultId}", read, write)
    table.post("test/results/testhistory", .service(.optional), access: .scope(.build)) { call in
        try await call.testHistory()
    }
}

private func addTestAttachmentRoutes(
    to table: RouteTable,
    below owner: String,
    _ read: RouteAccess,
    _ write: RouteAccess
) {
    let attachments = "\(owner)/attachments"
    table.get(attachments, .service(.optional), access: read) { call in
        let (run, result) = (try await call.testRun(), call.testResultNumber)
        return try call.list(run.attachments.filter { $0.result == result }.map { call.view($0, run) })
    }
    table.post(attachments, .service(.optional), access: write) { call in
        let run = try await call.testRun()
        let draft = try await call.decode(TestAttachmentDraftWire.self)
        guard let bytes = Data(base64Encoded: draft.stream), !draft.fileName.isEmpty else {
            throw ControlError.invalid(
                what: "The attachment '\(draft.fileName)'",
                problem: draft.fileName.isEmpty ? "it has no 'fileName'" : "its 'stream' is not base64",
                advice: nil
            )
        }
        if let number = call.testResultNumber { _ = try await call.plane.testResult(run, number) }
        let made = try await call.plane.attach(Array(bytes), draft, to: run.id, result: call.testResultNumber)
        return try call.answer(call.view(made, run))
    }
    table.get("\(attachments)/{attachmentId}", .service(.optional), access: read) { call in
        let run = try await call.testRun()
        let (known, bytes) = try await call.plane.attachment(
            call.number("attachmentId"),
            of: run,
            result: call.testResultNumber
        )
        guard call.negotiation.prefers("application/zip") else {
            return call.bytes(bytes, type: "application/octet-stream")
        }
        var archive = ZipArchive()
        var zip = archive.begin(known.name, at: Date(timeIntervalSinceReferenceDate: known.createdAt))
        archive.add(bytes)
        zip += bytes
        zip += archive.end()
        zip += archive.finish()
        return call.bytes(zip, type: "application/zip")
    }
}

extension Call {
    /// A job speaks of its own run alone.
    func requireOwn(_ run: RunID) throws {
        guard case .job(_, let own, _, _) = principal, own != run else { return }
        throw ControlError.forbidden(what: "reach the tests of run \(run)", needs: "the token of a person")
    }

    /// The publication of the path.
    fileprivate func testRun() async throws -> TestRun {
        let found = try await plane.testRun(TestRunID(number("runId")))
        if let project = try project(), project.id != found.project {
            throw RequestProblem.notFound(what: "test run \(found.id)")
        }
        try requireOwn(found.run)
        return found
    }

    fileprivate var testResultNumber: Int? { Int(raw("testCaseResultId")) }

    /// `buildUri` and `buildIds` choose runs; without them all of the project, newest first.
    fileprivate func testRuns() async throws -> Response {
        let uri = query["buildUri"].flatMap { $0.split(separator: "/").last }.flatMap { Int($0) }
        let builds = try query.numbers("buildIds") ?? uri.map { [$0] }
        let skip = max(0, try query.number("$skip") ?? query.number("skip") ?? 0)
        let top = min(1000, max(0, try query.number("$top") ?? query.number("top") ?? 100))
        var found: [TestRun] = []
        if let builds {
            for build in builds {
                try requireOwn(RunID(build))
                found += try await plane.testRuns(of: RunID(build))
            }
        } else {
            guard job == nil else {
                throw ControlError.forbidden(what: "list test runs", needs: "the token of a person")
            }
            found = try await plane.testRuns(project: project()?.id, before: nil, limit: skip + top)
        }
        return try list(found.dropFirst(skip).prefix(top).map { view($0) })
    }

    fileprivate func testResults() async throws -> Response {
        let run = try await testRun()
        var outcomes: Set<TestOutcome>?
        if let names = query.list("outcomes") {
            outcomes = try Set(
                names.map { name in
                    guard let outcome = TestOutcome(wire: name) else {
                        throw RequestProblem.badParameter(name: "outcomes", value: name, expected: "list of outcomes")
                    }
                    return outcome
                }
            )
        }
        let wanted = TestResultQuery(
            testRun: run.id,
            outcomes: outcomes,
            skip: try query.number("$skip") ?? 0,
            limit: min(1000, max(1, try query.number("$top") ?? 1000))
        )
        var views: [TestCaseResultWire] = []
        for result in try await plane.testResults(wanted) {
            // Of results that passed the list shows no texts; whoever wants them asks for the result.
            let texts = result.outcome.isPass ? nil : try await plane.texts(of: result, run)
            views.append(view(result, run, texts: texts))
        }
        return try list(views)
    }

    fileprivate func testHistory() async throws -> Response {
        let asked = try await decode(TestHistoryQueryWire.self)
        let found = try await plane.testHistory(
            asked.automatedTestName ?? "",
            pipeline: asked.buildDefinitionId.flatMap { $0 > 0 ? PipelineID($0) : nil },
            branch: asked.branch.flatMap { $0.isEmpty ? nil : $0 },
            limit: 100
        )
        let groups = Dictionary(grouping: found) { $0.branch }.sorted { $0.key < $1.key }
        var answer = asked
        answer.resultsForGroup = try await groups.asyncMap { branch, all in
            var results: [TestCaseResultWire] = []
            for one in all { results.append(view(one.result, try await plane.testRun(one.result.testRun), texts: nil)) }
            return TestHistoryQueryWire.Group(groupByValue: branch, results: results)
        }
        return try self.answer(answer)
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
