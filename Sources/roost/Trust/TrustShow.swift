import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct TrustShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a rule.",
        discussion: """
            Example:
              roost trust show github
            """
    )

    @OptionGroup var which: TrustRuleArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let rule = try await which.find(on: server).rule
        let pools = try await server.client.pools()
        try output.print(rule) { terminal in
            var facts = Facts()
            facts.add("Rule", "\(rule.name ?? "?") (\(rule.id?.uuidString.lowercased() ?? "?"))")
            facts.add("State", rule.enabled == false ? terminal.styled("disabled", .yellow) : "enabled")
            facts.add("Issuer", rule.issuer)
            facts.add("Audience", rule.audience)
            facts.add("Subject", rule.subject)
            for (name, pattern) in (rule.claims ?? [:]).sorted(by: { $0.key < $1.key }) {
                facts.add("Claim \(name)", pattern)
            }
            facts.add("Pools", rule.reachText(pools))
            facts.add("Keys", rule.keysText)
            facts.add("Token", rule.tokenLifetime.map { "good for \($0) seconds" })
            facts.add("Made", "\(TimeText.ago(rule.createdAt)) by \(rule.createdBy ?? "?")")
            return facts.render(terminal)
        }
    }
}
