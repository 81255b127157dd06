import ArgumentParser
import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire

/// Times of machines: until they run, and until their agents are online at a server.
struct Measure: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure starts and reimages.")

    @Option(help: "A root file system in a tar archive, for sandboxes; without one the machines are processes.")
    var image: String?
    @Option(help: "How often each is done.")
    var times = 15

    private static let server = UUID()
    private var tools: String { ChildProgram.buildFolder }

    func run() async throws {
        try await TestCluster.with { cluster in
            let folder = "\(cluster.folder.path)/machines"
            let bare = try provider("\(folder)-bare", agent: nil)
            let busy = try provider(folder, agent: "\(tools)/roost-agent")
            try await report("bare machine, create until it runs", create(bare, cluster))
            try await report("bare machine, reimage until it runs", reimages(bare, cluster, isOnline: false))
            try await report("reimage until the agent is online", reimages(busy, cluster, isOnline: true))
        }
    }

    private func report(_ title: String, _ times: [Duration]) {
        let sorted = times.sorted()
        let text = { (time: Duration) in
            "\(time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000) ms"
        }
        print(
            "\(title): median \(text(sorted[sorted.count / 2])), least \(text(sorted[0])), most \(text(sorted[sorted.count - 1]))"
        )
    }

    private func create(_ provider: any MachineProvider, _ cluster: TestCluster) async throws -> [Duration] {
        var found: [Duration] = []
        for instance in 1...(times + 1) {
            let order = try await order(instance, 1, cluster)
            let begin = ContinuousClock.now
            let machine = try await provider.create(order)
            // The first reads the image.
            if instance > 1 { found.append(ContinuousClock.now - begin) }
            try await provider.delete(machine.id)
        }
        return found
    }

    private func reimages(
        _ provider: any MachineProvider,
        _ cluster: TestCluster,
        isOnline: Bool
    ) async throws -> [Duration] {
        var found: [Duration] = []
        let machine = try await provider.create(order(1000, 1, cluster))
        for generation in 2...(times + 1) {
            let order = try await order(1000, generation, cluster)
            let begin = ContinuousClock.now
            _ = try await provider.reimage(machine.id, order)
            while isOnline,
                try await cluster.client.agents(pool: 1, named: order.joining.agent).first?.status != "online"
            {
                try await Task.sleep(for: .milliseconds(1))
            }
            found.append(ContinuousClock.now - begin)
        }
        for line in await provider.console(of: machine.id) where isOnline { print("  \(line)") }
        try await provider.delete(machine.id)
        return found
    }

    private func order(_ instance: Int, _ generation: Int, _ cluster: TestCluster) async throws -> MachineOrder {
        let pool = try cluster.defaultPool
        let made = try await cluster.client.createEnrollmentToken(pool: pool.id.rawValue, EnrollmentTokenWire(uses: 1))
        guard let url = URL(string: cluster.address), let token = made.token else { throw TestFailure("no token") }
        let tag = MachineTag(server: Self.server, pool: pool.id, instance: instance, generation: generation)
        let joining = MachineJoining(
            url: url,
            pool: pool.name,
            agent: "\(tag.name)-\(generation)",
            token: Secret(token)
        )
        return MachineOrder(tag: tag, image: machineImage, joining: joining)
    }

    private var machineImage: MachineImage? {
        image.map { image in
            MachineImage(name: image, digest: image) { folder in
                try FileManager.default.copyItem(atPath: image, toPath: "\(folder)/rootfs.tar")
            }
        }
    }

    private func provider(_ folder: String, agent: String?) throws -> any MachineProvider {
        let keeper = KeeperProgram(executable: "\(tools)/roost")
        let keys = AgentKeyStock { Secret(String(decoding: try AgentKey.generate().fileContent, as: UTF8.self)) }
        let sleep = MachineProgramChoice(executable: "/bin/busybox", words: ["sleep", "86400"])
        if image != nil {
            let program: SandboxProgram = agent.map { .agent($0, authorityFile: nil) } ?? .image(sleep)
            return try SandboxProvider(folder: folder, program: program, keeper: keeper, keys: keys)
        }
        let program = agent.map { MachineProgramChoice.agent($0) } ?? sleep
        return try ProcessProvider(folder: folder, program: program, keeper: keeper, keys: keys)
    }
}
