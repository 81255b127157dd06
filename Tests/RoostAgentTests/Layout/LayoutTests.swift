import FoundationEssentials
import Glibc
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
}
