import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire

/// Machines of this computer, asked of their providers; beside the bare programs of the system that do the least of it.
enum MachineBench {
    private static let times = 25
    private static let server = UUID()
    private static var tools: String { ChildProgram.buildFolder }
    private static var keeper: KeeperProgram { KeeperProgram(executable: "\(tools)/roost") }
    private static let sleeper = MachineProgramChoice(executable: "/bin/sleep", words: ["sleep", "86400"])

    static func run() async throws -> [Measurement] {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var results: [Measurement] = []
        if await SandboxProbe.works(folder) {
            results += try await sandboxes(folder)
            results.append(
                Measurement(
                    name: "sandbox: reimage → agent online, median",
                    value: try await online { path, keys in
                        let program = SandboxProgram.agent("\(tools)/roost-agent", authorityFile: nil)
                        return try SandboxProvider(folder: path, program: program, keeper: keeper, keys: keys)
                    },
                    unit: "ms",
                    budget: 60
                )
            )
        }
        results.append(
            Measurement(
                name: "process: reimage → agent online, median",
                value: try await online { path, keys in
                    try ProcessProvider(
                        folder: path,
                        program: .agent("\(tools)/roost-agent"),
                        keeper: keeper,
                        keys: keys
                    )
                },
                unit: "ms"
            )
        )
        if ExecutablePath.find("qemu-system-x86_64") != nil { results += try await virtualMachines(folder) }
        return results
    }

    // MARK: Bare machines

    private static func sandboxes(_ folder: ScratchFolder) async throws -> [Measurement] {
        let provider = try SandboxProvider(folder: "\(folder.path)/bare", program: .image(sleeper), keeper: keeper)
        var (creations, reimages): ([Double], [Double]) = ([], [])
        for instance in 1...(times + 1) {
            let machine = try await timed(&creations) { try await provider.create(order(instance, 1)) }
            _ = try await timed(&reimages) { try await provider.reimage(machine.id, order(instance, 2)) }
            try await provider.delete(machine.id)
        }
        let peer = try await bubblewrap()
        return [
            Measurement(
                name: "sandbox: create → first process, median; bwrap",
                value: Statistics.median(creations),
                unit: "ms",
                peer: peer
            ),
            Measurement(
                name: "sandbox: reimage → first process; bwrap",
                value: Statistics.median(reimages),
                unit: "ms",
                peer: peer
            ),
        ]
    }

    /// A sandbox of Debian's bubblewrap over the same files, from its start to its end; nil when it is not here.
    private static func bubblewrap() async throws -> Double? {
        guard let program = ExecutablePath.find("bwrap") else { return nil }
        let words = [
            "--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin",
            "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev",
            "--tmpfs", "/tmp", "/usr/bin/true",
        ]
        var found: [Double] = []
        for _ in 0...times {
            let code = try await timed(&found) { try await ChildProgram(executable: program, words, folder: "/").end() }
            guard code == 0 else { return nil }
        }
        return Statistics.median(found)
    }

    private static func virtualMachines(_ folder: ScratchFolder) async throws -> [Measurement] {
        let sector = BootSector(line: "here I am")
        let image = sector.image(String(repeating: "0b", count: 32))
        let provider = VMProvider(folder: "\(folder.path)/vm", program: "\(tools)/roost")
        var (starts, bare): ([Double], [Double]) = ([], [])
        let disk = "\(folder.path)/disk.raw"
        try sector.disk.write(to: URL(filePath: disk))
        let words = [
            "-machine", "pc,accel=tcg", "-m", "128", "-nodefaults", "-no-user-config", "-display", "none", "-serial",
            "stdio", "-drive", "file=\(disk),format=raw,if=virtio,snapshot=on",
        ]
        for instance in 1...6 {
            var order = order(instance, 1)
            order.image = image
            let (wanted, machines) = (order, provider)
            let machine = try await timed(&starts) {
                let machine = try await machines.create(wanted)
                while await !machines.console(of: machine.id).contains(where: { $0.contains("here I am") }) {
                    try await Task.sleep(for: .milliseconds(2))
                }
                return machine
            }
            try await provider.delete(machine.id)
            try await timed(&bare) {
                let machine = try ChildProgram(
                    executable: ExecutablePath.find("qemu-system-x86_64") ?? "",
                    words,
                    folder: "/"
                )
                try await machine.line(with: "here I am")
                machine.send(SIGKILL)
                await machine.end()
            }
        }
        return [
            Measurement(
                name: "vm: create → first line of its system; QEMU",
                value: Statistics.median(starts),
                unit: "ms",
                peer: Statistics.median(bare)
            )
        ]
    }

