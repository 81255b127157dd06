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
}
