import Foundation
import Glibc
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// `roost-agent doctor` on agents that are broken in the ways in which agents break.
@Suite("The agent's doctor")
struct DoctorTests {
    /// What it prints as JSON.
    struct Report: Decodable, Sendable {
        struct Finding: Decodable, Sendable {
            var topic: String
            var verdict: String
            var summary: String
            var advice: String?
        }

        var isFine: Bool
        var findings: [Finding]

        var broken: [String] { findings.filter { $0.verdict == "broken" }.map(\.topic) }

        func summary(_ topic: String) -> String { findings.first { $0.topic == topic }?.summary ?? "" }
        func advice(_ topic: String) -> String { findings.first { $0.topic == topic }?.advice ?? "" }
    }

    /// An agent that is configured at a server and can be broken.
    struct Patient: Sendable {
        let cluster: TestCluster
        let path: String

        static func with(
            _ configure: @escaping (inout ServerConfiguration) -> Void = { _ in },
            _ arguments: [String] = [],
            _ body: @Sendable @escaping (Patient) async throws -> Void
        ) async throws {
            try await TestCluster.with(configure: configure) { cluster in
                let folder = try AgentFolder("\(cluster.folder.path)/agent")
                let done = try await folder.configure(
                    ["--unattended", "--url", cluster.address, "--auth", "pat", "--pool", "Default", "--agent", "one"]
                        + arguments,
                    environment: ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
                )
                guard done.code == 0 else { throw TestFailure(done.output) }
                try await body(Patient(cluster: cluster, path: folder.path))
            }
        }

        /// Runs the doctor; a script may prepare what it sees, with the doctor as its arguments.
        func examine(_ script: String = "exec \"$@\"", environment: [String: String] = [:]) async throws -> Report {
            let doctor = ["\(ChildProgram.buildFolder)/roost-agent", "doctor", "--root", path, "--output", "json"]
            let program = try ChildProgram(
                executable: "/bin/bash",
                ["-c", script, "doctor"] + doctor,
                environment: environment,
                folder: path
            )
            let (code, output) = await program.finished()
            guard let start = output.firstIndex(of: "{") else { throw TestFailure("doctor: \(code) \(output)") }
            let report = try JSONDecoder().decode(Report.self, from: Data(output[start...].utf8))
            #expect(code == (report.isFine ? 0 : 1), "\(output)")
            return report
        }

        /// Gives the agent another server.
        func replace(_ old: String, _ new: String) throws {
            let file = "\(path)/.agent"
            try String(contentsOfFile: file, encoding: .utf8).replacingOccurrences(of: old, with: new)
                .write(toFile: file, atomically: true, encoding: .utf8)
        }
    }

    /// A server of the test that answers everything in one way.
    private static func answering(_ status: Int, _ body: String, in folder: String) async throws -> (ChildProgram, Int)
    {
        let script = """
            import http.server
            class Answer(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(\(status)); self.end_headers(); self.wfile.write(b'\(body)')
                do_POST = do_CONNECT = do_GET
                def log_message(self, *_): pass
            server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
            print("port", server.server_port, flush=True)
            server.serve_forever()
            """
        let program = try ChildProgram(executable: "/usr/bin/python3", ["-c", script], folder: folder)
        try await program.line(with: "port ")
        let port = program.lines.first { $0.hasPrefix("port ") }.flatMap { Int($0.dropFirst(5)) }
        return (program, try #require(port))
    }

    private static func end(_ program: ChildProgram) async {
        program.send(SIGKILL)
        await program.end()
    }

    @Test("an agent that can work is told so, also while it runs")
    func healthy() async throws {
        try await Patient.with { patient in
            let idle = try await patient.examine()
            #expect(
                idle.isFine
                    && idle.findings.map(\.topic) == [
                        "configuration", "files", "disk", "git", "listener", "address", "name", "proxy", "certificate",
                        "server", "clock", "credential",
                    ]
            )
            #expect(idle.advice("listener").contains("svc.sh install"))
            let agent = try ChildProgram("roost-agent", ["run", "--root", patient.path], folder: patient.path)
            try await agent.line(with: "Listening for Jobs")
            let running = try await patient.examine()
            #expect(running.isFine && running.summary("listener") == "The agent runs")
            #expect(running.summary("credential").contains("online"))
            // A copy of the folder is the same agent once more.
            let copy = "\(patient.path)-copy"
            #expect(try ShortCommand.run(["cp", "-a", patient.path, copy]).code == 0)
            let twice = try await Patient(cluster: patient.cluster, path: copy).examine()
            #expect(twice.broken == ["listener"] && twice.summary("listener").contains("another folder"))
            agent.send(SIGTERM)
            await agent.end()
        }
    }

