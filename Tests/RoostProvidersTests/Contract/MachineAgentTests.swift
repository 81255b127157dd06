import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Agents of machines", .enabled(if: ContractKind.hasBusybox, "busybox-static is not installed"))
struct MachineAgentTests {
    private static let agent = "\(ChildProgram.buildFolder)/roost-agent"

    @Test("the agent of a machine of processes joins with its token and runs a job")
    func process() async throws {
        try await run { folder in
            try ProcessProvider(folder: folder, program: .agent(Self.agent), keeper: ContractKind.keeper)
        }
    }

    @Test(
        "an agent that is not in the image joins from a sandbox that reaches the server alone, and runs a job",
        .enabled(if: ContractKind.canSandbox, "no sandbox can be made on this computer")
    )
    func sandbox() async throws {
        try await run(image: BusyboxImage.image) { folder in
            try SandboxProvider(
                folder: folder,
                program: .agent(Self.agent, authorityFile: nil),
                keeper: ContractKind.keeper
            )
        }
    }

    private func run(
        image: MachineImage? = nil,
        _ make: @escaping @Sendable (String) throws -> any MachineProvider
    ) async throws {
        try await TestCluster.with { cluster in
            let repository = try ScratchRepository([
                "azure-pipelines.yml": "pool: Default\nsteps:\n- checkout: none\n- script: echo it is $(Agent.Name)\n"
            ])
            defer { repository.remove() }
            let pool = try cluster.defaultPool
            let made = try await cluster.client.createEnrollmentToken(
                pool: pool.id.rawValue,
                EnrollmentTokenWire(uses: 1)
            )
            let tag = MachineTag(server: UUID(), pool: pool.id, instance: 1)
            let order = MachineOrder(
                tag: tag,
                image: image,
                joining: MachineJoining(
                    url: try #require(URL(string: cluster.address)),
                    pool: pool.name,
                    agent: tag.name,
                    token: Secret(try #require(made.token))
                )
            )
            let provider = try make("\(cluster.folder.path)/machines")
            let machine = try await provider.create(order)
            while try await cluster.client.agents(pool: pool.id.rawValue, named: tag.name).first?.status != "online" {
                guard try await provider.machines(of: tag.server, in: nil).map(\.state) == [.running] else {
                    throw TestFailure(
                        "the machine ended:\n\(await provider.console(of: machine.id).joined(separator: "\n"))"
                    )
                }
            }
            let run = try await cluster.queue(cluster.pipeline(repository))
            let view = try await cluster.finished(run.id)
            let console = await provider.console(of: machine.id).joined(separator: "\n")
            try await provider.delete(machine.id)
            #expect(
                view.run.state == .completed(.succeeded),
                "\(view.records.flatMap(\.issues).map(\.message)) \(console)"
            )
            #expect(try await provider.machines(of: tag.server, in: nil).isEmpty)
        }
    }

    @Test("a machine with two slots runs two agents, each with a folder of its own, and ends with the last of them")
    func slots() async throws {
        try await TestCluster.with { cluster in
            let pool = try cluster.defaultPool
            let tag = MachineTag(server: UUID(), pool: pool.id, instance: 1)
            var joinings: [MachineJoining] = []
            for agent in tag.agents(2) {
                let wanted = EnrollmentTokenWire(uses: 1)
                let made = try await cluster.client.createEnrollmentToken(pool: pool.id.rawValue, wanted)
                let url = try #require(URL(string: cluster.address))
                let token = Secret(try #require(made.token))
                joinings.append(MachineJoining(url: url, pool: pool.name, agent: agent, token: token))
            }
            let provider = try ProcessProvider(
                folder: "\(cluster.folder.path)/machines",
                program: .agent(Self.agent),
                keeper: ContractKind.keeper
            )
            let order = MachineOrder(tag: tag, image: nil, joining: joinings[0], others: [joinings[1]])
            let wakes = provider.wakes()
            let machine = try await provider.create(order)
            func state() async throws -> [ListedMachine.State] {
                try await provider.machines(of: tag.server, in: nil).map(\.state)
            }
            func agents() async throws -> [TaskAgentWire] {
                try await cluster.client.agents(pool: pool.id.rawValue).filter { $0.name?.hasPrefix(tag.name) == true }
            }
            while try await agents().filter({ $0.status == "online" }).count < 2 {
                guard try await state() == [.running] else {
                    let console = await provider.console(of: machine.id)
                    throw TestFailure("the machine ended:\n\(console.joined(separator: "\n"))")
                }
            }
            let online = try await agents()
            #expect(online.compactMap(\.name).sorted() == ["\(tag.name)-1", "\(tag.name)-2"])
            let repository = try ScratchRepository([
                "azure-pipelines.yml":
                    "pool: Default\njobs:\n- job: a\n  steps:\n  - script: pwd\n- job: b\n  steps:\n  - script: pwd\n"
            ])
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))

            try await cluster.client.deleteAgent(pool: pool.id.rawValue, id: online[0].id ?? 0)
            while try await agents().count > 1 {}
            #expect(try await state() == [.running], "the other one goes on")
            try await cluster.client.deleteAgent(pool: pool.id.rawValue, id: online[1].id ?? 0)
            var changes = wakes.makeAsyncIterator()
            while try await state() == [.running] { _ = await changes.next() }
            #expect(try await state() == [.stopped])
            try await provider.delete(machine.id)
        }
    }
}
