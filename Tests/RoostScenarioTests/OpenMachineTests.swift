import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// Machines that were set up by hand as many are: Docker open to everybody, and sudo without a password.
@Suite(
    "An agent on a machine that its jobs can take over",
    .enabled(
        if: SystemdMachine.isPossible && FileManager.default.isExecutableFile(atPath: "/usr/bin/sudo"),
        "needs root, namespaces, systemd and sudo"
    ),
    .timeLimit(.minutes(3))
)
struct OpenMachineTests {
    /// Units as those of Debian's package, with an engine behind the socket that only says that it is there.
    private static let engine = """
        cat >/etc/systemd/system/docker.socket <<'UNIT'
        [Socket]
        ListenStream=/run/docker.sock
        SocketMode=0660
        SocketUser=root
        SocketGroup=docker
        [Install]
        WantedBy=sockets.target
        UNIT
        cat >/etc/systemd/system/docker.service <<'UNIT'
        [Unit]
        Requires=docker.socket
        After=docker.socket
        [Service]
        ExecStart=/usr/bin/python3 /usr/local/bin/engine.py
        [Install]
        WantedBy=multi-user.target
        UNIT
        cat >/usr/local/bin/engine.py <<'PYTHON'
        import http.server, socket
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers(); self.wfile.write(b"engine here")
            def address_string(self): return "a socket"
        class Server(http.server.HTTPServer):
            address_family = socket.AF_UNIX
            def __init__(self):
                super().__init__("/run/docker.sock", Answer, False)
                self.socket = socket.socket(fileno=3)
        Server().serve_forever()
        PYTHON
        useradd --create-home lxadmin
        """

    /// As users run it when a machine begins; nothing of it was changed.
    private static let bootScript = """
        sudo groupadd docker
        sudo usermod -aG docker lxadmin
        sudo systemctl enable docker
        sudo systemctl start docker
        sudo chmod 666 /var/run/docker.sock
        """

    private static let service = """
        echo 'lxadmin ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/lxadmin
        ./svc.sh install lxadmin && ./svc.sh start && bin/roost-agent wait-online --root "$PWD" && echo "it is online"
        until [ -e go-on ]; do sleep 0.1; done
        ./svc.sh stop && ./svc.sh uninstall && echo "it is gone"
        """

    private static let yaml = """
        steps:
        - checkout: none
        - bash: |
            echo "$(id -un) becomes $(sudo -n id -un)"
            curl --silent --unix-socket /var/run/docker.sock http://engine/_ping
            touch "$AGENT_HOMEDIRECTORY/go-on"
        """

    @Test(
        "the usual boot script works, jobs use what it opens, and the server says what that means and what to do instead"
    )
    func opened() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        let steps = [Self.engine, Self.bootScript, Self.service].joined(separator: "\n")
        try await TestCluster.with { cluster in
            try await SystemdMachine.withAgent("roost-open-", of: cluster) { folder, _ in
                let ended = try await SystemdMachine.run(steps, in: folder) { machine in
                    try await machine.line(with: "it is online")
                    let found = try #require(try await cluster.client.agents(pool: 1, named: "one").first?.id)
                    let agent = try cluster.plane.agent(AgentID(found), in: PoolID(1)).agent
                    let text = agent.systemCapabilities.first { $0.name == AgentFinding.capability }?.value
                    #expect(AgentFinding.list(text ?? "") == [.openSocket, .freeSudo])
                    let run = try await cluster.queue(try await cluster.pipeline(repository))
                    #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                    let output = try await cluster.output(of: run.id)
                    #expect(output.contains("lxadmin becomes root") && output.contains("engine here"), "\(output)")
                }
                #expect(ended.code == 0 && ended.output.contains("it is gone"), "\(ended.output)")
            }
        }
    }
}
