import Foundation
import Hummingbird
import RoostModel
import RoostStore

extension DashboardRoutes {
    // MARK: Runs

    /// Rows on one page of a list.
    private static let pageSize = 50

    private struct RunRow {
        var id: Int
        var number: String
        /// The first line of the commit's message, when it is part of the run's name.
        var subject: String?
        var pipeline: String
        var pipelineID: Int
        var state: String
        var stateText: String
        var waiting: String?
        var branch: String
        var requestedBy: String
        var queuedAt: String
        var age: String
        var duration: String
        /// How many of its tests passed; nil when it has none.
        var tests: String?
    }

    private struct QueueForm {
        var id: Int
        var branch: String
        var t: [String: String]
    }

    private struct RunsPage {
        var t: [String: String]
        var heading: String
        var subheading: String
        var queueForm: QueueForm?
        var waiting: RequestPart?
        var runs: [RunRow]
        var older: String?
    }

    func runsPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let t = request.phrases
        let runs = try await plane.runs(RunQuery(before: before(request), limit: Self.pageSize))
        let content = RunsPage(
            t: t.table,
            heading: t["runs"],
            subheading: t["recentRuns"],
            runs: runs.filter { sees(.pipeline($0.run.pipeline), request) }.map { row($0, t) },
            older: older(runs, "/runs")
        )
        return Page(title: t["runs"], section: "runs", content: render("runs", content), stream: "/changes")
    }

    func pipelinePage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let t = request.phrases
        let pipeline = try plane.pipeline(PipelineID(try parameters.number("pipeline")))
        let query = RunQuery(pipelines: [pipeline.id], before: before(request), limit: Self.pageSize)
        let runs = try await plane.runs(query)
        var rows = runs.map { row($0, t) }
        for (index, summary) in runs.enumerated() {
            let publications = try await plane.testRuns(of: summary.run.id)
            guard !publications.isEmpty else { continue }
            let tests = TestSummary(publications, t)
            rows[index].tests = "\(t["tests"]): \(tests.passed) / \(tests.total)"
        }
        let content = RunsPage(
            t: t.table,
            heading: pipeline.name,
            subheading: "\(pipeline.repository.name) · \(pipeline.yamlPath)",
            queueForm: QueueForm(
                id: pipeline.id.rawValue,
                branch: pipeline.repository.defaultBranch.shortRef,
                t: t.table
            ),
            waiting: waitingRequests(of: pipeline, request),
            runs: rows,
            older: older(runs, "/pipelines/\(pipeline.id)")
        )
        return Page(title: pipeline.name, section: "pipelines", content: render("runs", content), stream: "/changes")
    }

    private func before(_ request: DashboardRequest) -> RunID? {
        let pair = (request.query ?? "").split(separator: "&").first { $0.hasPrefix("before=") }
        return pair.flatMap { Int($0.dropFirst(7)) }.map { RunID($0) }
    }

    private func older(_ runs: [RunSummary], _ path: String) -> String? {
        runs.count < Self.pageSize ? nil : runs.last.map { "\(path)?before=\($0.run.id)" }
    }

    private func row(_ summary: RunSummary, _ t: Phrases) -> RunRow {
        let run = summary.run
        let now = Date()
        return RunRow(
            id: run.id.rawValue,
            number: run.number,
            subject: run.titleSubject,
            pipeline: run.pipelineName,
            pipelineID: run.pipeline.rawValue,
            state: run.state.pageName,
            stateText: t.state(run.state.pageName),
            waiting: summary.waiting.map(t.wait),
            branch: run.sourceBranch.shortRef,
            requestedBy: run.requestedBy,
            queuedAt: run.queuedAt.ISO8601Format(),
            age: t.age(run.queuedAt, now: now),
            duration: run.startedAt.map { t.duration((run.finishedAt ?? now).timeIntervalSince($0)) } ?? "–"
        )
    }

    func runPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let view = try await plane.run(RunID(try parameters.number("run")))
        var waits: [JobID: WaitSummary] = [:]
        for job in view.jobs where !job.state.isFinished && job.state.lease == nil {
            waits[job.id] = try? await plane.why(job: job.id, run: view.run.id)
        }
        var content = RunPage(view, waits: waits, request.phrases, now: Date())
        content.checks = try await checks(of: view.run, request)
        content.starts = starts(of: view.run, request)
        content.validations = validations(of: view.run, request)
        content.artifacts = try await plane.artifacts(of: view.run.id).map { ArtifactLine($0, request.phrases) }
        content.hasArtifacts = !content.artifacts.isEmpty
        content.checkouts = try await plane.checkouts(run: view.run.id, limit: 100).map { CheckoutLine($0) }
        content.hasCheckouts = !content.checkouts.isEmpty
        try await addReports(of: view.run, to: &content, request.phrases)
        return Page(
            title: "\(view.run.pipelineName) \(view.run.title)",
            section: "runs",
            content: render("run", content),
            stream: view.run.state.isCompleted ? nil : "/runs/\(view.run.id)/events"
        )
    }

    /// Tests, coverage, and what steps wrote for the reader.
    private func addReports(of run: Run, to content: inout RunPage, _ t: Phrases) async throws {
        let publications = try await plane.testRuns(of: run.id)
        content.tests = publications.isEmpty ? nil : TestSummary(publications, t)
        content.hasTests = !publications.isEmpty
        if let report = try await plane.coverage(of: run) {
            content.coverage = report.now.counts.map { CoverageLine($0, report, t) }
            content.coverageSince = report.before?.run.rawValue
        }
        content.hasCoverage = !content.coverage.isEmpty
        let kind = "DistributedTask.Core.Summary"
        for entry in try await plane.attachments(run: run.id, type: kind).prefix(Self.summaryLimit) {
            let record = RecordID(entry.record)
            guard
                let bytes = try await plane.attachment(run: run.id, record: record, type: kind, name: entry.name)
            else { continue }
            let name =
                entry.name.hasPrefix(Self.summaryPrefix)
                ? entry.name.dropFirst(Self.summaryPrefix.count) : entry.name[...]
            content.summaries.append(
                RunPage.SummaryPart(
                    id: "summary-\(content.summaries.count + 1)",
                    name: String(name),
                    html: SafeMarkdown.html(String(decoding: bytes, as: UTF8.self))
                )
            )
        }
    }

    private static let summaryLimit = 50
    private static let summaryPrefix = "CustomMarkDownSummary-"

    /// The buttons of stages that wait for a person.
    private func starts(of run: Run, _ request: DashboardRequest) -> [RunPage.StartPart] {
        let t = request.phrases
        let mayStart = (try? request.require(.buildExecute, to: "start a stage")) != nil
        return plane.stagesToStart(in: run.id).map { stage in
            RunPage.StartPart(
                run: run.id.rawValue,
                stage: stage.name,
                title: stage.displayName,
                text: t["startHint"],
                mayStart: mayStart,
                maySkip: mayStart && stage.isSkippable != false,
                whyNot: mayStart ? nil : t["startScopeMissing"]
            )
        }
    }

    private struct LogPage {
        var t: [String: String]
        var run: Int
        var log: Int
        var pipeline: String
        var number: String
        var job: String
        var name: String
        var state: String
        var live: String
    }

    func logPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let view = try await plane.run(RunID(try parameters.number("run")))
        let id = LogID(try parameters.number("log"))
        guard let log = view.logs.first(where: { $0.id == id }) else { throw ControlError.logNotFound(id.rawValue) }
        let record = view.records.first { $0.log == id }
        let job = record?.parent.flatMap { parent in view.records.first { $0.id == parent } }
        let content = LogPage(
            t: request.phrases.table,
            run: view.run.id.rawValue,
            log: id.rawValue,
            pipeline: view.run.pipelineName,
            number: view.run.number,
            job: job?.name ?? "",
            name: record?.name ?? log.path,
            state: record?.pageState ?? "pending",
            live: view.run.state.isCompleted ? "0" : "1"
        )
        return Page(title: content.name, section: "runs", content: render("log", content))
    }

    // MARK: Pipelines

    private struct PipelineRow {
        var id: Int
        var name: String
        var project: String
        var repository: String
        var file: String
    }

    func pipelinesPage(_ request: DashboardRequest) throws -> Page {
        let t = request.phrases
        let projects = Dictionary(plane.projects().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let rows = plane.pipelines(in: nil).filter { sees(.pipeline($0.id), request) }.map {
            PipelineRow(
                id: $0.id.rawValue,
                name: $0.name,
                project: projects[$0.project] ?? "",
                repository: $0.repository.name,
                file: $0.yamlPath
            )
        }
        let content = render("pipelines", ["t": t.table, "pipelines": rows] as [String: Any])
        return Page(title: t["pipelines"], section: "pipelines", content: content)
    }

    // MARK: Queue

    struct WaitingRow {
        var job: String
        var run: Int
        var pipeline: String
        var number: String
        var pool: String
        var queuedAt: String
        var age: String
        var reason: String
    }

    func waiting(in pool: PoolID?, _ request: DashboardRequest, _ t: Phrases) -> [WaitingRow] {
        let names = Dictionary(plane.pools().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        return plane.waitingJobs(in: pool).filter { sees(.pipeline($0.job.pipeline), request) }.map { entry in
            let since = entry.job.queuedAt ?? Date()
            return WaitingRow(
                job: entry.job.displayName,
                run: entry.job.run.rawValue,
                pipeline: entry.pipelineName,
                number: entry.runNumber,
                pool: entry.job.pool.flatMap { names[$0] } ?? "",
                queuedAt: since.ISO8601Format(),
                age: t.age(since, now: Date()),
                reason: t.wait(entry.wait)
            )
        }
    }

    func queuePage(_ request: DashboardRequest) -> Page {
        let t = request.phrases
        let content = render("queue", ["t": t.table, "waiting": waiting(in: nil, request, t)] as [String: Any])
        return Page(title: t["queue"], section: "queue", content: content, stream: "/changes")
    }

    // MARK: Pools and agents

    private struct PoolRow {
        var id: Int
        var name: String
        var agents: Int
        var online: Int
        var busy: Int
        var waiting: Int
    }

    func poolsPage(_ request: DashboardRequest) -> Page {
        let t = request.phrases
        let rows = plane.pools().filter { sees(.pool($0.id), request) }.map { pool in
            let counts = plane.poolCounts(pool.id)
            return PoolRow(
                id: pool.id.rawValue,
                name: pool.name,
                agents: counts.agents,
                online: counts.online,
                busy: counts.busy,
                waiting: counts.waiting
            )
        }
        let content = render("pools", ["t": t.table, "pools": rows] as [String: Any])
        return Page(title: t["pools"], section: "pools", content: content, stream: "/changes")
    }
}