    /// Does something and keeps how long it took; the first time is not kept, for it makes ready what others find.
    @discardableResult
    private static func timed<Value: Sendable>(
        _ found: inout [Double],
        _ body: () async throws -> Value
    ) async throws -> Value {
        let start = ContinuousClock.now
        let value = try await body()
        found.append(start.duration(to: .now) / .milliseconds(1))
        return value
    }

    private static func order(_ instance: Int, _ generation: Int) -> MachineOrder {
        let joining = MachineJoining(url: URL(filePath: "/"), pool: "p", agent: "a", token: Secret("t"))
        let tag = MachineTag(server: server, pool: PoolID(1), instance: instance, generation: generation)
        return MachineOrder(tag: tag, image: nil, network: .host, joining: joining)
    }

    // MARK: Until the agent is there

    private static func online(
        _ make: @escaping @Sendable (String, AgentKeyStock) throws -> any MachineProvider
    ) async throws -> Double {
        try await TestCluster.with { cluster in
            let keys = AgentKeyStock { Secret(String(decoding: try AgentKey.generate().fileContent, as: UTF8.self)) }
            keys.prepare()
            while !keys.isFull { try await Task.sleep(for: .milliseconds(10)) }
            let provider = try make("\(cluster.folder.path)/machines", keys)
            var found: [Double] = []
            let first = try await joining(1, cluster)
            // Who waits is told: to ask again and again would take of the processors what is measured.
            let events = try await cluster.client.poolEvents(first.tag.pool.rawValue)
            let machine = try await provider.create(first)
            try await agentIsOnline(first.joining.agent, events)
            for generation in 2...(times + 1) {
                let order = try await joining(generation, cluster)
                try await timed(&found) {
                    _ = try await provider.reimage(machine.id, order)
                    try await agentIsOnline(order.joining.agent, events)
                }
            }
            try await provider.delete(machine.id)
            return Statistics.median(found)
        }
    }

    private static func agentIsOnline(
        _ name: String,
        _ events: AsyncThrowingStream<ServerEvent, any Error>
    ) async throws {
        for try await event in events {
            guard event.name == "agent" else { continue }
            let agent = try WireJSON.decode(TaskAgentWire.self, from: Data(event.data.utf8))
            if agent.name == name, agent.status == "online" { return }
        }
        throw TestFailure("the server ended before \(name) was online")
    }

    private static func joining(_ generation: Int, _ cluster: TestCluster) async throws -> MachineOrder {
        let pool = try cluster.defaultPool
        let made = try await cluster.client.createEnrollmentToken(pool: pool.id.rawValue, EnrollmentTokenWire(uses: 1))
        guard let url = URL(string: cluster.address), let token = made.token else { throw TestFailure("no token") }
        var order = order(1000, generation)
        order.network = .server
        order.joining = MachineJoining(
            url: url,
            pool: pool.name,
            agent: "\(order.tag.name)-\(generation)",
            token: Secret(token)
        )
        return order
    }
}

/// Whether this computer makes sandboxes.
enum SandboxProbe {
    static func works(_ folder: ScratchFolder) async -> Bool {
        let keeper = KeeperProgram(executable: "\(ChildProgram.buildFolder)/roost")
        let choice = MachineProgramChoice(executable: "/bin/true", words: ["true"])
        let provider = try? SandboxProvider(folder: "\(folder.path)/probe", program: .image(choice), keeper: keeper)
        guard let provider else { return false }
        return await provider.readiness().failure == nil
    }
}

/// Programs of the `PATH`.
enum ExecutablePath {
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/bin"]
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
