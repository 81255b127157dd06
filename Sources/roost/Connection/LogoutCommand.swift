import ArgumentParser
import Foundation
import RoostClient
import RoostModel

struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the saved server and token.",
        discussion: """
            A sign-in by --device or --browser ends on the server, too. A personal access token stays good until it ends or \
            is revoked with 'roost token revoke'.

            Example:
              roost logout
            """
    )

    func run() async throws {
        let path = SavedConnection.path(ProcessInfo.processInfo.environment)
        let saved = try? SavedConnection.load(path)
        let removed = try SavedConnection.remove(path)
        Terminal.print(removed ? "Logged out." : "Nobody was logged in.")
        guard let saved, let refresh = saved.refreshToken, let url = saved.tokenURL else { return }
        let authority = SignInAuthority(tokenURL: url, authorityFile: saved.cacert)
        do { try await authority.revoke(Secret(refresh)) } catch {
            Terminal.printError("The server could not be told: the sign-in stays good there. \(error.summary)")
        }
    }
}
