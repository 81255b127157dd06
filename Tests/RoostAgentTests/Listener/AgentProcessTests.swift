import CRoostLinux
import FoundationEssentials
import Glibc
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite(
    "An agent at work",
    .enabled(if: AgentProcess.executable != nil, "roost-agent is not built"),
    .timeLimit(.minutes(6))
)
struct AgentProcessTests {
    @Test("it runs jobs one after the other, renews their leases, reports them, and keeps a worker ready")
    func jobs() async throws {
        try await AgentProcess.with { agent in
            try agent.server.sendJob("echo hello from $AGENT_NAME; echo secret: $VSTS_AGENT_INPUT_TOKEN", request: 41)
            #expect(await agent.waitForEnd() == .init(name: "JobCompleted", result: "succeeded"))
            try agent.server.sendJob("exit 3", request: 42)
            #expect(await agent.waitForEnd(2) == .init(name: "JobCompleted", result: "failed"))
            await agent.waitForLine("Job Build completed with result: Failed")
            let state = agent.server.state.value
            #expect(agent.server.logText.contains("hello from build-01"))
            #expect(state.renewals[41, default: 0] > 0 && state.renewals[42, default: 0] > 0)
            #expect(state.sessionsOpened == 1)
            await agent.server.state.wait { $0.messages.isEmpty }
            #expect(JobJournal.all(agent.root) == [])
            agent.process.signal(SIGTERM)
            #expect(await agent.process.end.value == .exited(0))
            #expect(agent.server.state.value.session == nil)
            #expect(agent.workers == [])
        }
    }

