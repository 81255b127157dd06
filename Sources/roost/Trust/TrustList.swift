import ArgumentParser
import RoostClient
import RoostWire

struct TrustList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the trust rules, in the order they are tried.",
        discussion: """
            Example:
              roost trust list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let rules = try await server.client.trustRules()
        let pools = rules.isEmpty ? [] : try await server.client.pools()
        try output.print(list: rules, empty: "There are no trust rules.") { terminal in
            var table = Table("NAME", "STATE", "ISSUER", "SUBJECT", "POOLS", "KEYS")
            for rule in rules {
                table.add(
                    rule.name ?? "-",
                    rule.enabled == false ? terminal.styled("disabled", .yellow) : "enabled",
                    rule.issuer ?? "-",
                    rule.subject ?? "-",
                    rule.reachText(pools),
                    rule.keysText
                )
            }
            return table
        }
    }
}
