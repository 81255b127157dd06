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
            With --device or --browser you let this program in on the server's pages, and it renews its token by itself. \
            Else the token is asked for without showing it, or read from standard input, and tried before it is saved. \
            Both are kept in $XDG_CONFIG_HOME/roost/cli.json, which only you may read.

            Example:
              roost login https://build.example.org/DefaultCollection --device
              roost login https://build.example.org/DefaultCollection < token.txt
            """
    )

    @Argument(help: "URL of the organization.")
    var url: String

    @Option(help: ArgumentHelp("Project that commands use when none is said.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("PEM file of an authority to trust beside the system's.", valueName: "file"))
    var cacert: String?

    @Flag(help: "Sign in with a code that you enter in a browser, on any machine.")
    var device = false

    @Flag(help: "Sign in with the browser of this machine.")
    var browser = false

    func validate() throws {
        guard !device || !browser else { throw ValidationError("Give --device or --browser.") }
    }

    func run() async throws {
        let url = ConnectionTarget.plainURL(url)
        let authority = cacert.map { URL(filePath: $0).standardizedFileURL.path }
        var saved = SavedConnection(url: url, token: "", project: project, cacert: authority)
        if device || browser {
            let server = try await SignInAuthority.find(url, authorityFile: authority)
            saved.take(try await tokens(server))
            saved.tokenURL = server.tokenURL
        } else {
            guard let token = try Question.secret("Token for \(url): ") else { throw CommandFailure.noToken(url: url) }
            saved.token = token.exposed
        }
        let user = try await Self.user(saved)
        try saved.save(SavedConnection.path(ProcessInfo.processInfo.environment))
        Terminal.print("Logged in to \(url) as \(user).")
    }

    private func tokens(_ server: SignInAuthority) async throws -> SignInAuthority.Tokens {
        if browser { return try await BrowserSignIn.run(server) }
        let begun = try await server.beginDevice()
        Terminal.printError(begun.message)
        return try await server.finish(begun)
    }

    /// Whom the server takes the token's bearer for.
    private static func user(_ saved: SavedConnection) async throws -> String {
        let target = ConnectionTarget(
            url: saved.url,
            token: Secret(saved.token),
            project: saved.project,
            cacert: saved.cacert
        )
        let server = try Connection(target)
        let user: String
        do { user = try await server.client.connectionData().authenticatedUser?.displayName ?? "somebody" } catch {
            await server.close()
            throw error
        }
        await server.close()
        return user
    }
}
