import Foundation
import Hummingbird
import RoostModel

/// A test on the page of a run's tests.
struct TestRow {
    struct Square {
        var kind: String
        var text: String
    }

    var id: String
    var name: String
    var storage: String
    var kind: String
    var outcome: String
    var duration: String
    var isOpen: Bool
    var isNew: Bool
    var flaky: String?
    var hasHistory: Bool
    var history: [Square]
    var hasTexts: Bool
    var message: String?
    var stack: String?
    var output: String?
    var errors: String?
    var tries: String?

    init(_ line: TestLine, _ texts: TestTexts?, _ t: Phrases, isOpen: Bool) {
        let result = line.result
        id = "t-\(result.testRun)-\(result.id)"
        name = result.name
        storage = result.name.hasPrefix(result.storage) ? "" : result.storage
        kind = result.outcome.pageName
        outcome = t.outcome(result.outcome)
        duration = t.milliseconds(result.duration)
        self.isOpen = isOpen
        isNew = line.isNew
        flaky = line.flaky.flatMap(\.reasons.first).map(t.reason)
        history = line.history.map { Square(kind: $0.pageName, text: t.outcome($0)) }
        hasHistory = !history.isEmpty
        message = texts?.message
        stack = texts?.stack
        output = texts?.output
        errors = texts?.errors
        tries = result.attempts.isEmpty ? nil : result.attempts.map(t.outcome).joined(separator: ", ")
        hasTexts = texts != nil || tries != nil || hasHistory || flaky != nil
    }
}

extension DashboardRoutes {
    func addTestPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/runs/:run/tests") { try await testsPage($0, $1) }
    }

    private struct Choice {
        var value: String
        var name: String
        var isChosen: Bool
    }

    private struct TestsPage {
        var t: [String: String]
        var run: Int
        var pipeline: String
        var number: String
        var summary: TestSummary
        var search: String
        var choices: [Choice]
        var tests: [TestRow]
        var isCut: Bool
    }

    /// Tests shown on a page, and those of them whose texts are shown too.
    private static let rowLimit = 500
    private static let textLimit = 100

    private func testsPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let run = try await plane.run(RunID(try parameters.number("run"))).run
        let t = request.phrases
        let query = QueryValues(request.query)
        let chosen = query["outcome"] ?? ""
        let search = query["name"] ?? ""
        let tests = try await plane.tests(of: run, text: search, outcomes: Self.outcomes(chosen), limit: Self.rowLimit)
        var rows: [TestRow] = []
        for (index, line) in tests.lines.enumerated() {
            let wanted = index < Self.textLimit && line.result.textLength > 0
            let texts = wanted ? try await plane.texts(of: line.result, line.publication) : nil
            rows.append(TestRow(line, texts, t, isOpen: line.result.outcome.isFailure && index < 3))
        }
        let names = [
            ("", "testsAll"), ("failed", "testsFailed"), ("passed", "testsPassed"), ("others", "testsOthers"),
        ]
        let content = TestsPage(
            t: t.table,
            run: run.id.rawValue,
            pipeline: run.pipelineName,
            number: run.number,
            summary: TestSummary(tests, t),
            search: search,
            choices: names.map { Choice(value: $0.0, name: t[$0.1], isChosen: $0.0 == chosen) },
            tests: rows,
            isCut: tests.isCut
        )
        return Page(
            title: "\(t["tests"]) \(run.number)",
            section: "runs",
            content: render("tests", content),
            stream: run.state.isCompleted ? nil : "/runs/\(run.id)/events"
        )
    }

    private static func outcomes(_ word: String) -> Set<TestOutcome>? {
        switch word {
        case "failed": Set(TestOutcome.allCases.filter(\.isFailure))
        case "passed": Set(TestOutcome.allCases.filter(\.isPass))
        case "others": Set(TestOutcome.allCases.filter { !$0.isFailure && !$0.isPass })
        default: nil
        }
    }
}

/// The tests of a run in numbers, on its page and on that of its tests.
struct TestSummary {
    var total: Int
    var passed: Int
    var failed: Int
    var others: Int
    var newFailures: Int
    var flaky: Int
    /// Hundredths for the bar.
    var passedPart: Int
    var failedPart: Int
    var duration: String
    var hasFailures: Bool

    init(_ tests: RunTests, _ t: Phrases) {
        self.init(tests.publications, t)
        newFailures = tests.newFailures
        flaky = tests.flaky
    }

