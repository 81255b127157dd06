import ArgumentParser
import RoostModel

struct ServiceConnectionClouds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clouds",
        abstract: "List the clouds that are built in, with their endpoints.",
        discussion: """
            Example:
              roost service-connection clouds
            """
    )

    @OptionGroup var output: OutputOptions

    private struct Entry: Encodable {
        var name: String
        var aliases: [String]
        var endpoints: [String: String]
        var federationAudience: String
    }

    func run() throws {
        let entries = Cloud.builtIn.map {
            Entry(
                name: $0.name,
                aliases: $0.aliases,
                endpoints: $0.endpoints,
                federationAudience: $0.federationAudience
            )
        }
        try output.print(list: entries, empty: "") { _ in
            var table = Table("CLOUD", "ALSO", "SIGNS IN AT", "RESOURCES AT")
            for entry in entries {
                table.add(
                    entry.name,
                    entry.aliases.joined(separator: ", "),
                    entry.endpoints[Cloud.Field.authority] ?? "",
                    entry.endpoints[Cloud.Field.resourceManager] ?? ""
                )
            }
            return table
        }
    }
}
