import Foundation
import Glibc
import Logging
import RoostModel
import Testing

@testable import RoostAgent

@Suite("An agent's disk", .timeLimit(.minutes(6)))
struct UpkeepTests {
    private static let mirror = "widgets-0f3a0f3a0f3a0f3a"

    /// A work folder with something of each kind.
    private static func fill(_ folder: String) throws -> AgentFolders {
        let folders = AgentFolders(root: folder)
        for (number, pipeline) in [("1", "7"), ("2", "8")] {
            try write(
                "{\"agent_builddirectory\": \"\(number)\", \"definitionName\": \"p\(pipeline)\"}",
                "\(folders.mappings)/c0ffee/\(pipeline)/SourceFolder.json"
            )
            try write("source", "\(folders.work)/\(number)/s/a")
        }
        try write("\(folders.mirrors)/\(mirror)/mirror/objects\n", "\(folders.work)/1/s/.git/objects/info/alternates")
        try write("ref", "\(folders.mirrors)/\(mirror)/mirror/HEAD")
        try write("x", "\(folders.mirrors)/\(mirror)/mirror.tree/files/a")
        try write("{}", "\(folders.mirrors)/.rates/rates.json")
        for version in ["1.2.3", "1.10.0", "2.0.0"] {
            try write("{}", "\(folders.tasks)/T_id/\(version)/task.json")
            try write("", "\(folders.tasks)/T_id/\(version).completed")
        }
        for tool in ["go/1.22.1/x64", "node/20.0.0/x64"] {
            try write("x", "\(folders.tools)/\(tool)/bin/x")
            try write("", "\(folders.tools)/\(tool).complete")
        }
        try write("", "\(folders.broughtTools)/node@20.0.0@x64")
        try write("line", "\(folders.pages)/job/1")
        try write("x", "\(folders.temp)/x")
        return folders
    }

    private static func write(_ text: String, _ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private static func upkeep(_ folders: AgentFolders, _ policy: String) throws -> Upkeep {
        Upkeep(
            root: AgentRoot(folders.root),
            folders: folders,
            policy: try UpkeepPolicy(parsing: policy),
            environment: [:],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private static let everything = "free=1m,workspace=0d,mirror=0d,task=0d,oldtask=0d,tool=0d,log=0d"

    @Test("is seen with what uses it, what leads to it and what it leans on")
    func survey() async throws {
        try await ScratchFolder.with { folder in
            let folders = try Self.fill(folder)
            try Self.write("old", "\(folders.work)/9/s/a")
            try Self.write("half", "\(folders.tasks)/T_id/.draft/package.zip")
            var times = [timeval(tv_sec: 0, tv_usec: 0), timeval(tv_sec: 0, tv_usec: 0)]
            for path in ["\(folders.work)/9", "\(folders.tasks)/T_id/.draft"] { utimes(path, &times) }
            let locks = UseLocks(folders)
            try locks.hold(UpkeepItem.ID(.workspace, "2"))
            try locks.hold(UpkeepItem.ID(.task, "T_id/2.0.0"))
            try locks.begin()
            var survey = DiskSurvey(root: AgentRoot(folder), folders: folders, measuresAll: true)
            let items = Dictionary(survey.items().map { ($0.id, $0) }) { first, _ in first }
            let seen = items.values.sorted { $0.id < $1.id }.map { item in
                let standing =
                    switch item.standing {
                    case .current: ""
                    case .superseded(let version): " < \(version)"
                    case .abandoned: " abandoned"
                    }
                let use =
                    switch item.use {
                    case .free: ""
                    case .held: " held"
                    case .kept: " kept"
                    }
                return
                    "\(item.id.kind.rawValue) \(item.id.name)\(item.label.isEmpty ? "" : " (\(item.label))")\(standing)\(use)"
            }
            #expect(
                seen == [
                    "log job", "mirror \(Self.mirror)", "task T_id/.draft abandoned", "task T_id/1.10.0",
                    "task T_id/1.2.3 < 1.10.0", "task T_id/2.0.0 held", "temporary _temp held",
                    "tool go/1.22.1/x64 kept",
                    "tool node/20.0.0/x64 held", "tree \(Self.mirror)/mirror.tree", "workspace 1 (p7)",
                    "workspace 2 (p8) held", "workspace 9 abandoned",
                ]
            )
            #expect(items[UpkeepItem.ID(.workspace, "1")]?.leansOn == [UpkeepItem.ID(.mirror, Self.mirror)])
            #expect(items.values.allSatisfy { $0.bytes >= 4096 && $0.isOnDisk }, "\(items.values)")
        }
    }

    @Test("loses nothing that a job uses; when the job is over it does, with the reason in the history")
    func use() async throws {
        try await ScratchFolder.with { folder in
            let folders = try Self.fill(folder)
            let upkeep = try Self.upkeep(folders, Self.everything)
            var locks: UseLocks? = UseLocks(folders)
            try locks?.begin()
            try locks?.hold(UpkeepItem.ID(.workspace, "1"))
            try locks?.hold(UpkeepItem.ID(.task, "T_id/1.10.0"))
            let first = await upkeep.run(.afterJob)
            #expect(first.records.allSatisfy { $0.what == .evicted }, "\(first.records)")
            #expect(
                FileTree.names(in: folders.work).sorted() == [
                    "1", "SourceRootMapping", "_mirrors", "_tasks", "_temp", "_tool", "_upkeep",
                ]
            )
            #expect(FileTree.isFile("\(folders.mirrors)/\(Self.mirror)/mirror/HEAD"))
            #expect(FileTree.names(in: "\(folders.tasks)/T_id").sorted() == ["1.10.0", "1.10.0.completed"])
            #expect(FileTree.isFolder("\(folders.tools)/node/20.0.0/x64"))
            locks = nil
            let second = await upkeep.run(.afterJob)
            #expect(second.records.allSatisfy { $0.what == .evicted }, "\(second.records)")
            #expect(!FileTree.exists("\(folders.work)/1") && FileTree.names(in: "\(folders.tasks)/T_id") == [])
            #expect(FileTree.names(in: folders.mirrors) == [".rates"])
            #expect(!FileTree.exists("\(folders.tools)/node/20.0.0/x64.complete"))
            // No job has brought it, so that none could bring it again.
            #expect(FileTree.isFolder("\(folders.tools)/go/1.22.1/x64"))
            #expect(FileTree.names(in: folders.trash) == [])
            let history = UpkeepLog(AgentRoot(folder)).all()
            #expect(history.count == first.records.count + second.records.count)
            let gone = try #require(history.first { $0.name == "T_id/1.2.3" })
            #expect(
                gone.reason == "version 1.10.0 is there, and nobody has used this one for 0 days"
                    && gone.code == "superseded"
            )
            #expect(await upkeep.run(.afterJob).records == [])
        }
    }