    init(_ publications: [TestRun], _ t: Phrases) {
        total = publications.reduce(0) { $0 + $1.count }
        passed = publications.reduce(0) { $0 + $1.passes }
        failed = publications.reduce(0) { $0 + $1.failures }
        others = total - passed - failed
        (newFailures, flaky) = (0, 0)
        passedPart = total > 0 ? passed * 100 / total : 0
        failedPart = total > 0 ? (failed * 100 + total - 1) / total : 0
        duration = t.milliseconds(publications.reduce(0) { $0 + $1.duration })
        hasFailures = failed > 0
    }
}

/// A count of coverage on the page of a run.
struct CoverageLine {
    var label: String
    var percent: String
    var counts: String
    var part: Int
    var change: String?
    var changeKind: String

    init(_ count: CodeCoverage.Count, _ report: CoverageReport, _ t: Phrases) {
        label = t.table["coverage.\(count.label)"] ?? count.label
        percent = count.percent.map { Self.text($0) + " %" } ?? "–"
        counts = "\(count.covered) / \(count.total)"
        part = Int(count.percent ?? 0)
        let change = report.now.change(of: count.label, since: report.before)
        self.change = change.map { ($0 < 0 ? "−" : "+") + Self.text(abs($0)) }
        changeKind = (change ?? 0) < -0.05 ? "failed" : (change ?? 0) > 0.05 ? "succeeded" : "skipped"
    }

    private static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension TestOutcome {
    /// The word of the style sheet.
    var pageName: String {
        isFailure ? "failed" : self == .warning ? "succeededWithIssues" : isPass ? "succeeded" : "skipped"
    }
}

extension Phrases {
    func outcome(_ outcome: TestOutcome) -> String { self["outcome.\(outcome.name)"] }

    func milliseconds(_ number: Double) -> String {
        if number < 1000 { return "\(Int(number.rounded())) ms" }
        guard number >= 60_000 else {
            let tenths = Int((number / 100).rounded())
            return "\(tenths / 10).\(tenths % 10) s"
        }
        return duration(number / 1000)
    }

    func reason(_ reason: FlakyReason) -> String {
        switch reason {
        case .sameCommit(let commit, let failed, let passed):
            self["flakyCommit"].replacing("{commit}", with: commit.prefix(10))
                .replacing("{failed}", with: "\(failed)").replacing("{passed}", with: "\(passed)")
        case .reruns(let run): self["flakyReruns"].replacing("{run}", with: "\(run)")
        }
    }

    /// English and Chinese.
    static let aboutTests: [String: (String, String)] = [
        "tests": ("Tests", "测试"), "test": ("Test", "测试"), "noTests": ("No test fits.", "没有符合的测试。"),
        "testsAll": ("All outcomes", "全部结果"), "testsFailed": ("Failed", "失败"), "testsPassed": ("Passed", "通过"),
        "testsOthers": ("Not run and others", "未运行及其他"), "testsNew": ("New failures", "新失败"),
        "newFailure": ("new", "新"), "flaky": ("flaky", "不稳定"), "testsFlaky": ("Flaky", "不稳定"),
        "filter": ("Filter", "筛选"), "nameOfTest": ("Name of a test", "测试名称"), "outcome": ("Outcome", "结果"),
        "message": ("Message", "消息"), "stack": ("Stack", "堆栈"), "testOutput": ("Output", "输出"),
        "testErrors": ("Error output", "错误输出"), "tries": ("Tries", "尝试"), "testHistory": ("History", "历史"),
        "testsCut": ("There are more; the filter finds them.", "还有更多，请使用筛选。"),
        "showTests": ("Show all tests", "查看全部测试"), "passRate": ("Pass rate", "通过率"),
        "coverage": ("Code coverage", "代码覆盖率"), "coverage.Lines": ("Lines", "行"),
        "coverage.Branches": ("Branches", "分支"), "coverageSince": ("Change against run", "相对运行"),
        "summary": ("Summary", "摘要"),
        "flakyCommit": (
            "Commit {commit}: failed in run {failed}, passed in run {passed}",
            "提交 {commit}：运行 {failed} 失败，运行 {passed} 通过"
        ),
        "flakyReruns": ("Failed and passed within run {run}", "在运行 {run} 中既失败又通过"),
        "outcome.None": ("None", "无"), "outcome.Passed": ("Passed", "通过"), "outcome.Failed": ("Failed", "失败"),
        "outcome.Inconclusive": ("Inconclusive", "无结论"), "outcome.Timeout": ("Timed out", "超时"),
        "outcome.Aborted": ("Aborted", "中止"), "outcome.Blocked": ("Blocked", "受阻"),
        "outcome.NotExecuted": ("Not run", "未运行"), "outcome.Warning": ("Passed with a warning", "通过（有警告）"),
        "outcome.Error": ("Error", "错误"), "outcome.NotApplicable": ("Not applicable", "不适用"),
    ]
}
