import FoundationEssentials
import RoostModel
import Testing

@testable import RoostAgent

@Suite("What an isolated job sees")
struct WallPlanTests {
    private static func facts(
        root: String = "/opt/agents/a",
        work: String? = nil,
        tools: String? = nil,
        build: String = "3"
    ) -> WallFacts {
        let folders = AgentFolders(root: root, work: work, tools: tools)
        var facts = WallFacts(folders: folders, build: "\(folders.work)/\(build)", realWork: folders.work)
        facts.workNames = [
            "1", "12", "3", "SourceRootMapping", "_containers", "_mirrors", "_tasks", "_temp", "_tool", "_upkeep",
            "own-cache",
        ]
        return facts
    }

    @Test("its agent is hidden but for its own folders, and nothing can take their place")
    func usual() {
        var facts = Self.facts()
        facts.hidden = ["/opt/agents/b", "/opt/agents/b/_work", "/srv/secrets"]
        facts.mirrors = ["/opt/agents/a/_work/_mirrors/widgets-1"]
        facts.readable = ["/usr/bin", "/opt/agents/a/externals"]
        facts.pages = "/opt/agents/a/_diag/pages/7"
        facts.session = "/run/user/1000"
        facts.trusted = ["/etc/ssh/ssh_config.d"]
        let temp = "/opt/agents/a/_work/_temp", work = "/opt/agents/a/_work"
        let common = [
            Wall(.show, "/tmp", from: "\(temp)/.tmp"), Wall(.show, "/var/tmp", from: "\(temp)/.var-tmp"),
            Wall(.hide, "/opt/agents/a"), Wall(.hide, "/opt/agents/b"), Wall(.hide, "/srv/secrets"), Wall(.show, work),
            Wall(.cover, "\(work)/1"), Wall(.cover, "\(work)/12"), Wall(.cover, "\(work)/SourceRootMapping"),
            Wall(.cover, "\(work)/_containers"),
            Wall(.hide, "\(work)/_mirrors"), Wall(.cover, "\(work)/_upkeep"),
            Wall(.show, "\(work)/_mirrors/widgets-1"),
            Wall(.showReadOnly, "\(work)/_tasks"), Wall(.showReadOnly, "/opt/agents/a/externals"),
            Wall(.empty, "/run/user/1000"), Wall(.own, "/etc/ssh/ssh_config.d"),
        ]
        let fixed = ["\(work)/3", temp, "\(work)/_tool"].map { Wall(.show, $0) }
        #expect(planWalls(facts) == common + fixed)
        #expect(planWorkerWalls(facts) == common + [Wall(.show, "/opt/agents/a/_diag/pages/7")])
    }

    @Test("a work folder elsewhere stays where it is; one behind a link is hidden under its other name")
    func otherWorkFolder() {
        let elsewhere = planWalls(Self.facts(work: "/data/builds", tools: "/data/tools"))
        #expect(!elsewhere.contains(Wall(.show, "/data/builds")) && !elsewhere.contains(Wall(.hide, "/data/builds")))
        #expect(elsewhere.contains(Wall(.cover, "/data/builds/1")) && !elsewhere.contains { $0.path == "/data/tools" })
        var linked = Self.facts()
        linked.realWork = "/disk/work"
        let walls = planWalls(linked)
        #expect(walls.contains(Wall(.hide, "/disk/work")) && walls.contains(Wall(.show, "/opt/agents/a/_work")))
    }

