import Foundation
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// `svc.sh install --hardening …` on a machine with systemd: what the unit keeps jobs from, and what it must not.
@Suite(
    "What the service keeps jobs from",
    .enabled(if: SystemdMachine.isPossible, "needs root, namespaces and systemd"),
    .timeLimit(.minutes(3))
)
struct HardeningTests {
    /// Says what it may do, in an isolated job of a user that is not root.
    private static let job = """
        steps:
        - checkout: none
        - bash: |
            echo "as $(/opt/as-root -u)"
            echo "sees $(ls /proc | grep -c '^[0-9]') processes"
            touch "$HOME/mine" && echo "home is ${HOME##*/}"
            touch /tmp/mine && echo "tmp is mine"
            touch "$BUILD_SOURCESDIRECTORY/mine" && echo "work is mine"
            touch /opt/roost-mine 2>/dev/null && echo "opt is mine"
            git -c init.defaultBranch=main init --quiet there && echo "git works"
            python3 -c 'import socket; socket.create_connection(("127.0.0.1", PORT)).close(); print("the network works")'
            test -e /dev/fuse && echo "devices are there" || echo "no devices"
            echo "done"
        """

    private static func steps(_ hardening: String) -> String {
        """
        set -e
        install -m 4755 /usr/bin/id /opt/as-root
        useradd --system --create-home --home-dir /home/builder builder
        ./svc.sh install builder --hardening \(hardening)
        ./svc.sh start
        unit=$(head -n 1 .service)
        grep -E '^(NoNewPrivs|CapBnd)' "/proc/$(systemctl show --property MainPID --value "$unit")/status"
        echo "it is up"
        until [ -e go-on ]; do sleep 0.1; done
        ./svc.sh stop
        ./svc.sh uninstall
        echo "it is gone"
        """
    }

    /// What a job says on an agent of this hardening.
    private static func output(
        _ hardening: String,
        isolation: String = "always"
    ) async throws -> (job: String, machine: String) {
        try await TestCluster.with { cluster in
            let port = cluster.address.split(separator: ":").last.map { $0.filter(\.isNumber) } ?? ""
            let repository = try ScratchRepository([
                "azure-pipelines.yml": Self.job.replacing("PORT", with: port)
            ])
            defer { repository.remove() }
            var told = ""
            let arguments = ["--isolation", isolation]
            let ended = try await SystemdMachine.withAgent("roost hard: 100% ", of: cluster, arguments) { folder, _ in
                try await SystemdMachine.run(Self.steps(hardening), in: folder) { machine in
                    try await machine.line(with: "it is up")
                    let run = try await cluster.queue(try await cluster.pipeline(repository))
                    let view = try await cluster.finished(run.id)
                    told = try await cluster.output(of: run.id)
                    #expect(view.run.state == .completed(.succeeded), "\(told)")
                    try Data().write(to: URL(filePath: "\(folder.path)/go-on"))
                }
            }
            #expect(ended.code == 0 && ended.output.contains("it is gone"), "\(ended.output)")
            return (told, ended.output)
        }
    }

    @Test("the usual unit takes no privilege that a job may need, and isolated jobs run in it")
    func usual() async throws {
        let (job, machine) = try await Self.output("usual")
        for part in [
            "This job is isolated", "tmp is mine", "work is mine", "git works", "the network works",
            "done",
        ] {
            #expect(job.contains(part), "\(part): \(job)")
        }
        #expect(job.contains("home is builder"), "\(job)")
        #expect(machine.contains("hardening: usual") && machine.contains("NoNewPrivs:\t0"), "\(machine)")
        #expect(!machine.contains("CapBnd:\t000001ffffffffff"), "\(machine)")
    }

    @Test("a job of the usual unit becomes root by a program that lets it, one of the strict unit does not")
    func setuid() async throws {
        #expect(try await Self.output("usual", isolation: "off").job.contains("as 0\n"))
        let strict = try await Self.output("strict", isolation: "off").job
        #expect(strict.contains("as ") && !strict.contains("as 0\n"), "\(strict)")
    }

    @Test("the strict unit gives isolated jobs the agent's folder and a home there, and nothing else to write")
    func strict() async throws {
        let (job, machine) = try await Self.output("strict")
        for part in [
            "This job is isolated", "home is _home", "tmp is mine", "work is mine", "git works",
            "the network works", "no devices", "done",
        ] { #expect(job.contains(part), "\(part): \(job)") }
        #expect(!job.contains("opt is mine"))
        #expect(machine.contains("hardening: strict") && machine.contains("NoNewPrivs:\t1"), "\(machine)")
        #expect(machine.contains("CapBnd:\t0000000000000000"), "\(machine)")
    }

    @Test(
        "limits of jobs are kept in the unit, whose control groups are the agent's",
        .enabled(if: SlotTests.canLimit, "needs control groups")
    )
    func limits() async throws {
        try await TestCluster.with { cluster in
            let repository = try ScratchRepository([
                "azure-pipelines.yml": """
                steps:
                - checkout: none
                - bash: |
                    grep -o '[^:]*/roost-job-' /proc/self/cgroup
                    python3 -c "x = bytearray(400 << 20); print(len(x))"
                """
            ])
            defer { repository.remove() }
            let limits = ["--slots", "2", "--memory", "160M", "--isolation", "off"]
            try await SystemdMachine.withAgent("roost-limits", of: cluster, limits) { folder, _ in
                let steps = """
                    ./svc.sh install root
                    ./svc.sh start
                    echo "it is up"
                    until [ -e go-on ]; do sleep 0.1; done
                    ./svc.sh status
                    ./svc.sh stop; ./svc.sh uninstall
                    """
                let ended = try await SystemdMachine.run(steps, in: folder) { machine in
                    try await machine.line(with: "it is up")
                    let run = try await cluster.queue(try await cluster.pipeline(repository))
                    let view = try await cluster.finished(run.id)
                    try Data().write(to: URL(filePath: "\(folder.path)/go-on"))
                    #expect(view.run.state == .completed(.failed))
                    let output = try await cluster.output(of: run.id)
                    #expect(output.contains("one.service/roost-job-"), "\(output)")
                    #expect(output.contains("used more than its 160 MB of memory"), "\(output)")
                }
                #expect(
                    ended.output.contains("active (running)") && ended.output.contains("2 slots"),
                    "\(ended.output)"
                )
            }
        }
    }

    @Test("what cannot be hardened so is refused with the reason, and installs nothing")
    func refused() async throws {
        try await TestCluster.with { cluster in
            try await SystemdMachine.withAgent("roost-refused", of: cluster) { folder, _ in
                let root = try await SystemdMachine.run("./svc.sh install root --strict", in: folder)
                #expect(root.code == 1 && root.output.contains("needs a user that is not root"), "\(root.output)")
                let unknown = try await SystemdMachine.run("./svc.sh install nobody --hardening much", in: folder)
                #expect(unknown.code == 64 && unknown.output.contains("'much' is no value"), "\(unknown.output)")
                let alone = try await folder.start("svc.sh", ["install", "nobody", "--strict"]).finished()
                #expect(alone.code == 1 && alone.output.contains("needs systemd"), "\(alone.output)")
                #expect(!folder.added.contains(".service"))
            }
        }
    }
}
