import RoostPipeline
import Testing

@Suite("Triggers")
struct TriggerTests {
    private func read(_ text: String) -> PipelineTriggers {
        let (triggers, diagnostics) = PipelineCompiler.triggers(path: "p.yml", text: text)
        #expect(diagnostics == [])
        return triggers
    }

    @Test("a file that says nothing runs for every push and every pull request")
    func implied() {
        #expect(read("steps: []").push == .implied)
        #expect(read("steps: []").pullRequest == .implied)
        #expect(read("trigger: None\npr: none").push == .none)
        #expect(read("trigger: none\npr: none").pullRequest == .none)
    }

    @Test("the implied triggers can be turned off by a setting")
    func setting() {
        let request = CompileRequest(settings: CompileSettings(ignoresImpliedTriggers: true))
        #expect(
            compile("steps: [ { script: a } ]", request).triggers == PipelineTriggers(push: .none, pullRequest: .none)
        )
    }

    @Test("a list names branches; exclusions alone include all else")
    func lists() {
        #expect(
            read("trigger: [main, 'releases/*']").push
                == .on(PushFilter(branches: NameFilter(include: ["main", "releases/*"])))
        )
        #expect(read("trigger: main").push == .on(PushFilter(branches: NameFilter(include: ["main"]))))
        let filter = NameFilter(include: ["*"], exclude: ["docs"])
        #expect(read("trigger: { paths: { exclude: [docs] } }").push == .on(PushFilter(paths: filter)))
    }

    @Test("the pipelines whose runs a run takes have their expressions evaluated")
    func takenPipelines() {
        let yaml = """
            parameters:
            - { name: release, default: refs/tags/v1 }
            resources:
              pipelines:
              - pipeline: up
                source: build-${{ length('abc') }}
                ${{ if startsWith(parameters.release, 'refs/tags/') }}:
                  version: ${{ split(parameters.release, '/')[2] }}
                ${{ else }}:
                  branch: ${{ parameters.release }}
                tags: [ '${{ parameters.release }}' ]
              - ${{ if false }}:
                - { pipeline: never, source: x }
            steps: [ { script: a } ]
            """
        let taken = compile(yaml, CompileRequest()).triggers.pipelines
        #expect(taken == [PipelineResource(alias: "up", source: "build-3", version: "v1", tags: ["refs/tags/v1"])])
    }

    @Test("triggers can be read from a file that is otherwise broken")
    func broken() {
        let (triggers, _) = PipelineCompiler.triggers(path: "p.yml", text: "trigger: [main]\nstep: x\n")
        #expect(triggers.push == .on(PushFilter(branches: NameFilter(include: ["main"]))))
        #expect(PipelineCompiler.triggers(path: "p.yml", text: "trigger: [").triggers.push == .none)
    }

    @Test("cron fields take lists, ranges, steps and names")
    func cron() throws {
        let cron = try CronExpression("*/20 1-3,22 * Jan-mar Mon,fri")
        #expect(cron.minutes == [0, 20, 40])
        #expect(cron.hours == [1, 2, 3, 22])
        #expect(cron.months == [1, 2, 3])
        #expect(cron.daysOfWeek == [1, 5])
        #expect(try CronExpression("5/15 * * * 7").minutes == [5, 20, 35, 50])
        #expect(try CronExpression("0 0 * * 7").daysOfWeek == [0])
        #expect(try CronExpression("0 0 * december sunday").months == [12])
    }

    @Test("with both kinds of day restricted either is enough")
    func days() throws {
        let either = try CronExpression("0 0 13 * 5")
        #expect(either.includes(minute: 0, hour: 0, dayOfMonth: 13, month: 2, dayOfWeek: 1))
        #expect(either.includes(minute: 0, hour: 0, dayOfMonth: 12, month: 2, dayOfWeek: 5))
        #expect(!either.includes(minute: 0, hour: 0, dayOfMonth: 12, month: 2, dayOfWeek: 1))
        let week = try CronExpression("0 0 * * 5")
        #expect(!week.includes(minute: 0, hour: 0, dayOfMonth: 13, month: 2, dayOfWeek: 1))
    }

    @Test(
        "what is no cron expression is refused",
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* * 0 * *", "* * * 13 *", "a * * * *", "5-1 * * * *",
            "*/0 * * * *", "1,,2 * * * *", "1-2-3 * * * *", "* * * Janu *",
        ]
    )
    func badCron(_ text: String) {
        #expect(throws: CronExpression.Invalid.self) { try CronExpression(text) }
    }
}
