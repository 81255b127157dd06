import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

/// `roost provider role`: who may make elastic pools with a provider.
struct ProviderRoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Say who may make elastic pools with a provider.",
        discussion: """
            An owner makes elastic pools with it, says who else may, and deletes what is left of pools; a user access administrator does all but the last.
            Administrators of the organization are owners of every provider.
            """,
        subcommands: [ProviderRoleList.self, ProviderRoleAdd.self, ProviderRoleRemove.self]
    )
}

struct ProviderRoleList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List who has a role on a provider, also by a role on the organization.",
        discussion: """
            Example:
              roost provider role list sandbox
            """
    )

    @Argument(help: "The provider, such as sandbox.")
    var provider: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let own = try await server.client.roles(on: "provider:\(provider)")
        let above = try await server.client.roles(on: "organization").filter { $0.role == Role.administrator.rawValue }
        try output.print(list: own + above, empty: "Nobody has a role on provider '\(provider)'.") { _ in
            var table = Table("HOLDER", "ROLE", "ON", "GIVEN BY")
            for role in own + above {
                table.add(role.holder ?? "-", role.role ?? "-", role.on ?? "-", role.givenBy ?? "-")
            }
            return table
        }
    }
}

struct ProviderRoleAdd: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Give somebody a role on a provider; it replaces the one they had there.",
        discussion: """
            Example:
              roost provider role add sandbox owner --to user:ada
            """
    )

    @Argument(help: "The provider, such as sandbox.")
    var provider: String

    @Argument(help: "owner, user-access-administrator or reader.")
    var role: String

    @Option(name: .long, help: "user:NAME, identity:ID or everyone.")
    var to: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard Role(name: role).map(SecuredKind.provider.roles.contains) != true else { return }
        throw ValidationError("'\(role)' is no role on a provider. Give owner, user-access-administrator or reader.")
    }

    func run(on server: Connection) async throws {
        let wanted = RoleAssignmentWire(holder: RoleCommand.holder(to), role: role, on: "provider:\(provider)")
        let given = try await server.client.assignRole(wanted)
        try output.print(given) { _ in "\(given.holder ?? "") is \(given.role ?? "") on provider '\(provider)'." }
    }
}

struct ProviderRoleRemove: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take somebody's role on a provider away.",
        discussion: """
            Example:
              roost provider role remove sandbox --of user:ada
            """
    )

    @Argument(help: "The provider, such as sandbox.")
    var provider: String

    @Option(name: .long, help: "user:NAME, identity:ID or everyone.")
    var of: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let holder = RoleCommand.holder(of)
        try await server.client.removeRole(of: holder, on: "provider:\(provider)")
        try output.print(["holder": holder, "on": "provider:\(provider)"]) { _ in
            "\(holder) has no role of their own on provider '\(provider)' any more."
        }
    }
}
