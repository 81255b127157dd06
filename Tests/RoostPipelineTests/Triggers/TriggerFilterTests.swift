import RoostModel
import RoostPipeline
import Testing

@Suite("Which pushes begin runs")
struct TriggerFilterTests {
    /// A file's triggers, a push, and what comes of it.
    struct Row: CustomTestStringConvertible, Sendable {
        var yaml: String
        var ref = "refs/heads/main"
        var message = ""
        var paths: [String]?
        var active: String?
        var settings = TriggerSettings()
        var verdict: TriggerVerdict

        var testDescription: String { "\(yaml) · \(ref) · \(paths ?? []) · \(message)" }
    }

    private static func queued(by pattern: String) -> TriggerVerdict { .queue(.branchIncluded(pattern: pattern)) }

    static let branches: [Row] = [
        Row(yaml: "", verdict: .queue(.impliedTrigger)),
        Row(yaml: "trigger:", verdict: .queue(.impliedTrigger)),
        Row(yaml: "", ref: "refs/heads/any/thing", verdict: .queue(.impliedTrigger)),
        Row(yaml: "", ref: "refs/tags/v1", verdict: .skip(.noTagTrigger)),
        Row(yaml: "trigger: none", verdict: .skip(.noTrigger("trigger: none"))),
        Row(yaml: "trigger: None", verdict: .skip(.noTrigger("trigger: none"))),
        Row(yaml: "trigger: main", verdict: queued(by: "main")),
        Row(yaml: "trigger: [main]", verdict: queued(by: "main")),
        Row(yaml: "trigger: [main]", ref: "refs/heads/Main", verdict: .skip(.branchNotIncluded)),
        Row(yaml: "trigger: [main]", ref: "refs/heads/main2", verdict: .skip(.branchNotIncluded)),
        Row(yaml: "trigger: [main]", ref: "refs/heads/a/main", verdict: .skip(.branchNotIncluded)),
        Row(yaml: "trigger: [refs/heads/main]", verdict: queued(by: "refs/heads/main")),
        Row(yaml: "trigger: ['*']", ref: "refs/heads/a/b", verdict: queued(by: "*")),
        Row(yaml: "trigger: ['releases/*']", ref: "refs/heads/releases/1/2", verdict: queued(by: "releases/*")),
        Row(yaml: "trigger: ['releases/*']", ref: "refs/heads/releases", verdict: .skip(.branchNotIncluded)),
        Row(yaml: "trigger: ['rel?']", ref: "refs/heads/rel1", verdict: queued(by: "rel?")),
        Row(yaml: "trigger: ['rel?']", ref: "refs/heads/rel", verdict: .skip(.branchNotIncluded)),
        Row(yaml: "trigger: ['*-fix']", ref: "refs/heads/a-fix-fix", verdict: queued(by: "*-fix")),
        Row(yaml: "trigger: ['a*b*c']", ref: "refs/heads/abbxc", verdict: queued(by: "a*b*c")),
        Row(yaml: "trigger: ['a*b*c']", ref: "refs/heads/abbxd", verdict: .skip(.branchNotIncluded)),
        Row(
            yaml: "trigger: { branches: { include: [main, 'releases/*'], exclude: ['releases/old*'] } }",
            ref: "refs/heads/releases/old1",
            verdict: .skip(.branchExcluded(pattern: "releases/old*"))
        ),
        Row(
            yaml: "trigger: { branches: { include: [main, 'releases/*'], exclude: ['releases/old*'] } }",
            ref: "refs/heads/releases/new",
            verdict: queued(by: "releases/*")
        ),
        Row(
            yaml: "trigger: { branches: { exclude: [wip] } }",
            ref: "refs/heads/other",
            verdict: queued(by: "*")
        ),
        Row(
            yaml: "trigger: { branches: { exclude: [wip] } }",
            ref: "refs/heads/wip",
            verdict: .skip(.branchExcluded(pattern: "wip"))
        ),
        Row(
            yaml: "trigger: { branches: { include: [main], exclude: [main] } }",
            verdict: .skip(.branchExcluded(pattern: "main"))
        ),
        Row(yaml: "trigger: { branches: [main] }", verdict: queued(by: "main")),
        Row(yaml: "trigger: { branches: { include: [] } }", verdict: .queue(.impliedTrigger)),
    ]

