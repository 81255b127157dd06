import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct SignInEnd: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "End a sign-in, or all but this one; what it was given is refused at once.",
        discussion: """
            Examples:
              roost sign-in end 6f1d2c7e-3b0a-4b8e-9a57-0c9d2f0f4d11
              roost sign-in end --others
              roost sign-in end --others --user ada
            """
    )

    @Argument(help: "Id of the sign-in; its first letters are enough when no other begins so.")
    var id: String?

    @Flag(help: "End all but the one this command itself uses.")
    var others = false

    @Option(help: "With --others: those of this person, as an administrator.")
    var user: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func validate() throws {
        guard (id == nil) == others else { throw ValidationError("Give the id of a sign-in, or --others.") }
        guard user == nil || others else { throw ValidationError("--user goes with --others.") }
    }

    func run(on server: Connection) async throws {
        guard let id else {
            let count = try await server.client.endOtherSignIns(of: user)
            Terminal.print(count == 1 ? "1 sign-in is ended." : "\(count) sign-ins are ended.")
            return
        }
        try await server.client.endSignIn(try await uuid(id, on: server))
        Terminal.print("Sign-in '\(id)' is ended.")
    }

    private func uuid(_ text: String, on server: Connection) async throws -> UUID {
        if let uuid = UUID(uuidString: text) { return uuid }
        let known = try await server.client.signIns().compactMap(\.id)
        let meant = known.filter { $0.uuidString.lowercased().hasPrefix(text.lowercased()) }
        guard let uuid = meant.first, meant.count == 1, !text.isEmpty else {
            throw CommandFailure.notFound(
                kind: meant.isEmpty ? "open sign-in" : "single open sign-in",
                name: text,
                near: nil,
                list: "roost sign-in list"
            )
        }
        return uuid
    }
}
