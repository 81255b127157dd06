import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostAgent

@Suite("What makes jobs root of a machine")
struct HazardProbeTests {
    @Test(
        "a socket of an engine that everybody may use is found, one that the user may use is another finding",
        arguments: [(0o666, AgentFinding.openSocket), (0o660, geteuid() == 0 ? nil : .engineGroup)]
            as [(mode_t, AgentFinding?)]
    )
    func sockets(_ mode: mode_t, _ finding: AgentFinding?) async throws {
        try await ScratchFolder.with { scratch in
            let path = "\(scratch)/s"
            let line = "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
            let (code, _) = try ShortCommand.run(["python3", "-c", line, path])
            try #require(code == 0)
            chmod(path, mode)
            let found = await HazardProbe(environment: ["DOCKER_HOST": "unix://\(path)"], asksPrograms: false).run()
            #expect(found == [finding].compactMap(\.self))
        }
    }

    @Test("a file that is no socket is none that is open to all")
    func files() async throws {
        try await ScratchFolder.with { scratch in
            try Data().write(to: URL(filePath: "\(scratch)/file"))
            chmod("\(scratch)/file", 0o666)
            #expect(!HazardProbe.isOpenToAll("\(scratch)/file") && !HazardProbe.isOpenToAll("\(scratch)/none"))
        }
    }

    @Test("findings are told and read back, and unknown ones are left out")
    func texts() {
        #expect(AgentFinding.text([]) == nil)
        #expect(AgentFinding.list(AgentFinding.text(AgentFinding.allCases) ?? "") == AgentFinding.allCases)
        #expect(AgentFinding.list("later,sudo-without-password") == [.freeSudo])
    }
}
