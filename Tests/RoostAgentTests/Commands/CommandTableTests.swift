import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Logging commands through a whole job", .timeLimit(.minutes(6)))
struct CommandTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// Lines of the step's output.
        var lines: [String]
        var result = "succeeded"
        /// What stands in an issue of the step, when there is one.
        var issue: String?
        var testDescription: String { lines.joined(separator: " / ") }

        init(_ lines: String..., result: String = "succeeded", issue: String? = nil) {
            self.lines = lines
            self.result = result
            self.issue = issue
        }
    }

    private static let id = "6f1c1b0a-0000-4000-8000-00000000000"

    static let rows: [Row] = [
        // task.logissue
        Row(
            "##vso[task.logissue type=error;sourcepath=a.c;linenumber=3;columnnumber=7;code=E1]bad",
            issue: "a.c(3,7): error E1: bad"
        ),
        Row("##vso[task.issue type=warning]odd", issue: "odd"),
        Row("##vso[task.logissue type=note]x", result: "failed", issue: "'note' is no type of issue"),
        Row("##vso[task.logissue]x", issue: "has no 'type'"),
        // task.setprogress
        Row("##vso[task.setprogress value=10]a"), Row("##vso[task.setprogress]only text"),
        Row("##vso[task.setprogress value=ten]a", result: "failed", issue: "no percentage"),
        // task.complete
        Row("##vso[task.complete result=Succeeded;]x"),
        Row("##vso[task.complete result=SucceededWithIssues;done=true]x", result: "succeededWithIssues"),
        Row("##vso[task.complete result=Failed]x", result: "failed"),
        Row("##vso[task.complete result=Canceled]x", result: "canceled"),
        Row("##vso[task.complete result=Skipped]x", result: "skipped"),
        Row("##vso[task.complete]x", result: "failed", issue: "'result' is missing"),
        Row("##vso[task.complete result=Great]x", result: "failed", issue: "'Great' is no result"),
        // variables, secrets, paths
        Row("##vso[task.setvariable variable=a;issecret=true;isoutput=true;isreadonly=true;preservecase=true]hidden2"),
        Row("##vso[task.setvariable]v", result: "failed", issue: "'variable' is missing"),
        Row("##vso[task.settaskvariable variable=a;issecret=true;isreadonly=true]hidden3"),
        Row("##vso[task.settaskvariable]v", result: "failed", issue: "'variable' is missing"),
        Row("##vso[task.setsecret]hidden1"), Row("##vso[task.prependpath]/opt/x"),
        Row("##vso[task.prependpath]", result: "failed", issue: "directory is missing"), Row("##vso[task.debug]d"),
        // files
        Row("##vso[task.addattachment type=t;name=n]$PWD/file.md"),
        Row("##vso[task.addattachment name=n]$PWD/file.md", result: "failed", issue: "'type' is missing"),
        Row("##vso[task.addattachment type=t]$PWD/file.md", result: "failed", issue: "'name' is missing"),
        Row(
            "##vso[task.addattachment type=t;name=a/b]$PWD/file.md",
            result: "failed",
            issue: "no file's name may have"
        ),
        Row("##vso[task.addattachment type=t;name=n]$PWD/none", result: "failed", issue: "does not exist"),
        Row("##vso[task.uploadsummary]$PWD/file.md"),
        Row("##vso[task.uploadsummary]", result: "failed", issue: "path is missing"),
        Row("##vso[task.uploadfile]$PWD/file.md"),
        Row("##vso[task.uploadfile]", result: "failed", issue: "path is missing"),
        Row("##vso[build.uploadlog]$PWD/file.md"),
        Row("##vso[build.uploadlog]none", result: "failed", issue: "does not exist"),
        Row("##vso[build.uploadsummary]$PWD/file.md"),
        // the run
        Row("##vso[build.updatebuildnumber]7.1"),
        Row("##vso[build.updatebuildnumber]", result: "failed", issue: "number is missing"),
        Row("##vso[build.addbuildtag]t"), Row("##vso[build.addbuildtag]", result: "failed", issue: "tag is missing"),
        Row("##vso[release.updatereleasename]R", result: "failed", issue: "a command of releases"),
        // details
        Row(
            "##vso[task.logdetail id=\(id)1;name=a;type=build;order=1]start",
            "##vso[task.logdetail id=\(id)2;parentid=\(id)1;name=b;type=part;order=2;starttime=2026-01-01T00:00:00Z;finishtime=2026-01-01 00:00:01;progress=300;state=Completed;result=SucceededWithIssues]x",
            "##vso[task.logdetail id=\(id)1;state=Completed;result=Failed]done"
        ),
        Row("##vso[task.logdetail name=a;type=b]x", result: "failed", issue: "'id' must be a UUID"),
        Row(
            "##vso[task.logdetail id=00000000-0000-0000-0000-000000000000;name=a;type=b]x",
            result: "failed",
            issue: "'id' must be a UUID"
        ),
        Row("##vso[task.logdetail id=\(id)3;type=b]x", result: "failed", issue: "needs the property 'name'"),
        Row("##vso[task.logdetail id=\(id)3;name=b]x", result: "failed", issue: "needs the property 'type'"),
        Row(
            "##vso[task.logdetail id=\(id)3;parentid=\(id)9;name=b;type=c]x",
            result: "failed",
            issue: "has not been made"
        ),
        Row(
            "##vso[task.logdetail id=\(id)3;parentid=what;name=b;type=c]x",
            result: "failed",
            issue: "no UUID for 'parentid'"
        ),
        Row(
            "##vso[task.logdetail id=\(id)1;name=a;type=b]",
            "##vso[task.logdetail id=\(id)2;name=a;type=b]",
            "##vso[task.logdetail id=\(id)2;parentid=\(id)1]",
            result: "failed",
            issue: "cannot be changed"
        ),
        Row(
            "##vso[task.logdetail id=\(id)4;name=b;type=c;order=first;progress=half;state=Odd;starttime=now;result=Great]x"
        ),
        // results and coverage
        Row(
            "##vso[results.publish type=JUnit;mergeResults=true;platform=p;config=c;runTitle=t;publishRunAttachments=true;testRunSystem=s;failTaskOnFailedTests=true;failTaskOnFailureToPublishResults=true;resultFiles=$PWD/r.xml]"
        ),
        Row("##vso[results.publish type=JUnit]$PWD/r.xml"),
        Row("##vso[results.publish resultFiles=r.xml]", result: "failed", issue: "'type' is missing"),
        Row("##vso[results.publish type=Odd;resultFiles=r.xml]", result: "failed", issue: "no format of test results"),
        Row("##vso[results.publish type=JUnit]", result: "failed", issue: "'resultFiles' is missing"),
        Row("##vso[results.publishtoevidencestore name=n;description=d]x", issue: "no evidence store"),
        Row("##vso[results.publishtoevidencestore]x", result: "failed", issue: "'name' is missing"),
        Row(
            "##vso[codecoverage.publish codecoveragetool=JaCoCo;summaryfile=$PWD/c.xml;additionalcodecoveragefiles=$PWD/file.md]"
        ),
        Row("##vso[codecoverage.publish summaryfile=c.xml]", result: "failed", issue: "'codecoveragetool' is missing"),
        Row("##vso[codecoverage.publish codecoveragetool=gcov;summaryfile=c.xml]", result: "failed", issue: "no tool"),
        Row("##vso[codecoverage.publish codecoveragetool=JaCoCo]", result: "failed", issue: "'summaryfile' is missing"),
        Row("##vso[telemetry.publish area=a;feature=f]{}"),
        Row("##vso[plugininternal.updaterepositorypath alias=self]/x"),
        // what is none
        Row("##vso[task.fly]", result: "failed", issue: "has no command 'fly'"),
        Row("##vso[moon.land]x", issue: "Unknown area 'moon'"),
        Row("##vso[task.debug", issue: "could not be read"),
    ]

    /// Steps of one job: a process for each row would be slow, a job for each slower.
    @Test(
        "every command takes each of its properties, and what it refuses fails the step and not the job's other steps"
    )
    func table() async throws {
        try await JobBench.with { bench in
            let host = MemoryTests()
            bench.content = host
            bench.script(
                """
                echo '# hello' > file.md; echo '<testsuite><testcase name="a"/></testsuite>' > r.xml
                echo '<report><counter type="LINE" missed="1" covered="3"/></report>' > c.xml
                """
            )
            var steps: [(Row, UUID)] = []
            for row in Self.rows {
                let text = row.lines.map { "echo \"\($0)\"" }.joined(separator: "\n")
                steps.append((row, bench.script(text, condition: "always()", continueOnError: false)))
            }
            try await bench.run()
            for (row, step) in steps {
                #expect(bench.result(step) == row.result, "\(row.lines): \(bench.lines(step))")
                let issues = bench.issues(step).compactMap(\.message)
                if let wanted = row.issue {
                    #expect(issues.contains { $0.contains(wanted) }, "\(row.lines): \(issues)")
                } else {
                    #expect(issues.isEmpty, "\(row.lines)")
                }
            }
            #expect(host.kept.value.runs.map(\.name) == ["t", "JUnit_TestResults"])
            #expect(host.kept.value.coverage.map(\.coverageStats) == [[.init(label: "Lines", covered: 3, total: 4)]])
        }
    }

    @Test("details become records below the step, with the defaults of Azure Pipelines")
    func details() async throws {
        try await JobBench.with { bench in
            let first = try #require(UUID(uuidString: "\(Self.id)1"))
            let second = try #require(UUID(uuidString: "\(Self.id)2"))
            let step = bench.script(
                """
                echo "##vso[task.logdetail id=\(first);name=Build;type=build;order=1]compiling"
                echo "##vso[task.logdetail id=\(second);parentid=\(first);name=Part;type=part;order=5;starttime=2026-01-01T00:00:00Z;progress=300]x"
                echo "##vso[task.logdetail id=\(first);state=Completed;result=Failed]"
                """
            )
            try await bench.run()
            let records = bench.reporter.kept.value.records
            let build = try #require(records[first])
            let part = try #require(records[second])
            #expect(build.parentId == step)
            #expect(
                [build.name, build.type, build.currentOperation, build.state, build.result] == [
                    "Build", "build", "compiling", "completed", "failed",
                ]
            )
            #expect(build.percentComplete == 100)
            #expect(build.startTime != nil && build.finishTime != nil)
            #expect(part.parentId == first)
            #expect(part.percentComplete == 100)
            #expect(part.state == "inProgress")
            #expect(part.startTime == WireDate.date("2026-01-01T00:00:00Z"))
        }
    }

    @Test("percent signs are decoded unless DECODE_PERCENTS says no")
    func percents() async throws {
        for (value, expected) in [(nil, "50%"), ("true", "50%"), ("False", "50%AZP25")] {
            try await JobBench.with { bench in
                if let value { bench.variables["DECODE_PERCENTS"] = OutputVariable(value: value) }
                bench.script("echo '##vso[task.setvariable variable=p]50%AZP25'")
                let step = bench.script("echo \"p is $P.\"")
                try await bench.run()
                #expect(bench.lines(step).contains { $0.hasSuffix("p is \(expected).") }, "\(bench.lines(step))")
            }
        }
    }
}
