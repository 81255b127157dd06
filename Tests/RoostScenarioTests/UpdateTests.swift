import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

/// Agents that get other versions of themselves.
@Suite("Updates of agents", .timeLimit(.minutes(10)))
struct UpdateTests {
    private static let yaml = """
        parameters:
        - { name: agent, type: string, default: '' }
        pool:
          name: Default
          demands:
          - ${{ if ne(parameters.agent, '') }}:
            - Agent.Name -equals ${{ parameters.agent }}
        steps:
        - checkout: none
        - bash: echo "on $AGENT_NAME with $AGENT_VERSION"
        """

    private static let names = (1...10).map { $0 < 10 ? "agent-0\($0)" : "agent-10" }

    @Test(
        "a version that fails its health check is tried by one of ten agents, which goes back; a good one goes to all but the pinned; a generation by hand only"
    )
    func rollout() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let ground = try UpdateGround(cluster)
            let pool = try cluster.defaultPool.id.rawValue
            try await ground.set {
                $0.gate = 1; $0.atOnce = 50
            }
            try await ground.withAgents(Self.names) { agents in
                let ids = try await cluster.client.agents(pool: pool)
                let pinned = try #require(ids.first { $0.name == "agent-10" }?.id)
                let first = try #require(ids.first { $0.name == "agent-01" }?.id)
                try await cluster.client.pinAgent(pool: pool, agent: pinned, version: UpdateGround.first)
                #expect(try await ground.wait { _ in true }.allSatisfy { $0.state == "unknown" && $0.newest == nil })

                // It ends when it should listen.
                let bad = try ground.bad("4.271.0", "echo 'no such library' >&2; exit 7")
                let begin = ContinuousClock.now
                try await ground.add(bad, "4.271.0")
                let withheld = try await ground.wait { standings in
                    standings.filter { $0.state == "failed" || $0.state == "withheld" }.count == 9
                        && standings.allSatisfy { $0.version == UpdateGround.first }
                }
                Self.tell("a bad version is tried and withheld", since: begin)
                #expect(withheld.filter { $0.state == "failed" }.map(\.name) == ["agent-01"], "\(withheld)")
                let reason = try #require(withheld.first { $0.name == "agent-02" }?.reason)
                #expect(
                    reason.contains("agent-01: It ended with code 7.") && reason.contains("no such library"),
                    "\(reason)"
                )
                #expect(withheld.first { $0.name == "agent-10" }?.state == "pinned")
                try await Self.commands(ground)
                for agent in agents {
                    #expect(agent.versions.isEmpty || agent.versions == ["_update"], "\(agent.versions)")
                }
                for agent in agents.dropFirst() { #expect(agent.versions.isEmpty, "\(agent.versions)") }
                let audit = try await cluster.store.auditEvents(limit: 1000, before: nil)
                #expect(audit.filter { $0.action == "agent.update-failed" }.count == 1)
                #expect(audit.filter { $0.action == "agent-version.withheld" }.count == 1)

                try await ground.delete("4.271.0")
                let rollBegin = ContinuousClock.now
                try await ground.add(try ground.good("4.272.0"), "4.272.0")
                let rolled = try await ground.wait { standings in
                    try UpdateGround.checkNoneFailed(standings)
                    return standings.count { $0.version == "4.272.0" } == 9
                        && standings.allSatisfy { $0.state != "updating" }
                }
                Self.tell("a good version reaches nine", since: rollBegin)
                #expect(rolled.first { $0.name == "agent-10" }?.version == UpdateGround.first)
                for agent in agents.dropLast() {
                    #expect(agent.versions == ["bin.\(UpdateGround.first)", "bin.4.272.0"], "\(agent.versions)")
                    let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(agent.folder.path)/bin")
                    #expect(link == "bin.4.272.0")
                }

                // A pinned one, two minor versions behind, runs a job; so does one that has the new version.
                let pipeline = try await cluster.pipeline(repository)
                for (name, version) in [("agent-10", UpdateGround.first), ("agent-01", "4.272.0")] {
                    let request = RunRequest(pipeline: pipeline.id, parameters: ["agent": name])
                    let run = try await cluster.plane.queueRun(request, by: .system)
                    #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                    #expect(try await cluster.output(of: run.id).contains("on \(name) with \(version)"))
                }

                try await Self.takeByHand(ground, agent: first)
            }
        }
    }

    @Test(
        "a package that is signed with another key, a version that hangs, and one that is not what it says are refused, and the agent goes on",
        arguments: ["forged", "hangs", "lies"]
    )
    func refusals(_ kind: String) async throws {
        try await TestCluster.with { cluster in
            let ground = try UpdateGround(cluster)
            try await ground.set { $0.gate = 1 }
            try await ground.withAgents(["only"]) { agents in
                let wanted: String
                switch kind {
                case "forged":
                    let archive = try ground.bad("4.271.0", "exit 0")
                    let key = try #require(try await cluster.client.packageKeys().first)
                    let forged = PackageSignatureWire(keyId: key.id, value: Data(repeating: 7, count: 64))
                    _ = try await cluster.client.addAgentPackage(
                        platform: UpdateGround.platform,
                        version: "4.271.0",
                        archive: archive,
                        signature: forged
                    )
                    wanted = "is not signed with a key that this agent trusts"
                case "hangs":
                    try await ground.add(try ground.bad("4.271.0", "echo here I am; exec sleep 1000"), "4.271.0")
                    wanted = "It was not online within 40 seconds. Its last words: here I am"
                default:
                    try await ground.add(try ground.bad("4.272.0", "exit 0"), "4.271.0")
                    wanted = "4.271.0 does not start here; it says: 4.272.0"
                }
                let standings = try await ground.wait { $0.allSatisfy { $0.state == "failed" } }
                let reason = try #require(standings.first?.reason)
                #expect(reason.contains(wanted), "\(reason)")
                _ = try await ground.wait { _ in
                    ((try? cluster.plane.agents(in: cluster.defaultPool.id)) ?? []).allSatisfy(\.online)
                }
                #expect(agents[0].versions.isEmpty || agents[0].versions == ["_update"])
                #expect(kill(agents[0].process.pid, 0) == 0)
            }
        }
    }

    /// What a person sees of it at a terminal.
    private static func commands(_ ground: UpdateGround) async throws {
        func roost(_ words: String...) async throws -> String {
            let (code, output) = try await ChildProgram(
                "roost",
                words,
                environment: ["ROOST_URL": ground.cluster.address, "ROOST_TOKEN": ground.cluster.token.exposed],
                folder: ground.cluster.folder.path
            ).finished()
            #expect(code == 0, "\(words): \(output)")
            return output
        }
        let outdated = try await roost("agent", "list", "--outdated")
        for name in names { #expect(outdated.contains(name), "\(outdated)") }
        #expect(outdated.contains("4.271.0"), "\(outdated)")
        let packages = try await roost("package", "list")
        #expect(packages.contains("4.271.0") && packages.contains(UpdateGround.platform), "\(packages)")
        let updates = try await roost("pool", "updates", "Default")
        #expect(updates.contains("agent-01: It ended with code 7."), "\(updates)")
        let policy = try await roost("pool", "update-policy", "Default", "--output", "json")
        #expect(policy.contains("\"atOnce\" : 50"), "\(policy)")
        #expect(try await roost("pool", "retry-updates", "--help").contains("retry-updates"))
    }

    /// Its job lasts until a file is there.
    private static let longYAML = """
        parameters:
        - { name: file, type: string }
        pool: Default
        steps:
        - checkout: none
        - bash: until [ -e "${{ parameters.file }}" ]; do sleep 0.1; done; echo "with $AGENT_VERSION"
        """

    @Test(
        "an agent that is busy takes the version that is wanted when its job ends, not the one that was wanted before"
    )
    func secondThoughts() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.longYAML])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let ground = try UpdateGround(cluster)
            let pool = try cluster.defaultPool.id.rawValue
            try await ground.set {
                $0.minor = "manual"
            }
            for version in ["4.271.0", "4.272.0", "4.273.0"] { try await ground.add(try ground.good(version), version) }
            let pipeline = try await cluster.pipeline(repository)
            try await ground.withAgents(["only"]) { agents in
                let agent = try #require(try await cluster.client.agents(pool: pool).first?.id)
                func job(_ name: String, _ body: () async throws -> Void) async throws {
                    let file = "\(cluster.folder.path)/\(name)"
                    let request = RunRequest(pipeline: pipeline.id, parameters: ["file": file])
                    let run = try await cluster.plane.queueRun(request, by: .system)
                    _ = try await ground.wait { _ in
                        try cluster.plane.agents(in: cluster.defaultPool.id).allSatisfy { $0.assigned != nil }
                    }
                    try await body()
                    try Data().write(to: URL(filePath: file))
                    #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                }
                func order(_ version: String) async throws {
                    _ = try await cluster.client.orderUpdate(pool: pool, agent: agent, version: version)
                    _ = try await ground.wait { $0.first?.reason?.contains("has \(version) ready") == true }
                }
                try await job("one") {
                    try await order("4.271.0")
                    try await order("4.272.0")
                }
                try await ground.wait(for: "4.272.0")
                #expect(agents[0].versions == ["bin.\(UpdateGround.first)", "bin.4.272.0"], "\(agents[0].versions)")
                // It is not wanted any more when it is ready: the agent asks, and goes on as it is.
                try await job("two") {
                    try await order("4.273.0")
                    try await cluster.client.pinAgent(pool: pool, agent: agent, version: "4.272.0")
                }
                try await job("three") {}
                let standing = try #require(try await cluster.client.agentUpdates(pool: pool).first)
                #expect(standing.version == "4.272.0" && standing.state == "pinned", "\(standing)")
                #expect(kill(agents[0].process.pid, 0) == 0)
                let audit = try await cluster.store.auditEvents(limit: 1000, before: nil)
                #expect(audit.filter { $0.action == "agent.update-failed" }.isEmpty)
            }
        }
    }

    @Test("an agent that tries a version goes back to the one before when another one fails with it")
    func goingBack() async throws {
        try await TestCluster.with { cluster in
            let ground = try UpdateGround(cluster)
            let pool = try cluster.defaultPool.id.rawValue
            try await ground.set {
                $0.canaries = 2; $0.gate = 86_400
            }
            try await ground.withAgents(["real"]) { agents in
                let other = try await SimulatedAgent(
                    cluster: cluster.address,
                    registrar: cluster.client,
                    pool: pool,
                    name: "other",
                    capabilities: ["Roost.Platform": UpdateGround.platform]
                )
                let result: Result<Void, any Error>
                do { result = .success(try await Self.goBack(agents[0], with: other, ground)) } catch {
                    result = .failure(error)
                }
                await other.close()
                try result.get()
            }
        }
    }

    private static func goBack(_ real: UpdatableAgent, with other: SimulatedAgent, _ ground: UpdateGround) async throws
    {
        let pool = try ground.cluster.defaultPool.id.rawValue
        _ = try await other.openSession()
        try await ground.add(try ground.good("4.271.0"), "4.271.0")
        _ = try await ground.wait { standings in
            try UpdateGround.checkNoneFailed(standings)
            return standings.contains { $0.name == "real" && $0.version == "4.271.0" && $0.state == "trial" }
        }
        let report = AgentUpdateReportWire(
            version: "4.271.0",
            digest: "",
            state: "failed",
            fault: "unhealthy",
            reason: "It hung."
        )
        try await other.client.reportUpdate(pool: pool, agent: other.agent.id ?? 0, report)
        let back = try await ground.wait { standings in
            standings.contains { $0.name == "real" && $0.version == UpdateGround.first && $0.state == "withheld" }
        }
        #expect(back.first { $0.name == "real" }?.reason?.contains("other: It hung.") == true, "\(back)")
        let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(real.folder.path)/bin")
        #expect(link == "bin.\(UpdateGround.first)")
    }

    @Test(
        "the slots of an agent have one program: each goes over to a version for itself, and a bad one is left by all"
    )
    func slots() async throws {
        try await TestCluster.with { cluster in
            let ground = try UpdateGround(cluster)
            try await ground.set {
                $0.gate = 1; $0.atOnce = 100
            }
            try await ground.withAgents(["many"], ["--slots", "3"]) { agents in
                try await ground.add(try ground.good("4.271.0"), "4.271.0")
                let updated = try await ground.wait { standings in
                    try UpdateGround.checkNoneFailed(standings)
                    return standings.filter { $0.version == "4.271.0" && $0.state == "current" }.count == 3
                }
                #expect(updated.map(\.name) == ["many-1", "many-2", "many-3"])
                #expect(agents[0].versions == ["bin.\(UpdateGround.first)", "bin.4.271.0"], "\(agents[0].versions)")
                try await ground.add(try ground.bad("4.272.0", "exit 9"), "4.272.0")
                let refused = try await ground.wait { standings in
                    standings.filter { $0.state == "failed" || $0.state == "withheld" }.count == 3
                }
                #expect(refused.allSatisfy { $0.version == "4.271.0" })
                #expect(refused.filter { $0.state == "failed" }.count == 1)
            }
        }
    }

    /// An administrator's steps; the test says when an update is over, and when the service is to be restarted in the midst of one.
    private static let steps = """
        set -e
        ./svc.sh install nobody
        ./svc.sh start
        unit=$(head -n 1 .service)
        pid() { systemctl show --property MainPID --value "$unit"; }
        restarts() { systemctl show --property NRestarts --value "$unit"; }
        first=$(pid)
        echo "it runs"
        until [ -e first-is-over ]; do sleep 0.1; done
        echo "process $([ "$(pid)" = "$first" ] && echo same || echo other), $(restarts) restarts, bin is $(readlink bin)"
        until [ -e restart-now ]; do sleep 0.1; done
        systemctl restart "$unit"
        echo "it was restarted"
        until [ -e second-is-over ]; do sleep 0.1; done
        systemctl is-active "$unit"
        echo "$(restarts) restarts by systemd, bin is $(readlink bin)"
        """

    @Test(
        "a service is updated without an end that its manager sees, and a restart in the midst of an update only delays it",
        .enabled(if: SystemdMachine.isPossible, "needs root, namespaces and systemd")
    )
    func service() async throws {
        try await TestCluster.with { cluster in
            let ground = try UpdateGround(cluster)
            try await ground.set { $0.gate = 1 }
            try await SystemdMachine.withAgent("roost-update-", of: cluster) { folder, _ in
                func tell(_ name: String) throws { try Data().write(to: URL(filePath: "\(folder.path)/\(name)")) }
                let ended = try await SystemdMachine.run(Self.steps, in: folder) { machine in
                    try await machine.line(with: "it runs")
                    try await ground.add(try ground.good("4.271.0"), "4.271.0")
                    try await ground.waitUntilAll(have: "4.271.0")
                    try tell("first-is-over")
                    try await machine.line(with: "bin is bin.")
                    try await ground.add(try ground.good("4.272.0"), "4.272.0")
                    _ = try await ground.wait { $0.first?.reason?.contains("tries whether 4.272.0") == true }
                    try tell("restart-now")
                    try await machine.line(with: "it was restarted")
                    try await ground.waitUntilAll(have: "4.272.0")
                    try tell("second-is-over")
                }
                #expect(ended.code == 0, "\(ended.output)")
                #expect(ended.output.contains("process same, 0 restarts, bin is bin.4.271.0"), "\(ended.output)")
                #expect(ended.output.contains("active\n0 restarts by systemd, bin is bin.4.272.0"), "\(ended.output)")
            }
        }
    }

    /// A new generation comes to nobody by itself, and to one agent by a person's hand.
    private static func takeByHand(_ ground: UpdateGround, agent: Int) async throws {
        try await ground.add(try ground.good("5.0.0"), "5.0.0")
        let offered = try await ground.wait { standings in standings.filter { $0.state == "majorByHand" }.count == 9 }
        #expect(offered.allSatisfy { $0.version != "5.0.0" })
        let pool = try ground.cluster.defaultPool.id.rawValue
        _ = try await ground.cluster.client.orderUpdate(pool: pool, agent: agent, version: "5.0.0")
        let taken = try await ground.wait { standings in
            standings.contains { $0.version == "5.0.0" && $0.state != "updating" }
        }
        #expect(taken.filter { $0.version == "5.0.0" }.map(\.agentId) == [agent], "\(taken)")
    }

    private static func tell(_ what: String, since begin: ContinuousClock.Instant) {
        guard ProcessInfo.processInfo.environment["ROOST_TEST_TIMES"] != nil else { return }
        print("\(what): after \((ContinuousClock.now - begin).components.seconds) s")
    }
}