    @Test("against Azure DevOps the lease is renewed before the job begins")
    func renewsFirst() async throws {
        try await AgentProcess.with([], prepare: { $0.state.change { $0.isRoost = false } }) { agent in
            try agent.server.sendJob("echo ran")
            _ = await agent.waitForEnd()
            let calls = agent.server.state.value.calls
            let renewal = try #require(
                calls.firstIndex { $0.hasPrefix("PATCH _apis/distributedtask/pools/1/jobrequests/41") }
            )
            let record = try #require(calls.firstIndex { $0.hasSuffix("/records") })
            #expect(renewal < record)
        }
    }

    @Test("a canceled job is stopped, and told as canceled")
    func cancel() async throws {
        try await AgentProcess.with { agent in
            let job = try agent.server.sendJob("echo begun; exec sleep 600")
            await agent.server.state.wait {
                $0.logs.values.contains { String(decoding: $0, as: UTF8.self).contains("begun") }
            }
            try agent.server.send("JobMetadataUpdate", JobMetadataWire(jobId: job.jobId, postLinesFrequencyMillis: 500))
            try agent.server.send("JobCancellation", JobCancellationWire(jobId: job.jobId, timeout: "00:01:00"))
            #expect(await agent.waitForEnd().result == "canceled")
            await agent.server.state.wait { $0.messages.isEmpty }
        }
    }

    @Test("a killed worker is reported with the lines it had written, and its processes are ended")
    func workerKilled() async throws {
        try await AgentProcess.with { agent in
            let pidFile = "\(agent.root.path)/pid"
            let job = try agent.server.sendJob(
                "echo begun; (setsid sleep 600 & echo $! > '\(pidFile)'); exec sleep 600"
            )
            await agent.server.state.wait {
                $0.logs.values.contains { String(decoding: $0, as: UTF8.self).contains("begun") }
            }
            let worker = try #require(agent.busyWorker)
            kill(worker, SIGKILL)
            #expect(await agent.waitForEnd() == .init(name: "JobCompleted", result: "abandoned"))
            await agent.waitForLine("Abandoned (its worker was ended by signal 9)")
            let record = try #require(job.jobId.flatMap { agent.server.state.value.records[$0] })
            #expect(
                record.result == "abandoned" && record.issues?.first?.message?.contains("was ended by signal 9") == true
            )
            let left = try #require(SmallFile.read(pidFile).flatMap { pid_t($0.filter(\.isNumber)) })
            #expect(ProcessEntry(pid: left)?.isZombie ?? true)
            #expect(FileTree.names(in: AgentFolders(root: agent.root.path).pages) == [])
            // It goes on with the next job.
            try agent.server.sendJob("echo again", request: 42)
            #expect(await agent.waitForEnd(2).result == "succeeded")
        }
    }

    @Test("a lost lease ends the job, and nothing more is reported")
    func lostLease() async throws {
        try await AgentProcess.with(prepare: { $0.state.change { $0.leaseSeconds = 3 } }) { agent in
            try agent.server.sendJob("echo begun; exec sleep 600")
            await agent.server.state.wait { $0.renewals[41, default: 0] > 1 }
            agent.server.state.change { $0.lostLeases = [41] }
            await agent.waitForLine("Job Build completed with result: Canceled")
        }
    }

    @Test("asked to stop it finishes the running job, and takes no other")
    func stopWithJob() async throws {
        try await AgentProcess.with { agent in
            let go = "\(agent.root.path)/go"
            try agent.server.sendJob("echo begun; while [ ! -e '\(go)' ]; do sleep 0.05; done; echo done")
            await agent.server.state.wait {
                $0.logs.values.contains { String(decoding: $0, as: UTF8.self).contains("begun") }
            }
            agent.process.signal(SIGTERM)
            await agent.waitForLine("Finishing the running job")
            try agent.server.sendJob("echo never", request: 42)
            _ = SmallFile.create("", at: go)
            #expect(await agent.waitForEnd().result == "succeeded")
            #expect(await agent.process.end.value == .exited(0))
            #expect(agent.server.state.value.messages.count == 1 && agent.server.state.value.session == nil)
            #expect(!agent.server.logText.contains("never"))
        }
    }

    @Test("asked twice it cancels the running job at once", arguments: [SIGTERM, SIGINT])
    func stopTwice(signal: Int32) async throws {
        try await AgentProcess.with { agent in
            try agent.server.sendJob("echo begun; exec sleep 600")
            await agent.server.state.wait {
                $0.logs.values.contains { String(decoding: $0, as: UTF8.self).contains("begun") }
            }
            agent.process.signal(signal)
            await agent.waitForLine("Finishing the running job")
            agent.process.signal(signal)
            #expect(await agent.waitForEnd().result == "canceled")
            #expect(await agent.process.end.value == .exited(0))
        }
    }

    @Test("it ends with the program that started it")
    func parentGone() async throws {
        try await AgentProcess.with { agent in
            agent.process.closeInput()
            #expect(await agent.process.end.value == .exited(0))
            #expect(agent.server.state.value.session == nil)
        }
    }

    @Test("with --once it ends after the first job")
    func once() async throws {
        try await AgentProcess.with(["--once"]) { agent in
            try agent.server.sendJob("echo mode $AGENT_RUNMODE")
            #expect(await agent.process.end.value == .exited(0))
            #expect(agent.server.logText.contains("mode once"))
        }
    }

    @Test("an agent that was removed on the server ends without wish for a restart")
    func removed() async throws {
        try await AgentProcess.with { agent in
            agent.server.state.change { $0.isRegistered = false }
            #expect(await agent.process.end.value == .exited(0))
        }
    }

    @Test("a server that goes away is waited for, and the job that runs meanwhile loses nothing")
    func serverAway() async throws {
        try await AgentProcess.with { agent in
            let go = "\(agent.root.path)/go"
            try agent.server.sendJob("echo begun; while [ ! -e '\(go)' ]; do sleep 0.05; done; echo in the dark")
            await agent.server.state.wait {
                $0.logs.values.contains { String(decoding: $0, as: UTF8.self).contains("begun") }
            }
            agent.server.state.change { $0.isAway = true }
            _ = SmallFile.create("", at: go)
            await agent.waitForLine("Retrying until reconnected.")
            agent.server.state.change { $0.isAway = false }
            #expect(await agent.waitForEnd().result == "succeeded")
            #expect(agent.server.logText.contains("in the dark"))
            await agent.waitForLine("Agent reconnected.")
        }
    }

    @Test("a tool that is added and a line in .capabilities reach the server without a restart, a secret does not")
    func liveCapabilities() async throws {
        try await ScratchFolder.with { tools in
            var environment = ProcessEnvironment.own()
            environment["PATH"] = "\(tools):/usr/bin:/bin"
            environment["FOO_TOKEN"] = "abc"
            environment["PLAIN"] = "yes"
            try await AgentProcess.with(environment: environment) { agent in
                let first = agent.server.state.value.capabilities
                #expect(first["PLAIN"] == "yes" && first["FOO_TOKEN"] == nil && first["gulp"] == nil)
                _ = SmallFile.create("#!/bin/sh\necho CLI version: 4.0.2\n", at: "\(tools)/gulp", mode: 0o755)
                await agent.server.state.wait { $0.capabilities["gulp.Version"] == "4.0.2" }
                _ = SmallFile.write("RACK=7\n", to: "\(agent.root.path)/.capabilities")
                await agent.server.state.wait { $0.capabilities["RACK"] == "7" }
                _ = SmallFile.write("FROM_ENV=1\n", to: "\(agent.root.path)/.env")
                await agent.server.state.wait { $0.capabilities["FROM_ENV"] == "1" }
                try agent.server.sendJob("echo env $FROM_ENV")
                _ = await agent.waitForEnd()
                #expect(agent.server.logText.contains("env 1"))
                #expect(agent.server.state.value.sessionsOpened == 1)
            }
        }
    }

    @Test("where the server takes capabilities with a session only, an idle agent makes a new one")
    func newSession() async throws {
        try await AgentProcess.with(prepare: { $0.state.change { $0.isRoost = false } }) { agent in
            _ = SmallFile.write("RACK=7\n", to: "\(agent.root.path)/.capabilities")
            await agent.server.state.wait { $0.capabilities["RACK"] == "7" && $0.sessionsOpened == 2 }
        }
    }

    @Test("a killed listener's job is given up by its worker, and the next start finds nothing left")
    func listenerKilled() async throws {
        try await AgentProcess.with { agent in
            let pidFile = "\(agent.root.path)/pid"
            try agent.server.sendJob("echo begun; (setsid sleep 600 & echo $! > '\(pidFile)'); exec sleep 600")
            await agent.server.state.wait {
                $0.logs.values.contains { String(decoding: $0, as: UTF8.self).contains("begun") }
            }
            agent.process.signal(SIGKILL)
            #expect(await agent.waitForEnd().result == "abandoned")
            let polls = agent.server.state.value.polls
            let next = try AgentProcess.start(agent.root.path, agent.server, [], ProcessEnvironment.own())
            defer { next.process.signal(SIGKILL) }
            await agent.server.state.wait { $0.polls > polls }
            #expect(JobJournal.all(agent.root) == [])
            let left = try #require(SmallFile.read(pidFile).flatMap { pid_t($0.filter(\.isNumber)) })
            #expect(ProcessEntry(pid: left)?.isZombie ?? true)
            next.process.signal(SIGTERM)
            #expect(await next.process.end.value == .exited(0))
        }
    }

    @Test("a second listener in one folder is refused")
    func twice() async throws {
        try await AgentProcess.with { agent in
            let second = try AgentProcess.start(agent.root.path, agent.server, [], ProcessEnvironment.own())
            #expect(await second.process.end.value == .exited(1))
            #expect(second.printed.value.first?.hasSuffix("runs already.") == true)
        }
    }

    @Test(
        "the token of a person is nowhere in the agent: not in its files, its environment, its memory or its children"
    )
    func tokenIsGone() async throws {
        var environment = ProcessEnvironment.own()
        environment["VSTS_AGENT_INPUT_TOKEN"] = "needle-\(ScriptedServer.personToken)-in-memory"
        try await AgentProcess.with(environment: environment) { agent in
            try agent.server.sendJob("env | grep -c VSTS_AGENT_INPUT_TOKEN; env | cat")
            _ = await agent.waitForEnd()
            #expect(!agent.server.logText.contains(ScriptedServer.personToken))
            #expect(
                agent.server.state.value.capabilities.values.allSatisfy { !$0.contains(ScriptedServer.personToken) }
            )
            for pid in [agent.process.pid] + agent.workers {
                #expect(!Self.memory(of: pid, contains: Array(ScriptedServer.personToken.utf8)), "process \(pid)")
            }
            try Self.expectNoFile(in: agent.root.path, contains: ScriptedServer.personToken)
        }
    }

    /// Searches all readable memory of a process.
    private static func memory(of pid: pid_t, contains needle: [UInt8]) -> Bool {
        guard let maps = SmallFile.read("/proc/\(pid)/maps", limit: 8 << 20) else { return false }
        let file = open("/proc/\(pid)/mem", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        for line in maps.split(separator: "\n") where line.contains(" rw") {
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { Int(String($0), radix: 16) }
            guard ends.count == 2, ends[1] - ends[0] < 256 << 20 else { continue }
            var bytes = [UInt8](repeating: 0, count: ends[1] - ends[0])
            let count = pread(file, &bytes, bytes.count, off_t(ends[0]))
            guard count > 0 else { continue }
            let found = bytes.withUnsafeBytes { bytes in
                needle.withUnsafeBytes { roost_find(bytes.baseAddress, count, $0.baseAddress, $0.count) != nil }
            }
            if found { return true }
        }
        return false
    }

    private static func expectNoFile(in folder: String, contains text: String) throws {
        for name in FileTree.names(in: folder) {
            let path = "\(folder)/\(name)"
            if FileTree.isFolder(path) {
                try expectNoFile(in: path, contains: text)
            } else {
                #expect(SmallFile.read(path, limit: 16 << 20)?.contains(text) != true, "\(path)")
            }
        }
    }
}
