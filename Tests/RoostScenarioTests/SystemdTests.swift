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
        // Letters that a unit has other uses for; its user must be able to enter it.
        let place = "/tmp/roost systemd 100% $HOME \(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: place) }
        try FileManager.default.createDirectory(
            atPath: place,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        try await TestCluster.with { cluster in
            let folder = try AgentFolder("\(place)/agent", copies: true)
            let given = ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
            let done = try await folder.configure(
                ["--unattended", "--url", cluster.address, "--auth", "pat", "--pool", "Default", "--agent", "one"],
                environment: given
            )
            #expect(done.code == 0, "\(done.output)")
            let machine = try ChildProgram(
                executable: "/bin/bash",
                [SystemdMachine.script, "bash", "-c", Self.steps],
                folder: folder.path
            )
            try await machine.line(with: "it is back")
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            let output = try await cluster.output(of: run.id)
            #expect(output.contains("nobody") && output.contains("it ended"), "\(output)")
            let ended = await machine.finished()
            #expect(ended.code == 0 && ended.output.contains("it is gone"), "\(ended.output)")
        }
    }
}
