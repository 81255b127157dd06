import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct SignInList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List open sign-ins: yours, or as an administrator those of all.",
        discussion: """
            Example:
              roost sign-in list --user ada
            """
    )

    @Option(help: "Only those of this person.")
    var user: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let signIns = try await server.client.signIns(of: user)
        try output.print(list: signIns, empty: "Nobody is signed in.") { _ in
            var table = Table("ID", "USER", "PROGRAM", "BY", "FROM", "SIGNED IN", "LAST USED", "ENDS")
            for signIn in signIns {
                table.add(
                    signIn.id?.uuidString.lowercased() ?? "-",
                    signIn.user ?? "-",
                    (signIn.program ?? "-") + (signIn.isCurrent == true ? " (this one)" : ""),
                    Self.words[signIn.kind ?? ""] ?? signIn.kind ?? "-",
                    signIn.address ?? "-",
                    TimeText.ago(signIn.createdAt),
                    TimeText.ago(signIn.lastUsedAt),
                    signIn.expiresAt.map { TimeText.day($0) } ?? "-"
                )
            }
            return table
        }
    }

    private static let words = [
        "session": "dashboard", "deviceCode": "device code", "authorizationCode": "browser",
    ]
}
