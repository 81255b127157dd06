import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct RoleAssign: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract: "Give somebody a role on something; it replaces the one they had there.",
        discussion: """
            Example:
              roost role assign administrator --to user:ada --on pool:linux
            """
    )

    @Argument(
        help: "reader, user, service-account, contributor, creator, user-access-administrator, owner or administrator."
    )
    var role: String

    @Option(name: .long, help: "user:NAME, identity:ID or everyone.")
    var to: String

    @Option(name: .long, help: "Such as organization, pool:linux or environment:shop/production.")
    var on: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard Role(name: role) == nil else { return }
        let names = Role.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("There is no role '\(role)'. Give one of \(names).")
    }

    func run(on server: Connection) async throws {
        let wanted = RoleAssignmentWire(holder: RoleCommand.holder(to), role: role, on: on)
        let given = try await server.client.assignRole(wanted)
        try output.print(given) { _ in
            "\(given.holder ?? "") is \(given.role ?? "") on \(on)."
        }
    }
}
