import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("A job on the agent")
struct JobRunnerTests {
    @Test("steps run in order in the job's folders and everything is reported")
    func plainJob() async throws {
        try await JobBench.with { bench in
            bench.variables["greeting"] = OutputVariable(value: "hello $(who)")
            bench.variables["who"] = OutputVariable(value: "world")
            let first = bench.script(
                "echo \"$GREETING|$(pwd)|$TF_BUILD|$AZP_TOKEN|$X\"; echo oops >&2",
                displayName: "say $(who)",
                environment: ["X": "<$(who)>"]
            )
            let second = bench.add(
                .bash,
                [
                    "targetType": "inline",
                    "script":
                        "echo $(greeting) $(unknown); test -d \"$AGENT_TEMPDIRECTORY\" && ls $(Build.ArtifactStagingDirectory)",
                ]
            )
            let outcome = try await bench.run()
            let work = "\(bench.folder)/_work/1"
            #expect(outcome == JobOutcome(result: .succeeded))
            #expect(bench.lines(first).contains("hello world|\(work)/s|True||<world>"))
            #expect(bench.lines(first).contains("oops"))
            #expect(bench.lines(second).contains("hello world"))
            #expect(bench.lines(second).last == "##[section]Finishing: step 2")
            let records = bench.reporter.kept.value.records
            #expect(records[first]?.name == "say world")
            #expect(records[first]?.state == "completed" && records[first]?.result == "succeeded")
            #expect(records[first]?.log?.id != nil)
            #expect(records[bench.job]?.result == "succeeded")
            #expect(records.values.filter { $0.name == "Initialize job" || $0.name == "Finalize Job" }.count == 2)
            #expect(records.values.allSatisfy { $0.state == "completed" })
            #expect(FileTree.names(in: "\(bench.folder)/_work/_temp").isEmpty)
            #expect(FileTree.names(in: bench.settings.folders.pages).isEmpty)
        }
    }

