import RoostWire
import RoostClient
import ArgumentParser
import Foundation

struct StatusCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Try the connection and show what the server is.",
        discussion: """
            Example:
              roost status
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// What the command answers.
    private struct Answer: Encodable {
        var url: String
        var server: String?
        var version: String?
        var organization: String?
        var instanceId: UUID?
        var user: String?
        var answerMilliseconds: Double
    }

    func run(on server: Connection) async throws {
        let who = try await server.client.connectionData()
        let start = ContinuousClock.now
        let info = try await server.client.serverInfo()
        let took = (ContinuousClock.now - start) / .milliseconds(1)
        let answer = Answer(
            url: server.url,
            server: info.name,
            version: info.version,
            organization: info.organization,
            instanceId: info.instanceId,
            user: who.authenticatedUser?.displayName,
            answerMilliseconds: (took * 10).rounded() / 10
        )
        try output.print(answer) { terminal in
            var facts = Facts()
            facts.add("Server", answer.url)
            facts.add("Product", [answer.server, answer.version].compactMap(\.self).joined(separator: " "))
            facts.add("Organization", answer.organization)
            facts.add("You are", answer.user)
            facts.add("Connection", terminal.styled("ok", .green) + " (\(answer.answerMilliseconds) ms)")
            return facts.render(terminal)
        }
    }
}
