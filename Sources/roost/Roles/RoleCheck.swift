import ArgumentParser
import RoostClient
import RoostWire

struct RoleCheck: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what you, or somebody, may do with something, and by which roles.",
        discussion: """
            Example:
              roost role check --on pool:linux
            """
    )

    @Option(name: .long, help: "Who; without it, you. Asking for others takes the right to manage the thing.")
    var of: String?

    @Option(name: .long, help: "Such as organization, pool:linux or environment:shop/production.")
    var on = "organization"

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.client.checkRoles(of: of.map(RoleCommand.holder), on: on)
        try output.print(found) { _ in
            let may = found.permissions.isEmpty ? "nothing" : found.permissions.joined(separator: ", ")
            let reasons = found.because.map { "  \($0.holder ?? "") is \($0.role ?? "") on \($0.on ?? "")" }
            return (["\(found.holder) may \(may) on \(found.on)."] + reasons).joined(separator: "\n")
        }
    }
}
