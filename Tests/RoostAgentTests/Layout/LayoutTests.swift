import FoundationEssentials
import Glibc
import RoostModel
import Testing

@testable import RoostAgent

@Suite("The agent's folder")
struct LayoutTests {
    @Test("the folder is named, or that of the scripts beside bin, or the current one")
    func root() async throws {
        try await ScratchFolder.with { folder in
            let home = FileTree.resolved(folder) ?? folder
            #expect(AgentRoot.find(executable: "/x/bin/roost-agent", named: folder).path == home)
            #expect(AgentRoot.find(executable: "\(home)/bin/roost-agent", named: nil).path == FileTree.resolved("."))
            _ = SmallFile.create("", at: "\(home)/config.sh")
            #expect(AgentRoot.find(executable: "\(home)/bin/roost-agent", named: nil).path == home)
        }
    }

    @Test("what jobs inherit has the agent's .env, its .path as a service, and nothing of the agent itself")
    func environment() async throws {
        try await ScratchFolder.with { folder in
            let root = AgentRoot(folder)
            _ = SmallFile.write("A=file\n# no\nB = spaced \n", to: root.file(.environment))
            _ = SmallFile.write("/from/file\n", to: root.file(.path))
            let base = [
                "A": "shell", "PATH": "/from/shell:/from/shell:relative", "VSTS_AGENT_INPUT_TOKEN": "x",
                "ROOST_AGENT_ROOT": "y",
            ]
            let plain = AgentEnvironment(root: root, base: base)
            #expect(plain.values == ["A": "file", "B": "spaced", "PATH": base["PATH"]])
            #expect(plain.pathFolders == ["/from/shell"])
            #expect(AgentEnvironment(root: root, base: base, usesPathFile: true).values["PATH"] == "/from/file")
        }
    }

    @Test("lines of a child come whole, whatever pieces its bytes come in")
    func lines() {
        let lines = Watched<[String]>([])
        let splitter = LineSplitter { line in lines.change { $0.append(line) } }
        for piece in ["a", "b\nc", "\n\nd"] { Array(piece.utf8).withUnsafeBytes { splitter.receive($0) } }
        splitter.finish()
        #expect(lines.value == ["ab", "c", "", "d"])
    }

    @Test("a slot shares what people keep with its agent, and has the rest for itself")
    func slots() {
        let agent = AgentRoot("/opt/agent")
        let slot = agent.slot(3)
        #expect(slot.path == "/opt/agent/_slots/3" && slot.slotNumber == 3 && slot.home == "/opt/agent")
        #expect(agent.slotNumber == nil && agent.home == "/opt/agent")
        #expect(AgentRoot("/srv/slots/3").slotNumber == nil && AgentRoot("/_slots/x").slotNumber == nil)
        #expect(slot.file(.environment) == "/opt/agent/.env" && slot.file(.capabilities) == "/opt/agent/.capabilities")
        #expect(slot.file(.key) == "/opt/agent/_slots/3/.credentials_rsaparams")
        #expect(AgentFolders(root: slot.path).externals == "/opt/agent/externals")
    }

    @Test("disks are told in steps, so that small changes are none")
    func disk() {
        let size = 160 << 30
        #expect(AgentDisk(free: 57 << 30, size: size).text == AgentDisk(free: 51 << 30, size: size).text)
        #expect(DiskSpace(text: AgentDisk(free: 57 << 30, size: size).text)?.free == 50 << 30)
        #expect(AgentDisk(free: (7 << 30) + 5, size: size).text == "7 GB free of 160 GB")
        #expect(DiskSpace(text: "much") == nil && DiskSpace(text: "1 GB free of -2 GB") == nil)
        #expect(DiskSpace(free: 15 << 30, size: size).isLow && !DiskSpace(free: 16 << 30, size: size).isLow)
    }
}
