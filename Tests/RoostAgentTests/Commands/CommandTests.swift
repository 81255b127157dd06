import RoostModel
import Testing

@testable import RoostAgent

@Suite("Logging commands")
struct CommandTests {
    @Test("a command is read with text before it, escapes in values and data, and keys in any letter case")
    func reading() {
        let line = "12:00 ##vso[Task.SetVariable Variable=a%3Bb%5D;isOutput=true;empty=;x=1=2]v%0D%0A%AZP250D;]"
        let expected = VSOCommand(
            area: "task",
            event: "setvariable",
            properties: ["variable": "a;b]", "isoutput": "true", "x": "1=2"],
            data: "v\r\n%0D;]"
        )
        #expect(VSOCommand.read(line) == .command(expected))
    }

    @Test(
        "what is no command is told apart",
        arguments: ["##vso[task.debug", "##vso[task]x", "##vso[a.b.c]x", "##vso[]x", "##vso[.x]"]
    )
    func malformed(line: String) {
        guard case .malformed = VSOCommand.read(line) else {
            Issue.record("\(line) was read as \(VSOCommand.read(line))")
            return
        }
    }

    @Test("a line without the prefix is plain text")
    func plain() { #expect(VSOCommand.read("##[group]x ##vs") == .plainText) }

    /// A processor and what it can reach.
    struct Bench {
        let variables = JobVariables([
            "system.debug": OutputVariable(value: "false"), "old": OutputVariable(value: "x", isSecret: true),
        ])
        let masker = SecretMasker()
        let progress = StepProgress()
        let paths = PrependedPaths()
        var limits = CommandLimits()

        var processor: CommandProcessor {
            CommandProcessor(
                CommandProcessor.Surroundings(
                    stepName: "one",
                    limits: limits,
                    variables: variables,
                    masker: masker,
                    progress: progress,
                    paths: paths,
                    sourcesDirectory: { "/src" },
                    changed: {}
                )
            )
        }

        func lines(_ line: String) -> [String]? {
            guard case .replace(let lines) = processor.handle(line, number: 5) else { return nil }
            return lines
        }
    }

    @Test("setvariable sets plain, secret and output variables")
    func setVariable() {
        let bench = Bench()
        #expect(bench.lines("##vso[task.setvariable variable=A.b]value") == [])
        #expect(bench.variables["a.B"] == "value")
        #expect(bench.lines("##vso[task.setvariable variable=pw;issecret=true]s3cret!") == [])
        #expect(bench.masker.mask("x s3cret!") == "x ***")
        #expect(bench.variables.entry("PW")?.isSecret == true)
        #expect(bench.lines("##vso[task.setvariable variable=out;isoutput=true]o") == [])
        #expect(bench.variables["one.out"] == "o")
        #expect(bench.progress.snapshot.outputs["out"] == OutputVariable(value: "o"))
        #expect(bench.lines("##vso[task.setvariable variable=OLD]newsecret") == [])
        #expect(bench.variables.entry("old")?.isSecret == true)
        #expect(bench.masker.mask("newsecret") == "***")
        #expect(bench.variables.environment().values["A_B"] == "value")
    }

    @Test("read-only variables warn, and fail the step when that is enforced")
    func readOnly() {
        let bench = Bench()
        #expect(bench.lines("##vso[task.setvariable variable=Agent.Name]x")?.first?.hasPrefix("##[warning]") == true)
        bench.variables.set("agent.readOnlyVariables", "true")
        #expect(bench.lines("##vso[task.setvariable variable=k;isreadonly=true]1") == [])
        #expect(bench.lines("##vso[task.setvariable variable=k]2")?.first?.hasPrefix("##[error]") == true)
        #expect(bench.variables["k"] == "1")
        #expect(bench.progress.snapshot.commandResult == .failed)
    }

    @Test("issues are shown, kept up to ten of a kind, and counted beyond")
    func issues() {
        let bench = Bench()
        for number in 0..<12 {
            #expect(bench.lines("##vso[task.logissue type=error]e\(number)") == ["##[error]e\(number)"])
        }
        #expect(
            bench.lines(
                "##vso[task.logissue type=warning;sourcepath=/src/a/b.c;linenumber=3;columnnumber=7;code=W1]odd"
            ) == ["##[warning]a/b.c(3,7): warning W1: odd"]
        )
        let snapshot = bench.progress.snapshot
        #expect(snapshot.errorCount == 12)
        #expect(snapshot.issues.count == 11)
        #expect(snapshot.issues.last?.category == "Code")
        #expect(snapshot.issues.last?.data["sourcepath"] == "a/b.c")
        #expect(snapshot.issues.first?.data["logFileLineNumber"] == "5")
        #expect(snapshot.commandResult == nil)
    }

    @Test("complete merges results, the worse one stays")
    func complete() {
        let bench = Bench()
        #expect(bench.lines("##vso[task.complete result=SucceededWithIssues]x") == [])
        #expect(bench.lines("##vso[task.complete result=Succeeded]x") == [])
        #expect(bench.progress.snapshot.commandResult == .succeededWithIssues)
        #expect(bench.lines("##vso[task.complete result=Great]x")?.first?.hasPrefix("##[error]") == true)
    }

    @Test("paths come in front, the last first; progress and tags are noted")
    func others() {
        let bench = Bench()
        _ = bench.lines("##vso[task.prependpath]/a")
        _ = bench.lines("##vso[task.prependpath]/b")
        _ = bench.lines("##vso[task.prependpath]/a")
        #expect(bench.paths.applied(to: "/bin") == "/a:/b:/bin")
        _ = bench.lines("##vso[task.setprogress value=40]halfway")
        #expect(bench.progress.snapshot.percentComplete == 40)
        #expect(bench.progress.snapshot.currentOperation == "halfway")
        _ = bench.lines("##vso[build.updatebuildnumber]7.1")
        _ = bench.lines("##vso[build.addbuildtag]t")
        #expect(bench.progress.takeErrands() == [.changeRun(.number("7.1")), .changeRun(.addTag("t"))])
        #expect(bench.variables["build.buildnumber"] == "7.1")
    }

    @Test("an unknown area is shown with a warning, an unknown event fails the step")
    func unknown() {
        let bench = Bench()
        #expect(bench.lines("##vso[moon.land]x")?.count == 2)
        #expect(bench.progress.snapshot.commandResult == nil)
        #expect(bench.lines("##vso[task.fly]x")?.first?.hasPrefix("##[error]") == true)
        #expect(bench.progress.snapshot.commandResult == .failed)
    }

    @Test("a restricted step may only speak of itself")
    func restricted() {
        var bench = Bench()
        bench.limits = CommandLimits(isRestricted: true, settableVariables: ["ok"])
        #expect(bench.lines("##vso[task.setvariable variable=ok]1") == [])
        #expect(bench.lines("##vso[task.setvariable variable=PATH]1")?.first?.hasPrefix("##[error]") == true)
        #expect(bench.lines("##vso[build.addbuildtag]t")?.first?.hasPrefix("##[error]") == true)
    }

    @Test("debug lines are shown only when the job asks for them")
    func debug() {
        let bench = Bench()
        #expect(bench.lines("##vso[task.debug]d") == [])
        bench.variables.set("system.debug", "True")
        #expect(bench.lines("##vso[task.debug]d") == ["##[debug]d"])
        #expect(
            bench.lines("##vso[task.setvariable variable=q]1") == [
                "##[debug]Processed: ##vso[task.setvariable variable=q]1"
            ]
        )
    }
}
