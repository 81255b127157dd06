import Foundation
import Glibc
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire

/// A place where agents of one user who is not root stand side by side, as on a machine with several of them.
struct WallGround: Sendable {
    let cluster: TestCluster
    /// Everybody may enter it.
    let place: String
    /// Starts a program as that user.
    private let asUser: [String]

    var home: String { "\(place)/home" }
    func root(_ agent: String) -> String { "\(place)/agents/\(agent)" }

    /// Why jobs cannot be kept apart here; nil when they can.
    static let obstacle: String? = {
        let trial = try? ShortCommand.run(
            user + ["unshare", "--user", "--map-current-user", "--mount", "--pid", "--fork", "--mount-proc", "true"]
        )
        return trial?.code == 0 ? nil : "a plain user may not make namespaces here"
    }()

    /// Root's tests use a user without rights.
    private static var user: [String] {
        getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    }

    static func with(_ body: @Sendable @escaping (WallGround) async throws -> Void) async throws {
        let place = "/tmp/roost-walls-\(UUID().uuidString.prefix(8).lowercased())"
        defer { try? FileManager.default.removeItem(atPath: place) }
        for folder in ["home", "agents"] {
            try FileManager.default.createDirectory(
                atPath: "\(place)/\(folder)",
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755]
            )
        }
        let program = URL(filePath: "\(ChildProgram.buildFolder)/roost-agent").resolvingSymlinksInPath().path
        // By another process: whatever this one starts meanwhile would hold the file open, and it could not be run.
        guard try ShortCommand.run(["cp", program, "\(place)/roost-agent"]).code == 0 else {
            throw TestFailure("the agent's program could not be copied")
        }
        try await TestCluster.with(configure: { $0.vaultSuffix = "vault.test" }) { cluster in
            let ground = WallGround(cluster: cluster, place: place, asUser: user)
            for folder in [place, ground.home, "\(place)/agents"] where getuid() == 0 { chown(folder, 65534, 65534) }
            try await body(ground)
        }
    }

    /// What jobs without walls leave on the machine.
    static func removeLeftovers() {
        let files = ["/tmp", "/var/tmp", "/dev/shm"].map { "\($0)/roost-left-by-first" }
        _ = try? ShortCommand.run(["rm", "-f"] + files)
        _ = try? ShortCommand.run(["ipcrm", "-M", "0x5ee"])
    }

    /// Makes a named pipe that the user's jobs can use.
    func makePipe(_ name: String) throws {
        let (code, _) = try ShortCommand.run(asUser + ["mkfifo", "\(home)/\(name)"])
        guard code == 0 else { throw TestFailure("no pipe could be made") }
    }

    /// What somebody writes into a named pipe; empty when nobody does.
    func read(_ name: String) async throws -> String {
        try await program(["timeout", "120", "cat", "\(home)/\(name)"]).finished().output
    }

    /// Lets go who reads a named pipe.
    func write(_ name: String) async throws {
        _ = try await program(["timeout", "20", "sh", "-c", "echo go >'\(home)/\(name)'"]).finished()
    }

    /// Processes of the machine with a text in their command lines.
    func processes(with text: String) throws -> [MachineProcess] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(Int32.init).filter { $0 != getpid() }
            .compactMap { pid in
                let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
                let line = String(decoding: words, as: UTF8.self).replacing("\0", with: " ")
                    .trimmingCharacters(in: .whitespaces)
                return line.contains(text) ? MachineProcess(pid: pid, line: line) : nil
            }
    }

    func program(_ words: [String], environment: [String: String] = [:]) throws -> ChildProgram {
        try ChildProgram(
            executable: "/usr/bin/env",
            asUser + words,
            environment: ["HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin"].merging(environment) { $1 },
            folder: place
        )
    }

    /// Runs a test while an agent is online.
    ///
    /// - Parameters:
    ///   - name: the agent's.
    ///   - pool: where it is.
    ///   - options: of `configure`.
    ///   - environment: what its program inherits.
    ///   - body: the test.
    /// - Throws: what the test throws.
    func withAgent(
        _ name: String,
        pool: String,
        _ options: [String],
        environment: [String: String] = [:],
        _ body: () async throws -> Void
    ) async throws {
        let folder = root(name)
        try await configure(name, pool, options)
        let agent = try program(
            ["\(place)/roost-agent", "run", "--root", folder, "--grace", "0"],
            environment: environment
        )
        let result: Result<Void, any Error>
        do {
            try await agent.line(with: "Listening for Jobs")
            result = .success(try await body())
        } catch { result = .failure(error) }
        agent.send(SIGTERM)
        await agent.end()
        try result.get()
    }

    private func configure(_ name: String, _ pool: String, _ options: [String]) async throws {
        _ = try ShortCommand.run(asUser + ["mkdir", "-p", root(name)])
        let words = [
            "\(place)/roost-agent", "configure", "--root", root(name), "--unattended", "--url", cluster.address,
            "--auth", "pat", "--pool", pool, "--agent", name, "--keyprotection", "file",
        ]
        let done = try await program(
            words + options,
            environment: ["ROOST_AGENT_INPUT_TOKEN": cluster.token.exposed]
        ).finished()
        guard done.code == 0 else { throw TestFailure("the agent could not be configured: \(done.output)") }
    }
}

/// A process as its command line shows it.
struct MachineProcess: Hashable, Sendable {
    let pid: Int32
    let line: String
}
