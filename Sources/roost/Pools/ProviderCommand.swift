import ArgumentParser
import RoostClient
import RoostWire

/// `roost provider`: what can make machines on the server.
struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Show what can make machines for elastic pools, who may let it, and what it has.",
        subcommands: [ProviderList.self, ProviderRoleCommand.self, ProviderSetCommand.self]
    )
}

struct ProviderList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the kinds of machines, and whether they work on the server's machine."
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let providers = try await server.client.machineProviders()
        try output.print(list: providers, empty: "This server makes no machines.") { _ in
            var table = Table("PROVIDER", "IMAGES", "WORKS", "NOTES")
            for provider in providers {
                let trouble = [provider.problem, provider.advice].compactMap(\.self)
                let notes = (provider.works ? provider.limits : trouble).joined(separator: " ")
                table.add(provider.name, provider.images, provider.works ? "yes" : "no", notes)
            }
            return table
        }
    }
}
