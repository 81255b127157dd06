import ArgumentParser
import Foundation
import RoostServer
import RoostStore

/// `roost server rotate-sealing-key`: new keys for the secrets of a store that no server has open.
struct ServerRotateSealingKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-sealing-key",
        abstract: "Seal all secrets of the store with a new key, and drop the old one.",
        discussion: """
            The server must be stopped. The settings are those of 'roost server', given in the same ways. It may be ended at any \
            moment and run again; a server that is started meanwhile finishes it.

            Example:
              roost server rotate-sealing-key --data /var/lib/roost
            """
    )

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []

    func run() async throws {
        if words.contains("--help") || words.contains("-h") { throw CleanExit.helpRequest(self) }
        let environment = ProcessInfo.processInfo.environment
        let configuration = try ServerConfiguration.load(arguments: words, environment: environment)
        let sealed = try await SealedStore.open(configuration, environment: environment).rotated()
        await sealed.store.close()
        Terminal.print("All secrets of '\(configuration.data)' are sealed with a new key; the old one is dropped.")
    }
}
