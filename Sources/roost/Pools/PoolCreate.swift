import RoostClient
import RoostWire
import ArgumentParser

struct PoolCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an agent pool.",
        discussion: """
            With --provider the pool is elastic: its machines are made as jobs come, and each job gets a clean one. 'roost provider list' says what can make
            machines here.

            To make one takes a role on the provider ('roost provider role add'), or a service connection of any kind that you may use, which the pool remembers.
            With --project it is made in the settings of that project, which gets a queue for it.

            Examples:
              roost pool create linux --single-use --closed --authorize app
              roost pool create builds --provider sandbox --image team/agents --max 10 --standby 1
              roost pool create builds --provider sandbox --image team/agents --max 4 --project shop --connection azure
            """
    )

    @Argument(help: "Its name.")
    var name: String

    @Option(help: ArgumentHelp("What makes its machines, such as sandbox.", valueName: "kind"))
    var provider: String?

    @OptionGroup var service: PoolConnectionOptions
    @OptionGroup var settings: PoolSettings
    @OptionGroup(title: "Machines of an elastic pool") var machines: MachineOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// The project in whose settings the pool is made; one of the environment is not meant.
    private var project: String? { connection.project }

    func validate() throws {
        if provider == nil, !machines.isEmpty {
            throw ValidationError("Settings of machines need --provider, such as --provider sandbox.")
        }
        if provider == nil, !service.isEmpty {
            throw ValidationError("--connection belongs to elastic pools: give --provider.")
        }
        if provider != nil, machines.max == nil { throw ValidationError("--provider needs --max, such as --max 4.") }
        if provider != nil, settings.singleUse != nil {
            throw ValidationError("In an elastic pool --recycle says how often a machine is used.")
        }
    }

    func run(on server: Connection) async throws {
        guard let provider else { return try await makePlain(server) }
        var draft = RoostElasticPoolWire()
        draft.name = name
        draft.provider = provider
        draft.settings = machines.wire
        draft.project = project
        service.put(into: &draft)
        draft.openToAll = settings.closed || !settings.authorize.isEmpty ? false : nil
        let made = try await server.client.createElasticPool(draft)
        if !settings.isEmpty, let id = made.poolId {
            _ = try await server.client.updatePool(id, settings.draft(server))
        }
        for warning in made.warnings ?? [] { Terminal.printError("Note: \(warning)") }
        try output.print(made) { _ in
            let place = project.map { " in project '\($0)'" } ?? ""
            let key = made.connection.map { ", by the service connection '\($0)'" } ?? ""
            let size = "up to \(made.settings?.max ?? 0) machines of \(provider)"
            return "Elastic pool '\(made.name ?? name)' (\(made.poolId ?? 0)) is made\(place)\(key): \(size)."
        }
    }

    private func makePlain(_ server: Connection) async throws {
        var draft = try await settings.draft(server)
        draft.name = name
        let pool = try await server.client.createPool(draft)
        try output.print(pool) { _ in "Pool '\(pool.name ?? name)' (\(pool.id ?? 0)) is made." }
    }
}