    @Test("a job that comes while its folder is removed waits for that, and holds what comes after")
    func race() async throws {
        try await ScratchFolder.with { folder in
            let folders = try Self.fill(folder)
            let id = UpkeepItem.ID(.workspace, "1")
            for _ in 0..<50 {
                var taken = UseLocks.take(id, in: folders)
                #expect(taken != nil)
                let locks = UseLocks(folders)
                let job = Task.detached { try locks.hold(id) }
                UseLocks.forget(id, in: folders)
                withExtendedLifetime(taken) {}
                taken = nil
                try await job.value
                #expect(UseLocks.isHeld(id, in: folders) && UseLocks.take(id, in: folders) == nil)
                withExtendedLifetime(locks) {}
            }
            #expect(!UseLocks.isHeld(id, in: folders))
        }
    }

    @Test("what a killed agent had begun to remove is gone after the next start")
    func killed() async throws {
        try await ScratchFolder.with { folder in
            let folders = try Self.fill(folder)
            try Self.write("x", "\(folders.trash)/6b1f/s/.git/objects/pack/p")
            chmod("\(folders.trash)/6b1f/s", 0o500)
            _ = await (try Self.upkeep(folders, "free=1m")).run(.start)
            #expect(FileTree.names(in: folders.trash) == [])
            #expect(FileTree.isFile("\(folders.work)/1/s/a"))
        }
    }