    @Test("what a job needs of a place that is replaced is shown again, unless that would show what is hidden")
    func needed() throws {
        var facts = Self.facts(root: "/tmp/x/home/agents/a")
        facts.hidden = ["/tmp/x/home/keys"]
        facts.writable = ["/tmp/x/home", "/tmp", "/home/builder"]
        facts.readable = ["/tmp/repository", "/tmp/x/home/agents/a/_work/3/s", "/tmp/x/home/keys/ca.pem", "/usr/bin"]
        facts.readable.append("/tmp/x/home/keys")
        let walls = planWalls(facts)
        let paths = walls.map(\.path)
        let home = try #require(paths.firstIndex(of: "/tmp/x/home"))
        let keys = try #require(paths.firstIndex(of: "/tmp/x/home/keys"))
        #expect(try home < #require(paths.firstIndex(of: "/tmp/x/home/agents/a")) && home < keys)
        #expect(walls.contains(Wall(.showReadOnly, "/tmp/repository")))
        #expect(walls.contains(Wall(.showReadOnly, "/tmp/x/home/keys/ca.pem")))
        #expect(!paths.contains("/home/builder") && !paths.contains("/usr/bin") && paths.count { $0 == "/tmp" } == 1)
        #expect(!paths.contains("/tmp/x/home/agents/a/_work/3/s") && paths.count { $0 == "/tmp/x/home/keys" } == 1)
    }

    @Test("an engine of containers that a job could use is found by its socket")
    func engine() async throws {
        try await ScratchFolder.with { folder in
            let socket = "\(folder)/engine.sock"
            #expect(FileManager.default.createFile(atPath: socket, contents: nil))
            #expect(IsolationProbe.engineSocket(["DOCKER_HOST": "unix://\(socket)"]) == socket)
            #expect(IsolationProbe.engineSocket(["DOCKER_HOST": "unix://\(socket)-2"]) != "\(socket)-2")
        }
        #expect(IsolationProbe.engineSocket(["DOCKER_HOST": "tcp://engine.example:2376"])?.contains("example") != true)
    }

    @Test("the command line takes three kinds in any letter case, and folders with colons between them")
    func commandLine() throws {
        func inputs(_ values: [String: String]) -> AgentInputs {
            AgentInputs(AgentCommandLine(verb: .run, values: values), variables: [:])
        }
        #expect(try AgentMain.isolation(inputs(["isolation": "Always"])) == .always)
        #expect(try AgentMain.isolation(inputs([:])) == nil)
        let fault = CommandLineFault.invalidValue("isolation", "sometimes", expected: "auto, always or off")
        #expect(throws: fault) { try AgentMain.isolation(inputs(["isolation": "sometimes"])) }
        #expect(AgentMain.hiddenFolders(inputs(["hide": "/srv/a:/srv/b"])) == ["/srv/a", "/srv/b"])
    }

    @Test(
        "a worker says nothing of walls in a run without an agent, and a job that must have them does not begin without"
    )
    func modes() throws {
        let order = try JobOrder.sample()
        var settings = WorkerSettings(
            folders: AgentFolders(root: "/nowhere"),
            agentName: "a",
            agentVersion: "1",
            environment: [:]
        )
        let folders = JobFolders(build: "/nowhere/_work/1")
        #expect(try IsolatedJob(settings: settings, order: order).begin(in: folders) == nil)
        settings.isolation = JobIsolation(mode: .auto, obstacle: "it is a test")
        let told = try IsolatedJob(settings: settings, order: order).begin(in: folders)
        #expect(told?.hasPrefix("This job is not isolated") == true && told?.contains("it is a test") == true)
        settings.isolation = JobIsolation(mode: .always, obstacle: "it is a test")
        #expect(throws: WallFailure.notPossible("it is a test")) {
            try IsolatedJob(settings: settings, order: order).begin(in: folders)
        }
        settings.isolation = JobIsolation(mode: .off)
        let off = try IsolatedJob(settings: settings, order: order).begin(in: folders)
        #expect(off?.contains("its configuration says so") == true)
        #expect(JobIsolation(mode: .off).capability == "off (its configuration says so)")
        #expect(JobIsolation(mode: .auto).capability == "on")
    }
}

extension JobOrder {
    fileprivate static func sample() throws -> JobOrder {
        JobOrder(
            scope: .init(),
            plan: PlanID(.init()),
            timeline: .init(),
            job: JobID(.init()),
            request: RequestID(1),
            name: "Job",
            displayName: "A job",
            variables: [:],
            endpoints: [],
            repositories: [],
            steps: []
        )
    }
}