    @Test("a wrong URL, an unknown name and a server that is no Roost, too old or away are told apart")
    func servers() async throws {
        try await Patient.with { patient in
            let folder = patient.cluster.folder.path
            let free = try FreePort.take()
            try patient.replace(patient.cluster.address, "http://127.0.0.1:\(free)/")
            let away = try await patient.examine()
            #expect(away.broken == ["server"] && away.summary("server").contains("nobody listens there"))

            try patient.replace("http://127.0.0.1:\(free)/", "http://build.invalid/")
            let unknown = try await patient.examine()
            #expect(unknown.broken == ["name"] && unknown.advice("name").contains("getent hosts build.invalid"))

            let (other, port) = try await Self.answering(404, "nothing here", in: folder)
            try patient.replace("http://build.invalid/", "http://127.0.0.1:\(port)/")
            let wrong = try await patient.examine()
            #expect(wrong.broken.contains("server") && wrong.summary("server").contains("it answers 404"))
            await Self.end(other)

            let (old, oldPort) = try await Self.answering(200, #"{"name":"Roost","version":"0.0.9"}"#, in: folder)
            try patient.replace("http://127.0.0.1:\(port)/", "http://127.0.0.1:\(oldPort)/")
            let outdated = try await patient.examine()
            #expect(outdated.broken.contains("server") && outdated.summary("server").contains("Roost 0.0.9, older"))
            await Self.end(old)
        }
    }

    @Test("a proxy that refuses and one that is not there are told apart")
    func proxies() async throws {
        try await Patient.with { patient in
            let (proxy, port) = try await Self.answering(407, "no", in: patient.cluster.folder.path)
            let refused = try await patient.examine(environment: ["http_proxy": "http://127.0.0.1:\(port)"])
            #expect(refused.broken == ["proxy"] && refused.summary("proxy").contains("wants a user and a password"))
            await Self.end(proxy)
            let gone = try await patient.examine(environment: ["http_proxy": "http://127.0.0.1:\(port)"])
            #expect(gone.broken == ["proxy"] && gone.summary("proxy").contains("cannot be reached"))
        }
    }

    @Test("a credential that the server does not know any more")
    func credential() async throws {
        try await Patient.with { patient in
            let pool = try patient.cluster.defaultPool.id
            let agent = try #require(try patient.cluster.plane.agents(in: pool).first)
            try await patient.cluster.plane.deleteAgent(agent.agent.id, in: pool, by: .system)
            let report = try await patient.examine()
            #expect(report.broken == ["credential"] && report.advice("credential").contains("reauth"))
        }
    }

    @Test("an authority that this machine does not trust")
    func authority() async throws {
        let keys = try ScratchFolder()
        defer { keys.remove() }
        let files = try AuthorityFiles(in: keys.path, names: ["localhost"])
        let setUp: (inout ServerConfiguration) -> Void = {
            ($0.tlsCertificate, $0.tlsKey) = (files.certificate, files.key)
        }
        try await Patient.with(setUp, ["--sslcacert", "\(keys.path)/authority.pem"]) { patient in
            #expect(try await patient.examine().isFine)
            try FileManager.default.removeItem(atPath: "\(patient.path)/.certificates")
            let report = try await patient.examine()
            #expect(report.broken == ["certificate"] && report.advice("certificate").contains("--sslcacert"))
        }
    }

    @Test("a git that is missing, and a clock that is wrong")
    func machine() async throws {
        let faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
        try await Patient.with { patient in
            let bare = try await patient.examine("PATH=/nothing exec \"$@\"")
            #expect(bare.broken == ["git"] && bare.advice("git").contains("apt-get install git"))
            guard FileManager.default.fileExists(atPath: faketime) else { return }
            // The library changes the environment of the first program, which keeps Swift from finding its arguments.
            let fake = "FAKETIME=-3h DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD=\(faketime)"
            let late = try await patient.examine("exec env \(fake) env \"$@\"")
            #expect(late.broken == ["clock"] && late.summary("clock").contains("3 h behind"))
        }
    }

    @Test(
        "a full disk, a folder that cannot be written, and files of another user",
        .enabled(if: MachineGround.isPossible)
    )
    func files() async throws {
        try await Patient.with { patient in
            let full = try await patient.examine(
                "exec unshare -m bash -c 'mkdir -p _work && mount -t tmpfs -o size=8m tmpfs _work && exec \"$@\"' in \"$@\""
            )
            #expect(full.broken == ["disk"] && full.summary("disk").contains("_work has"))
            let locked = try await patient.examine(
                "exec unshare -m bash -c 'mount --bind . . && mount -o remount,bind,ro . && exec \"$@\"' in \"$@\""
            )
            #expect(locked.broken == ["files"] && locked.summary("files").contains("Read-only file system"))
            #expect(locked.advice("files").contains("remount,rw"))
            try FileManager.default.createDirectory(
                atPath: "\(patient.path)/_diag/pages",
                withIntermediateDirectories: true
            )
            chown("\(patient.path)/_diag/pages", 65_534, 65_534)
            let foreign = try await patient.examine()
            #expect(foreign.broken == ["files"] && foreign.summary("files").contains("_diag/pages"))
            #expect(foreign.advice("files").contains("chown -R root"))
        }
    }

    @Test("a folder without an agent, and one whose configuration is damaged")
    func configuration() async throws {
        try await Patient.with { patient in
            try Data("{".utf8).write(to: URL(filePath: "\(patient.path)/.agent"))
            let damaged = try await patient.examine()
            #expect(damaged.broken.contains("configuration"))
            try FileManager.default.removeItem(atPath: "\(patient.path)/.agent")
            let empty = try await patient.examine()
            #expect(empty.summary("configuration").contains("No agent is configured"))
        }
    }
}
