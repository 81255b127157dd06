import RoostWire
import RoostClient
import ArgumentParser

struct PoolUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a pool; what is not given stays as it is.",
        discussion: """
            Examples:
              roost pool update linux --concurrency 4 --authorize app
              roost pool update builds --max 20 --standby 2
              roost pool update builds --connection azure --connection-project shop
              roost pool update builds --connection ''
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "A new name.")
    var name: String?

    @OptionGroup var service: PoolConnectionOptions
    @OptionGroup var settings: PoolSettings
    @OptionGroup(title: "Machines of an elastic pool") var machines: MachineOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, settings.isEmpty, machines.isEmpty, service.isEmpty {
            throw ValidationError("Say what to change, for example --concurrency 4.")
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        if !machines.isEmpty || !service.isEmpty {
            var change = RoostElasticPoolWire()
            change.settings = machines.isEmpty ? nil : machines.wire
            service.put(into: &change)
            let changed = try await server.client.updateElasticPool(found.id, change)
            for warning in changed.warnings ?? [] { Terminal.printError("Note: \(warning)") }
            guard name != nil || !settings.isEmpty else {
                return try output.print(changed) { _ in
                    "Pool '\(changed.name ?? pool)' has up to \(changed.settings?.max ?? 0) machines, \(changed.settings?.standby ?? 0) on standby."
                }
            }
        }
        var draft = try await settings.draft(server, known: found.pool)
        draft.name = name
        let changed = try await server.client.updatePool(found.id, draft)
        try output.print(changed) { _ in
            "Pool '\(changed.name ?? pool)': \(changed.kindText), \(changed.limitText), open to \(changed.accessText)."
        }
    }
}