    static let tags: [Row] = [
        Row(
            yaml: "trigger: { tags: { include: ['v*'] } }",
            ref: "refs/tags/v1.2",
            verdict: .queue(.tagIncluded(pattern: "v*"))
        ),
        Row(yaml: "trigger: { tags: ['v*'] }", ref: "refs/tags/x", verdict: .skip(.tagNotIncluded)),
        Row(yaml: "trigger: { tags: ['v*'] }", verdict: .skip(.onlyTagsTrigger)),
        Row(
            yaml: "trigger: { tags: { exclude: ['*-rc'] } }",
            ref: "refs/tags/v1-rc",
            verdict: .skip(.tagExcluded(pattern: "*-rc"))
        ),
        Row(
            yaml: "trigger: { tags: { exclude: ['*-rc'] } }",
            ref: "refs/tags/v1",
            verdict: .queue(.tagIncluded(pattern: "*"))
        ),
        Row(
            yaml: "trigger: { branches: [main], tags: ['v*'] }",
            ref: "refs/tags/v1",
            verdict: .queue(.tagIncluded(pattern: "v*"))
        ),
        Row(yaml: "trigger: { branches: [main], tags: ['v*'] }", verdict: queued(by: "main")),
        Row(
            yaml: "trigger: { branches: [main], tags: ['v*'] }",
            ref: "refs/heads/other",
            verdict: .skip(.branchNotIncluded)
        ),
        Row(yaml: "trigger: [main]", ref: "refs/tags/main", verdict: .skip(.noTagTrigger)),
        Row(
            yaml: "trigger: [refs/tags/v*]",
            ref: "refs/tags/v2",
            verdict: .queue(.tagIncluded(pattern: "refs/tags/v*"))
        ),
        Row(yaml: "trigger: [refs/tags/v*]", ref: "refs/tags/x", verdict: .skip(.tagNotIncluded)),
        Row(yaml: "trigger: [refs/tags/v*]", verdict: .skip(.branchNotIncluded)),
        Row(
            yaml: "trigger: { branches: { include: [refs/tags/*], exclude: [refs/tags/old*] } }",
            ref: "refs/tags/old1",
            verdict: .skip(.tagExcluded(pattern: "refs/tags/old*"))
        ),
        Row(
            yaml: "trigger: { tags: ['v*'], paths: { include: [src] } }",
            ref: "refs/tags/v1",
            paths: ["docs/a"],
            verdict: .queue(.tagIncluded(pattern: "v*"))
        ),
    ]

    private static func path(_ path: String, _ pattern: String) -> TriggerVerdict {
        .queue(.pathIncluded(path: path, pattern: pattern))
    }

