import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// What may happen to a machine and to an agent that is its service; after each the agent is online again by itself.
@Suite(
    "An agent as a service, after faults",
    .enabled(if: SystemdMachine.isPossible, "needs root, namespaces and systemd"),
    .timeLimit(.minutes(5))
)
struct ServiceFaultTests {
    private static let clock = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
    /// How long after the end of the cause the agent may need; with a machine's load in mind it is told, not asserted, how long it took.
    private static let wait = 60
    /// How long the network stays away after the server has noticed; none unless a person asks for more.
    private static let lateness = ProcessInfo.processInfo.environment["ROOST_TEST_LATE"].flatMap(Double.init) ?? 0

    /// What the faults have in common; `back` waits until the agent is online and says how long that took.
    private static let words = """
        set -e
        unit=$(head -n 1 .service 2>/dev/null || true)
        back() {
            begin=$(date +%s%N)
            # The server may not know yet that it was away: the agent says itself that it listens again.
            until systemctl show --property StatusText "$unit" | grep -qE 'Listening for Jobs|Agent reconnected'; do
                [ $(( ($(date +%s%N) - begin) / 1000000000 )) -lt \(wait) ] || exit 92
                sleep 0.05
            done
            timeout \(wait) bin/roost-agent wait-online --root "$PWD" >/dev/null
            echo "$1: back after $(( ($(date +%s%N) - begin) / 1000000 )) ms"
        }
        pid() { systemctl show --property MainPID --value "$unit"; }
        gone() { until [ "$(pid)" != "$1" ] && [ "$(pid)" != 0 ]; do sleep 0.1; done; }
        """

    private static let first = """
        ./svc.sh install nobody
        unit=$(head -n 1 .service)
        mkdir -p "/etc/systemd/system/$unit.d"
        # Faster than usual, so that the test is.
        printf '[Service]\\nWatchdogSec=3\\n' >"/etc/systemd/system/$unit.d/test.conf"
        systemctl daemon-reload
        ./svc.sh start
        back 'first start'
        systemctl show --property StatusText "$unit"

        old=$(pid); kill -KILL "$old"; gone "$old"; back killed

        old=$(pid); kill -STOP "$old"; gone "$old"; back hung

        mount --bind . . && mount -o remount,bind,ro .
        kill -KILL "$(pid)"
        until [ "$(systemctl show --property NRestarts --value "$unit")" -ge 4 ]; do sleep 0.1; done
        mount -o remount,bind,rw . ; back 'read-only disk'
        systemctl show --property StatusText "$unit"
        echo "faults are over"
        until [ -e network-is-back ]; do sleep 0.1; done
        back 'network away'
        systemctl is-enabled "$unit"
        """

    private static let clockSteps = """
        cp \(clock) /usr/local/lib/clock.so
        echo '+0' >/run/clock; chmod 644 /run/clock
        printf '[Service]\\nEnvironment=LD_PRELOAD=/usr/local/lib/clock.so FAKETIME_TIMESTAMP_FILE=/run/clock FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1\\n' \
            >"/etc/systemd/system/$unit.d/clock.conf"
        systemctl daemon-reload; systemctl restart "$unit"; back 'with a clock of its own'
        echo '+3h' >/run/clock
        systemctl kill --signal KILL "$unit"
        until systemctl show --property StatusText "$unit" | grep -q 'urrent server time'; do sleep 0.1; done
        systemctl show --property StatusText "$unit"
        echo '+0' >/run/clock; back 'clock jumped and was set'
        """

    @Test(
        "it is killed, it hangs, its disk is read only, the network is away, the machine starts again, the clock jumps"
    )
    func faults() async throws {
        try await TestCluster.with(configure: { $0.sessionExpiry = .seconds(3) }) { cluster in
            let port = try #require(URL(string: cluster.address)?.port)
            let wire = try await CutWire.start(target: port)
            let wirePort = wire.port
            let address = "http://127.0.0.1:\(wirePort)/"
            try await SystemdMachine.withAgent("roost-faults-", at: address, of: cluster) { folder, place in
                let disk = "\(place)/disk"
                var back: CutWire?
                try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
                let first = try await Self.run(Self.first, on: disk, "basic.target", folder) { machine in
                    try await machine.line(with: "faults are over")
                    try await wire.stop()
                    try await Self.offline(cluster)
                    try await Task.sleep(for: .seconds(Self.lateness))
                    back = try await CutWire.start(target: port, port: wirePort)
                    try Data().write(to: URL(filePath: "\(folder.path)/network-is-back"))
                }
                #expect(first.code == 0, "\(first.output)")
                for fault in ["first start", "killed", "hung", "read-only disk", "network away"] {
                    #expect(first.output.contains("\(fault): back after"), "\(first.output)")
                }
                for text in ["StatusText=", "Listening for Jobs", "enabled"] {
                    #expect(first.output.contains(text), "\(first.output)")
                }

                // The machine ended without a word, and starts again.
                let hasClock = FileManager.default.fileExists(atPath: Self.clock)
                let steps = "back 'machine started again'\n" + (hasClock ? Self.clockSteps : "")
                let again = try await Self.run(steps, on: disk, "multi-user.target", folder)
                #expect(again.code == 0 && again.output.contains("started again: back after"), "\(again.output)")
                #expect(again.output.contains("was set: back after") || !hasClock, "\(again.output)")
                Self.tell(first.output + again.output)
                try await back?.stop()
            }
        }
    }

    private static func run(
        _ steps: String,
        on disk: String,
        _ target: String,
        _ folder: AgentFolder,
        _ body: (ChildProgram) async throws -> Void = { _ in }
    ) async throws -> (code: Int32, output: String) {
        try await SystemdMachine.run(
            "\(words)\n\(steps)",
            in: folder,
            environment: ["ROOST_SYSTEMD_DISK": disk, "ROOST_SYSTEMD_TARGET": target],
            body
        )
    }

    /// How long each took, for a person who asks.
    private static func tell(_ output: String) {
        guard ProcessInfo.processInfo.environment["ROOST_TEST_TIMES"] != nil else { return }
        for line in output.split(separator: "\n") where line.contains("back after") { print(line) }
    }

    /// Waits until the server knows that the agent is away.
    private static func offline(_ cluster: TestCluster) async throws {
        let pool = try cluster.defaultPool.id
        var changes = cluster.plane.agentEvents(pool: pool).makeAsyncIterator()
        while try cluster.plane.agents(in: pool).contains(where: \.online) {
            guard await changes.next() != nil else { throw TestFailure("the server has ended") }
        }
    }
}
