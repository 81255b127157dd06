import ArgumentParser
import Foundation
import Logging
import RoostModel
import RoostServer
import RoostStore
import ServiceLifecycle
import UnixSignals

/// `roost server`: the control plane.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Run the control plane: API, queue, dashboard.",
        discussion: """
            Settings come from a file (--config FILE), the environment (ROOST_…) and flags, each winning over the one before.

            \(Self.flagList)

            'roost server rotate-sealing-key' changes the key that secrets in the store are sealed with, while the server is stopped.

            The first start makes an administrator's token and writes it to DATA/admin-token, readable by this user only.
            """,
        subcommands: [ServerRotateSealingKey.self]
    )

    /// Flags of the one table of settings; the server's own parser reads them, to report all problems at once.
    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []

    static var flagList: String {
        ServerConfiguration.keys.map {
            "  --\($0.name.padding(toLength: 26, withPad: " ", startingAt: 0)) \($0.documentation)"
        }
        .joined(separator: "\n")
    }

    func run() async throws {
        // All words are taken before a subcommand is looked for among them.
        if words.first == ServerRotateSealingKey.configuration.commandName {
            var command = ServerRotateSealingKey()
            command.words = Array(words.dropFirst())
            return try await command.run()
        }
        if words.contains("--help") || words.contains("-h") { throw CleanExit.helpRequest(self) }
        do {
            let configuration = try ServerConfiguration.load(
                arguments: words,
                environment: ProcessInfo.processInfo.environment
            )
            let server = try await LocalServer.open(configuration)
            try await server.serve()
        } catch {
            throw fail(error)
        }
    }
}