    static let paths: [Row] = [
        Row(yaml: "trigger: { paths: [src] }", paths: ["src/a.c"], verdict: path("src/a.c", "src")),
        Row(yaml: "trigger: { paths: [src/] }", paths: ["src/a.c"], verdict: path("src/a.c", "src/")),
        Row(yaml: "trigger: { paths: [/src] }", paths: ["src/a.c"], verdict: path("src/a.c", "/src")),
        Row(yaml: "trigger: { paths: [src] }", paths: ["src2/a.c"], verdict: .skip(.noPathIncluded(changed: 1))),
        Row(yaml: "trigger: { paths: [src] }", paths: ["Src/a.c"], verdict: .skip(.noPathIncluded(changed: 1))),
        Row(yaml: "trigger: { paths: [src] }", paths: ["a/src/b"], verdict: .skip(.noPathIncluded(changed: 1))),
        Row(yaml: "trigger: { paths: [src] }", paths: ["docs/a", "src"], verdict: path("src", "src")),
        Row(yaml: "trigger: { paths: ['*.md'] }", paths: ["a/b/c.md"], verdict: path("a/b/c.md", "*.md")),
        Row(yaml: "trigger: { paths: ['src/*.c'] }", paths: ["src/x/y.c"], verdict: path("src/x/y.c", "src/*.c")),
        Row(yaml: "trigger: { paths: ['src/**'] }", paths: ["src/x/y"], verdict: path("src/x/y", "src/**")),
        Row(yaml: "trigger: { paths: ['src/**/y'] }", paths: ["src/x/z/y"], verdict: path("src/x/z/y", "src/**/y")),
        Row(yaml: "trigger: { paths: ['s?c'] }", paths: ["src/x"], verdict: path("src/x", "s?c")),
        Row(yaml: "trigger: { paths: ['/'] }", paths: ["x"], verdict: path("x", "/")),
        Row(
            yaml: "trigger: { paths: { exclude: [docs] } }",
            paths: ["docs/a", "docs/b/c"],
            verdict: .skip(.noPathIncluded(changed: 2))
        ),
        Row(
            yaml: "trigger: { paths: { exclude: [docs] } }",
            paths: ["docs/a", "src/a"],
            verdict: path("src/a", "*")
        ),
        Row(
            yaml: "trigger: { paths: { include: [docs/api], exclude: [docs] } }",
            paths: ["docs/api/x"],
            verdict: path("docs/api/x", "docs/api")
        ),
        Row(
            yaml: "trigger: { paths: { include: [docs/api], exclude: [docs] } }",
            paths: ["docs/x"],
            verdict: .skip(.noPathIncluded(changed: 1))
        ),
        Row(
            yaml: "trigger: { paths: { include: [src], exclude: [src/test] } }",
            paths: ["src/test/x"],
            verdict: .skip(.noPathIncluded(changed: 1))
        ),
        Row(
            yaml: "trigger: { paths: { include: [src], exclude: [src] } }",
            paths: ["src/x"],
            verdict: .skip(.noPathIncluded(changed: 1))
        ),
        Row(
            yaml: "trigger: { paths: { exclude: [README.md] } }",
            paths: ["README.md"],
            verdict: .skip(.noPathIncluded(changed: 1))
        ),
        Row(
            yaml: "trigger: { branches: [main], paths: [src] }",
            ref: "refs/heads/x",
            paths: ["src/a"],
            verdict: .skip(.branchNotIncluded)
        ),
        // A new branch and a push that cannot be compared: paths have no say.
        Row(yaml: "trigger: { branches: [main], paths: [src] }", verdict: queued(by: "main")),
        Row(yaml: "trigger: { paths: [src] }", paths: [], verdict: .skip(.noPathIncluded(changed: 0))),
        Row(yaml: "trigger: { paths: { include: [] } }", paths: ["x"], verdict: .queue(.impliedTrigger)),
    ]

    static let others: [Row] = [
        Row(yaml: "", message: "Fix\n\n[skip ci]", verdict: .skip(.skipMark("[skip ci]"))),
        Row(yaml: "", message: "[CI Skip] x", verdict: .skip(.skipMark("[ci skip]"))),
        Row(yaml: "trigger: [main]", message: "x ***NO_CI***", verdict: .skip(.skipMark("***NO_CI***"))),
        Row(yaml: "", message: "skip-checks: true", verdict: .skip(.skipMark("skip-checks: true"))),
        Row(yaml: "", message: "skip-checks:true", verdict: .skip(.skipMark("skip-checks:true"))),
        Row(yaml: "", message: "[azp skip]", verdict: .skip(.skipMark("[azp skip]"))),
        Row(yaml: "", message: "skip ci", verdict: .queue(.impliedTrigger)),
        Row(
            yaml: "",
            settings: TriggerSettings(push: false),
            verdict: .skip(.disabledBySettings("pushes"))
        ),
        Row(
            yaml: "trigger: { batch: true, branches: [main] }",
            active: "20261125.1",
            verdict: .hold(.runActive(run: "20261125.1"))
        ),
        Row(yaml: "trigger: { batch: true, branches: [main] }", verdict: queued(by: "main")),
        Row(yaml: "trigger: { batch: false, branches: [main] }", active: "1", verdict: queued(by: "main")),
        Row(
            yaml: "trigger: { batch: true, branches: [main] }",
            ref: "refs/heads/x",
            active: "1",
            verdict: .skip(.branchNotIncluded)
        ),
    ]

