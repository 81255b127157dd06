import Foundation
import Glibc
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// A machine with systemd, as `scripts/with-systemd` makes it.
enum SystemdMachine {
    static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scripts/with-systemd").path

    static let isPossible: Bool = {
        guard getuid() == 0, let folder = try? ScratchFolder() else { return false }
        defer { folder.remove() }
        return (try? ShortCommand.run([script, "systemctl", "--version"], in: folder.path))?.code == 0
    }()
}

extension SystemdMachine {
    /// Configures an agent in a folder that every user can enter, for a service.
    ///
    /// - Parameters:
    ///   - place: the name of a folder to be made; it is removed afterwards.
    ///   - url: of the server as the agent knows it; nil is the server's own.
    ///   - cluster: the server.
    ///   - arguments: more for `config.sh`.
    ///   - body: what is done with the agent, and with the folder around it.
    /// - Returns: what the body returns.
    /// - Throws: when it cannot be configured, and what the body throws.
    @discardableResult
    static func withAgent<Value>(
        _ place: String,
        at url: String? = nil,
        of cluster: TestCluster,
        _ arguments: [String] = [],
        _ body: (AgentFolder, _ place: String) async throws -> Value
    ) async throws -> Value {
        let path = "/tmp/\(place)\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        let folder = try AgentFolder("\(path)/agent", copies: true)
        let address = url ?? cluster.address
        let done = try await folder.configure(
            ["--unattended", "--url", address, "--auth", "pat", "--pool", "Default", "--agent", "one"]
                + arguments,
            environment: ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
        )
        guard done.code == 0 else { throw TestFailure(done.output) }
        return try await body(folder, path)
    }

    /// Runs steps of an administrator on the machine, which ends with them, and also when the test fails meanwhile.
    ///
    /// - Parameters:
    ///   - steps: for bash.
    ///   - folder: the agent's, in which they run.
    ///   - environment: of the script that makes the machine.
    ///   - body: what is done while they run.
    /// - Returns: how they ended, and what they printed.
    /// - Throws: what the body throws.
    @discardableResult
    static func run(
        _ steps: String,
        in folder: AgentFolder,
        environment: [String: String] = [:],
        _ body: (ChildProgram) async throws -> Void = { _ in }
    ) async throws -> (code: Int32, output: String) {
        let machine = try ChildProgram(
            executable: "/bin/bash",
            [script, "bash", "-c", steps],
            environment: environment,
            folder: folder.path
        )
        do { try await body(machine) } catch {
            machine.send(SIGTERM)
            await machine.end()
            throw error
        }
        return await machine.finished()
    }
}

/// `svc.sh` on a machine with systemd, which runs in namespaces of its own.
@Suite(
    "The agent as a unit of systemd",
    .enabled(if: SystemdMachine.isPossible, "needs root, namespaces and systemd"),
    .timeLimit(.minutes(3))
)
struct SystemdTests {
    /// What an administrator does on the machine; it waits where the test has something to look at.
    private static let steps = """
        set -e
        ./svc.sh status && exit 90
        ./svc.sh install nobody
        ./svc.sh start
        ./svc.sh status
        unit=$(head -n 1 .service)
        kill -KILL $(systemctl show --property MainPID --value "$unit")
        until [ "$(systemctl show --property NRestarts --value "$unit")" = 1 ] && systemctl --quiet is-active "$unit"; do
            sleep 0.1
        done
        echo "it is back"
        until [ -e go-on ]; do sleep 0.1; done
        ./svc.sh stop
        ./svc.sh status && exit 91
        # Somebody broke the unit: it can be uninstalled all the same.
        echo nonsense >"/etc/systemd/system/$unit"
        systemctl daemon-reload
        ./svc.sh uninstall
        [ ! -e "/etc/systemd/system/$unit" ] && [ ! -e .service ]
        echo "it is gone"
        """

    /// The agent is stopped while it runs.
    private static let yaml = """
        steps:
        - checkout: none
        - bash: |
            id -un
            touch "$AGENT_HOMEDIRECTORY/go-on"
            sleep 2
            echo it ended
        """

    @Test("is installed for a user, comes back when it is killed, lets its job end when it is stopped, and goes")
    func life() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": Self.yaml
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            // Letters that a unit has other uses for.
            try await SystemdMachine.withAgent("roost systemd 100% $HOME ", of: cluster) { folder, _ in
                let ended = try await SystemdMachine.run(Self.steps, in: folder) { machine in
                    try await machine.line(with: "it is back")
                    let run = try await cluster.queue(try await cluster.pipeline(repository))
                    #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                    let output = try await cluster.output(of: run.id)
                    #expect(output.contains("nobody") && output.contains("it ended"), "\(output)")
                }
                #expect(ended.code == 0 && ended.output.contains("it is gone"), "\(ended.output)")
            }
        }
    }
}