    @Test("its history has an end, and a line that a full disk has cut is passed over")
    func history() throws {
        let folder = try ScratchFolderPath()
        defer { folder.remove() }
        let root = AgentRoot(folder.path)
        #expect(FileTree.make(root.diagnostics) == 0)
        let log = UpkeepLog(root)
        func record(_ number: Int) -> UpkeepRecord {
            UpkeepRecord(
                at: Date(timeIntervalSince1970: Double(number)),
                occasion: .afterJob,
                what: .evicted,
                kind: .workspace,
                name: "\(number)",
                label: String(repeating: "x", count: 400),
                bytes: 5_000_000,
                code: "abandoned",
                reason: "nothing leads to it any more",
                free: 1_200_000_000
            )
        }
        for number in 0..<5000 { log.add([record(number)]) }
        let all = log.all()
        #expect(all.last?.name == "4999" && all.count > 500 && all.count < 2500, "\(all.count)")
        #expect((SmallFile.read(log.path, limit: 1 << 24) ?? "").utf8.count <= UpkeepLog.longest)
        let file = open(log.path, O_WRONLY | O_APPEND)
        _ = Glibc.write(file, "{\"at\": \n", 8)
        close(file)
        #expect(log.all() == all)
        var short = record(60)
        short.label = nil
        #expect(
            short.sentence
                == "1970-01-01 00:01:00Z  after-job  evicted  workspace 60, 5 MB: nothing leads to it any more; 1.2 GB free"
        )
    }

    @Test("a job says what it uses, and where it ran is free when it is over")
    func job() async throws {
        try await JobBench.with { bench in
            let folders = bench.settings.folders
            bench.script("flock --nonblock --exclusive \(folders.uses)/workspace-1 true || echo it is held")
            let script = try #require(bench.steps.first?.id)
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded)
            #expect(bench.lines(script).contains("it is held"), "\(bench.lines(script))")
            #expect(FileTree.names(in: folders.uses).sorted() == ["jobs", "workspace-1"])
            #expect(!UseLocks.isHeld(UpkeepItem.ID(.workspace, "1"), in: folders))
        }
    }

    @Test("a tool that a job brings is upkeep's, with the last use that steps say; what was there before stays")
    func tools() async throws {
        try await ScratchFolder.with { folder in
            let folders = try Self.fill(folder)
            var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
            utimes("\(folders.tools)/go/1.22.1/x64.complete", &times)
            let upkeep = try Self.upkeep(folders, "free=1m")
            await upkeep.during {
                try? Self.write("x", "\(folders.tools)/java/21.0.0/x64/bin/java")
                try? Self.write("", "\(folders.tools)/java/21.0.0/x64.complete")
            }
            #expect(FileTree.names(in: folders.broughtTools).sorted() == ["java@21.0.0@x64", "node@20.0.0@x64"])
            #expect(JobNeeds(folders).bytes.count == 1 && upkeep.needs == JobNeeds(folders).bytes)
            utimes("\(folders.tools)/java/21.0.0/x64.complete", &times)
            PrependedPaths(tools: folders.tools).prepend("\(folders.tools)/java/21.0.0/x64/bin")
            var survey = DiskSurvey(root: AgentRoot(folder), folders: folders, measuresAll: false)
            let java = try #require(survey.items().first { $0.id.name == "java/21.0.0/x64" })
            #expect(java.use == .free && java.lastUse.timeIntervalSinceNow > -60)
        }
    }

    @Test(
        "an image that a job has fetched goes when no job has it; others stay",
        .enabled(if: ContainerGround.obstacle == nil, "\(ContainerGround.obstacle ?? "")")
    )
    func images() async throws {
        try await ContainerGround.with { ground in
            let folders = ground.settings.folders
            let client = try await ground.client()
            let other = "localhost/other:1"
            try await client.require(["tag", ContainerGround.image, other])
            let upkeep = Upkeep(
                root: AgentRoot(folders.root),
                folders: folders,
                policy: try UpkeepPolicy(parsing: "free=1m,image=0d"),
                environment: ground.settings.environment,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            var job: UseLocks? = UseLocks(folders)
            try job?.hold(UpkeepItem.ID(.image, ContainerGround.image))
            job?.note(image: ContainerGround.image, isBrought: true)
            job?.note(image: other, isBrought: false)
            let held = await upkeep.run(.afterJob)
            #expect(held.items.map(\.use) == [.held] && held.records == [], "\(held)")
            job = nil
            let free = await upkeep.run(.afterJob)
            #expect(free.records.map(\.what) == [.evicted] && free.records.first?.name == ContainerGround.image)
            #expect(try await client.run(["image", "exists", ContainerGround.image]).code == 1)
            #expect(try await client.run(["image", "exists", other]).isSuccess)
            #expect(await upkeep.run(.afterJob).items == [])
        }
    }

    @Test("the command shows what there is and would go, and removes it when it is not a rehearsal")
    func command() async throws {
        try await ScratchFolder.with { folder in
            let folders = try Self.fill(folder)
            let root = AgentRoot(folder)
            try AgentFiles(root: root).write(
                AgentSettings(
                    agentId: 1,
                    agentName: "a",
                    poolId: 1,
                    poolName: "p",
                    serverUrl: "http://localhost:1/",
                    upkeep: Self.everything
                )
            )
            func run(_ values: [String: String]) async throws -> (ListenerExit, String) {
                let console = KeptConsole()
                let command = UpkeepCommand(
                    root: root,
                    inputs: AgentInputs(AgentCommandLine(verb: .upkeep, values: values), variables: [:]),
                    environment: [:],
                    console: console
                )
                return (try await command.run(), console.text)
            }
            let rehearsal = try await run(["dry-run": "true"])
            #expect(rehearsal.0 == .success && rehearsal.1.contains("would go: workspace 2, "), "\(rehearsal.1)")
            #expect(FileTree.isFile("\(folders.work)/2/s/a"))
            #expect(try await run(["history": "true"]).1 == "Nothing has been removed yet.")
            let json = try await run(["output": "json"])
            let report = try JSONSerialization.jsonObject(with: Data(json.1.utf8)) as? [String: Any]
            #expect((report?["done"] as? [Any])?.count == 9, "\(json.1)")
            #expect(!FileTree.exists("\(folders.work)/2"))
            #expect(try await run(["history": "true"]).1.split(separator: "\n").count == 9)
            await #expect(throws: CommandLineFault.self) { try await run(["upkeep": "fre=1"]) }
            await #expect(throws: CommandLineFault.self) { try await run(["output": "xml"]) }
        }
    }
}

/// A folder without a body around it.
private struct ScratchFolderPath {
    let path: String

    init() throws {
        path = "\(FileManager.default.temporaryDirectory.path)/roost-upkeep-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Keeps what is said.
private final class KeptConsole: AgentConsole {
    private let lines = Watched<[String]>([])

    var text: String { lines.value.joined(separator: "\n") }

    func say(_ line: String) { lines.change { $0.append(line) } }
    func complain(_ line: String) { say(line) }
    func ask(_ question: String, isSecret: Bool) -> String? { nil }
    func secretLine() -> String? { nil }
}
