import RoostWire
import ArgumentParser
import Foundation
import RoostClient
import RoostModel

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Save a server and a token for the commands that follow.",
        discussion: """
            The token is asked for without showing it, or read from standard input, and tried before it is saved \
            in $XDG_CONFIG_HOME/roost/cli.json, which only you may read.

            Example:
              roost login https://build.example.org/DefaultCollection < token.txt
            """
    )

    @Argument(help: "URL of the organization.")
    var url: String

    @Option(help: ArgumentHelp("Project that commands use when none is said.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("PEM file of an authority to trust beside the system's.", valueName: "file"))
    var cacert: String?

    func run() async throws {
        let url = ConnectionTarget.plainURL(url)
        guard let token = try Question.secret("Token for \(url): ") else { throw CommandFailure.noToken(url: url) }
        let authority = cacert.map { URL(filePath: $0).standardizedFileURL.path }
        let target = ConnectionTarget(url: url, token: token, project: project, cacert: authority)
        let server = try Connection(target)
        let user: String
        do { user = try await server.client.connectionData().authenticatedUser?.displayName ?? "somebody" } catch {
            await server.close()
            throw error
        }
        await server.close()
        let path = SavedConnection.path(ProcessInfo.processInfo.environment)
        try SavedConnection(url: url, token: token.exposed, project: project, cacert: authority).save(path)
        Terminal.print("Logged in to \(url) as \(user).")
    }
}