    @Test("a failed step skips what needs success; always and failed steps run; the trace tells why")
    func conditions() async throws {
        try await JobBench.with { bench in
            bench.variables["flavor"] = OutputVariable(value: "sweet")
            let failing = bench.script("exit 3")
            let skipped = bench.script("echo no")
            let custom = bench.script("echo no", condition: "and(always(), eq(variables['flavor'], 'sour'))")
            let always = bench.script("echo \"status $AGENT_JOBSTATUS\"", condition: "always()")
            let failed = bench.script("true", condition: "failed()")
            let broken = bench.script("true", condition: "nonsense(")
            let outcome = try await bench.run()
            #expect(outcome.result == .failed)
            #expect(bench.result(failing) == "failed")
            #expect(bench.issues(failing).first?.message == "Bash exited with code '3'.")
            #expect(bench.result(skipped) == "skipped")
            #expect(
                bench.reporter.kept.value.records[skipped]?.resultCode == "Skipping step due to condition evaluation."
            )
            #expect(
                bench.lines(custom) == [
                    "Evaluating: and(always(), eq(variables['flavor'], 'sour'))",
                    "Expanded: and(True, eq('sweet', 'sour'))", "Result: False",
                ]
            )
            #expect(bench.lines(always).contains("status Failed"))
            #expect(bench.result(failed) == "succeeded")
            #expect(bench.result(broken) == "failed")
        }
    }

    @Test("continueOnError makes issues of a failure, and later steps run")
    func continueOnError() async throws {
        try await JobBench.with { bench in
            let failing = bench.script("exit 1", continueOnError: true)
            let next = bench.script("true")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeededWithIssues)
            #expect(bench.result(failing) == "succeededWithIssues")
            #expect(bench.result(next) == "succeeded")
        }
    }

    @Test("outputs and variables of a step are seen by later steps and by the server")
    func outputs() async throws {
        try await JobBench.with { bench in
            // Two lines, because a script of one is shown before anybody knows what in it is secret.
            bench.script(
                "echo '##vso[task.setvariable variable=v;isoutput=true]one'\necho '##vso[task.setvariable variable=w]two'; echo '##vso[task.setvariable variable=pw;issecret=true;isoutput=true]hunter2hunter2'",
                name: "first"
            )
            let second = bench.script(
                "echo \"$(first.v) $(w) $W $FIRST_PW [$PW] [$(first.pw)]\"",
                environment: ["PW": "$(first.pw)"]
            )
            let outcome = try await bench.run()
            #expect(bench.lines(second).contains("one two two  [***] [***]"))
            #expect(
                outcome.outputs == [
                    "first.v": OutputVariable(value: "one"),
                    "first.pw": OutputVariable(value: "hunter2hunter2", isSecret: true),
                ]
            )
            #expect(bench.reporter.kept.value.outputs == outcome.outputs)
            #expect(!bench.reporter.everything.contains("hunter2"))
        }
    }

    @Test("no secret is in any byte that is reported")
    func secrets() async throws {
        try await JobBench.with { bench in
            let token = "tok-4711-qwertz"
            bench.variables["pw"] = OutputVariable(value: "pa ss\"wo/rd", isSecret: true)
            bench.masks = ["masked-by-hint"]
            bench.endpoints = [
                JobEndpoint(
                    id: "",
                    name: "SystemVssConnection",
                    url: "http://localhost/",
                    scheme: "OAuth",
                    parameters: ["AccessToken": token]
                )
            ]
            bench.script(
                """
                echo "$PW"; printf '%s' "$PW" | base64; echo '$(pw)' masked-by-hint; env | grep -c PA_SS; echo "$SYSTEM_ACCESSTOKEN"
                echo '##vso[task.logissue type=error]tell $(pw)'; echo '##vso[task.setprogress value=3]at $(pw)'; echo '##vso[task.setsecret]later-secret'; echo later-secret
                echo "note $PW" > $(Agent.TempDirectory)/n.md; echo '##vso[task.uploadsummary]$(Agent.TempDirectory)/n.md'
                """,
                displayName: "uses $(pw)",
                environment: ["PW": "$(pw)", "SYSTEM_ACCESSTOKEN": token]
            )
            _ = try await bench.run()
            let everything = bench.reporter.everything
            for text in ["pa ss", "wo/rd", "cGEgc3Mid28v", token, "masked-by-hint", "later-secret", "leak-me-not"] {
                #expect(!everything.contains(text), "\(text)")
            }
            #expect(bench.reporter.kept.value.attachments.count == 1)
        }
    }

    @Test("a step that takes too long is stopped and failed")
    func timeout() async throws {
        try await JobBench.with { bench in
            bench.variables["PROCESS_SIGINT_TIMEOUT"] = OutputVariable(value: "100")
            bench.variables["PROCESS_SIGTERM_TIMEOUT"] = OutputVariable(value: "100")
            let slow = bench.script("trap '' INT; sleep 60", timeout: .milliseconds(300))
            let after = bench.script("true", condition: "failed()")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .failed)
            #expect(bench.result(slow) == "failed")
            #expect(bench.issues(slow).first?.message?.contains("timeoutInMinutes") == true)
            #expect(bench.result(after) == "succeeded")
        }
    }

    @Test("a failing step is tried again after growing pauses, with a warning each time")
    func retries() async throws {
        try await JobBench.with { bench in
            let clock = InstantClock()
            bench.clock = clock
            let step = bench.script(
                "n=$(cat count 2>/dev/null || echo 0); echo $((n+1)) > count; test $n -ge 2",
                retries: 4
            )
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeeded)
            #expect(clock.waits.value == [.seconds(1), .seconds(4)])
            #expect(bench.reporter.kept.value.records[step]?.warningCount == 2)
        }
    }

    @Test("a cancel stops the step and its processes; steps that run always still do, others are skipped")
    func cancel() async throws {
        try await JobBench.with { bench in
            bench.variables["PROCESS_SIGINT_TIMEOUT"] = OutputVariable(value: "200")
            bench.variables["PROCESS_SIGTERM_TIMEOUT"] = OutputVariable(value: "200")
            let running = bench.script("setsid sleep 60 & echo go; trap '' INT TERM; while :; do sleep 0.2; done")
            let skipped = bench.script("echo no")
            let always = bench.script("echo \"still $AGENT_JOBSTATUS\"", condition: "always()")
            let canceled = bench.script("true", condition: "canceled()")
            let failed = bench.script("true", condition: "failed()")
            let fixed = bench
            let outcome = try await bench.run { runner in
                await fixed.waitForLine("go", in: running)
                runner.cancel(.requested, timeout: .seconds(60))
            }
            #expect(outcome.result == .canceled)
            #expect(bench.reporter.kept.value.result == .canceled)
            #expect(bench.result(running) == "canceled")
            #expect(bench.result(skipped) == "skipped")
            #expect(bench.lines(always).contains("still Canceled"))
            #expect(bench.result(canceled) == "succeeded")
            #expect(bench.result(failed) == "skipped")
            #expect(ProcessTree(mark: "vsts_\(JobID(bench.job))", takesAllAdopted: false).members().isEmpty)
        }
    }

    @Test("the time after a cancel ends, and then even steps that run always are ended")
    func cancelDeadline() async throws {
        try await JobBench.with { bench in
            let running = bench.script("echo go; trap '' INT TERM; while :; do sleep 0.2; done", condition: "always()")
            let never = bench.script("echo no", condition: "always()")
            let fixed = bench
            let outcome = try await bench.run { runner in
                await fixed.waitForLine("go", in: running)
                runner.cancel(.requested, timeout: .milliseconds(300))
            }
            #expect(outcome.result == .canceled)
            #expect(bench.result(running) == "canceled")
            #expect(bench.result(never) == "skipped")
        }
    }

    @Test("a lost listener abandons the job at once, with an issue that says so")
    func listenerLost() async throws {
        try await JobBench.with { bench in
            let running = bench.script("echo go; sleep 60")
            let fixed = bench
            let outcome = try await bench.run { runner in
                await fixed.waitForLine("go", in: running)
                runner.cancel(.listenerLost, timeout: .zero)
            }
            #expect(outcome.result == .abandoned)
            #expect(bench.issues(bench.job).contains { $0.message?.contains("listener") == true })
        }
    }

    @Test("processes a step left in the background are ended with the job")
    func orphans() async throws {
        ProcessTree.becomeSubreaper()
        try await JobBench.with { bench in
            bench.script("(setsid sleep 100 >/dev/null 2>&1 &) ; echo started")
            let second = bench.script("pgrep -f 'sleep 100' >/dev/null && echo alive || echo alive")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeeded)
            #expect(bench.lines(second).contains("alive"))
            #expect(ProcessTree(mark: "vsts_\(JobID(bench.job))", takesAllAdopted: false).members().isEmpty)
        }
    }

    @Test("an unknown task fails its step and says what can be done")
    func unknownTask() async throws {
        try await JobBench.with { bench in
            let step = bench.add(
                TaskReference(id: "0f077e3a-af59-496d-81bc-ad971b7464e0", name: "UseDotNet", version: "2.1.0"),
                [:]
            )
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .failed)
            #expect(bench.issues(step).first?.message?.contains("UseDotNet@2.1.0") == true)
            #expect(bench.issues(step).first?.message?.contains("'script'") == true)
        }
    }

    @Test("standard error fails a step only when it asks for that")
    func failOnStandardError() async throws {
        try await JobBench.with { bench in
            let strict = bench.script(
                "echo a; echo b >&2; echo c",
                inputs: ["failOnStderr": "true"],
                continueOnError: true
            )
            let mild = bench.script("echo b >&2")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeededWithIssues)
            #expect(bench.result(strict) == "succeededWithIssues")
            #expect(Set(["a", "b", "c"]).isSubset(of: Set(bench.lines(strict))))
            #expect(bench.result(mild) == "succeeded")
        }
    }

    @Test("a script file runs with its arguments, and a missing folder is named")
    func files() async throws {
        try await JobBench.with { bench in
            bench.script("mkdir -p 'my dir'; printf 'echo \"$1|$2|$#\"' > 'my dir/x.sh'")
            let file = bench.add(
                .bash,
                ["targetType": "filePath", "filePath": "my dir/x.sh", "arguments": "'a b' \"$(Agent.Name)\""]
            )
            let lost = bench.script("true", inputs: ["workingDirectory": "no/such"])
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .failed)
            #expect(bench.lines(file).contains("a b|tester|2"))
            #expect(bench.issues(lost).first?.message?.contains("no/such") == true)
        }
    }

    @Test("a million lines of a step arrive complete")
    func manyLines() async throws {
        try await JobBench.with { bench in
            let step = bench.script("seq 1 1000000")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeeded)
            let numbers = bench.lines(step).compactMap { Int($0) }
            #expect(numbers.count == 1_000_000)
            #expect(numbers == Array(1...1_000_000))
        }
    }

    @Test("the numbered folder is found again, cleaned as asked, and another repository gets another one")
    func workspace() async throws {
        try await JobBench.with { bench in
            bench.script(
                "touch \"$BUILD_SOURCESDIRECTORY/kept\" \"$BUILD_BINARIESDIRECTORY/kept\" \"$BUILD_ARTIFACTSTAGINGDIRECTORY/gone\""
            )
            try await bench.run()
            let work = "\(bench.folder)/_work"
            var again = JobBench(folder: bench.folder)
            again.cleaning = .outputs
            again.script("true")
            try await again.run()
            #expect(FileTree.exists("\(work)/1/s/kept"))
            #expect(!FileTree.exists("\(work)/1/b/kept") && !FileTree.exists("\(work)/1/a/gone"))
            var other = JobBench(folder: bench.folder)
            other.repositories = [JobRepository(alias: "self", name: "x", url: "http://x/")]
            try await other.run()
            #expect(FileTree.exists("\(work)/2/s"))
            let number = SmallFile.read("\(work)/SourceRootMapping/Mappings.json") ?? ""
            #expect(number.contains("\"lastBuildFolderNumber\" : 2"))
        }
    }

    @Test("a secret too short to hide is told about and the job runs")
    func shortSecret() async throws {
        try await JobBench.with { bench in
            bench.variables["pin"] = OutputVariable(value: "7", isSecret: true)
            let step = bench.script("echo 17")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeeded)
            #expect(bench.lines(step).contains("17"))
            #expect(bench.issues(bench.job).contains { $0.message?.contains("'pin'") == true })
        }
    }
}