    @Test(
        "branches, tags, paths, marks and batches are judged as people know it",
        arguments: branches + tags + paths + others
    )
    func push(_ row: Row) {
        let (triggers, diagnostics) = PipelineCompiler.triggers(path: "p.yml", text: "\(row.yaml)\nsteps: []\n")
        #expect(diagnostics == [])
        let push = PushEvent(ref: row.ref, before: "a", after: "b")
        let facts = PushFacts(message: row.message, changedPaths: row.paths, activeRun: row.active)
        let snapshot = TriggerSnapshot(settings: row.settings, triggers: triggers)
        #expect(planPush(push, facts, snapshot) == row.verdict)
    }

    @Test("the table has no fewer rows than it promises")
    func size() { #expect((Self.branches + Self.tags + Self.paths + Self.others).count >= 60) }

    @Test("a deleted branch, a disabled pipeline and forbidden implied triggers begin nothing")
    func never() {
        let implied = TriggerSnapshot(triggers: PipelineTriggers())
        let deleted = PushEvent(ref: "refs/heads/main", before: "a", after: nil)
        #expect(planPush(deleted, PushFacts(), implied) == .skip(.refDeleted))
        let push = PushEvent(ref: "refs/heads/main", before: "a", after: "b")
        let disabled = TriggerSnapshot(isEnabled: false, triggers: PipelineTriggers())
        #expect(planPush(push, PushFacts(), disabled) == .skip(.pipelineDisabled))
        let explicit = TriggerSnapshot(allowsImplied: false, triggers: PipelineTriggers())
        #expect(planPush(push, PushFacts(), explicit).reason.code == "noTrigger")
    }

    // MARK: Pull requests

    struct RequestRow: CustomTestStringConvertible, Sendable {
        var yaml: String
        var target = "refs/heads/main"
        var isDraft = false
        var action = PullRequestEvent.Action.opened
        var paths: [String]?
        var settings = TriggerSettings()
        var verdict: TriggerVerdict

        var testDescription: String { "\(yaml) · \(target)" }
    }

    @Test(
        "pull requests are judged by the branch they go into, their paths and whether they are drafts",
        arguments: [
            RequestRow(yaml: "", verdict: .queue(.impliedTrigger)),
            RequestRow(yaml: "pr: none", verdict: .skip(.noTrigger("pr: none"))),
            RequestRow(yaml: "pr: [main]", verdict: .queue(.branchIncluded(pattern: "main"))),
            RequestRow(yaml: "pr: [main]", target: "refs/heads/x", verdict: .skip(.branchNotIncluded)),
            RequestRow(
                yaml: "pr: { branches: { exclude: ['rel/*'] } }",
                target: "refs/heads/rel/1",
                verdict: .skip(.branchExcluded(pattern: "rel/*"))
            ),
            RequestRow(yaml: "pr: { drafts: false }", isDraft: true, verdict: .skip(.draft)),
            RequestRow(yaml: "pr: { drafts: false }", verdict: .queue(.impliedTrigger)),
            RequestRow(yaml: "pr: { autoCancel: false }", isDraft: true, verdict: .queue(.impliedTrigger)),
            RequestRow(yaml: "", isDraft: true, verdict: .queue(.impliedTrigger)),
            RequestRow(yaml: "", action: .closed, verdict: .skip(.requestClosed)),
            RequestRow(
                yaml: "pr: { paths: { exclude: [docs] } }",
                paths: ["docs/x"],
                verdict: .skip(.noPathIncluded(changed: 1))
            ),
            RequestRow(yaml: "pr: { paths: { exclude: [docs] } }", paths: nil, verdict: .queue(.impliedTrigger)),
            RequestRow(
                yaml: "",
                settings: TriggerSettings(pullRequest: false),
                verdict: .skip(.disabledBySettings("pull requests"))
            ),
        ]
    )
    func request(_ row: RequestRow) {
        let (triggers, _) = PipelineCompiler.triggers(path: "p.yml", text: "\(row.yaml)\nsteps: []\n")
        let event = PullRequestEvent(
            action: row.action,
            request: RunPullRequest(
                number: 1,
                id: "1",
                sourceBranch: "refs/heads/topic",
                targetBranch: row.target,
                sourceCommit: "c"
            ),
            isDraft: row.isDraft,
            refs: []
        )
        let snapshot = TriggerSnapshot(settings: row.settings, triggers: triggers)
        #expect(planPullRequest(event, changedPaths: row.paths, snapshot) == row.verdict)
    }

    @Test("older runs of a pull request are canceled unless the file says otherwise")
    func autoCancel() {
        func cancels(_ yaml: String) -> Bool {
            TriggerSnapshot(triggers: PipelineCompiler.triggers(path: "p", text: yaml).triggers).cancelsOlderRequests
        }
        #expect(cancels("steps: []"))
        #expect(cancels("pr: [main]"))
        #expect(!cancels("pr: { autoCancel: false }"))
    }

    // MARK: Ends of other runs

    @Test("the end of another run is judged by branch, result, stages and tags")
    func completion() throws {
        let yaml = """
            resources:
              pipelines:
              - pipeline: lib
                source: team\\library
                project: Shared
                trigger:
                  branches: { include: [main, 'rel/*'], exclude: ['rel/old'] }
                  stages: [Pack]
                  tags: [good]
              - pipeline: any
                source: other
                trigger: true
              - pipeline: never
                source: other
                trigger: none
              - pipeline: off
                source: other
                trigger: { enabled: false, branches: [main] }
              - pipeline: silent
                source: other
            """
        let (triggers, diagnostics) = PipelineCompiler.triggers(path: "p.yml", text: yaml)
        #expect(diagnostics == [])
        let snapshot = TriggerSnapshot(triggers: triggers)
        let lib = try #require(triggers.pipelines.first)
        #expect(lib.source == "team\\library")
        #expect(lib.project == "Shared")
        #expect(triggers.pipelines.map { $0.trigger != nil } == [true, true, false, false, false])
        let trigger = try #require(lib.trigger)
        var run = CompletionFacts(
            number: "7",
            branch: "refs/heads/main",
            tags: ["good", "x"],
            result: nil,
            succeededStages: ["pack"]
        )
        #expect(planCompletion(run, trigger, snapshot) == .queue(.stagesCompleted(["Pack"])))
        run.tags = []
        #expect(planCompletion(run, trigger, snapshot) == .skip(.tagsMissing(["good"])))
        run.succeededStages = []
        #expect(planCompletion(run, trigger, snapshot) == .skip(.stagesNotCompleted(["Pack"])))
        run.branch = "refs/heads/rel/old"
        #expect(planCompletion(run, trigger, snapshot) == .skip(.branchExcluded(pattern: "rel/old")))
        let any = try #require(triggers.pipelines[1].trigger)
        #expect(planCompletion(run, any, snapshot) == .skip(.sourceFailed(run: "7")))
        run.result = .failed
        #expect(planCompletion(run, any, snapshot) == .skip(.sourceFailed(run: "7")))
        run.result = .succeededWithIssues
        #expect(planCompletion(run, any, snapshot) == .queue(.pipelineCompleted(run: "7")))
        let off = TriggerSnapshot(settings: TriggerSettings(resources: false), triggers: triggers)
        #expect(planCompletion(run, any, off) == .skip(.disabledBySettings("resources")))
    }

    @Test("pushes to other repositories begin runs only where their resource has a trigger")
    func repositories() {
        let yaml = """
            resources:
              repositories:
              - repository: a
                type: git
                name: x/a
                trigger: [main]
              - repository: b
                name: x/b
                trigger: none
              - repository: c
                name: x/c
                trigger: { branches: [main], tags: ['v*'] }
            """
        let (triggers, diagnostics) = PipelineCompiler.triggers(path: "p.yml", text: yaml)
        #expect(diagnostics == [])
        let snapshot = TriggerSnapshot(triggers: triggers)
        let push = PushEvent(ref: "refs/heads/main", before: nil, after: "1")
        #expect(triggers.repositories.map(\.alias) == ["a", "c"])
        let verdicts = triggers.repositories.map { planRepositoryPush(push, PushFacts(), $0.trigger, snapshot) }
        #expect(verdicts.map(\.reason.code) == ["branchIncluded", "branchIncluded"])
    }
}
