import ArgumentParser
import Foundation

struct LogoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the saved server and token.",
        discussion: """
            The token itself stays good until it ends or is revoked with 'roost token revoke'.

            Example:
              roost logout
            """
    )

    func run() throws {
        let removed = try SavedConnection.remove(SavedConnection.path(ProcessInfo.processInfo.environment))
        Terminal.print(removed ? "Logged out." : "Nobody was logged in.")
    }
}
