import ArgumentParser

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Say who may do what: give, list, check and take away roles.",
        discussion: """
            A role is given to user:NAME, identity:ID or everyone, on organization, pools, pool:NAME, provider:NAME, project:NAME, or on
            KIND:PROJECT/NAME where KIND is pipeline, environment, service-connection, variable-group or secure-file.

            Examples:
              roost role assign contributor --to user:ada --on project:shop
              roost role check --of user:ada --on pool:linux
            """,
        subcommands: [RoleAssign.self, RoleList.self, RoleCheck.self, RoleRemove.self]
    )

    /// A plain name is a user's.
    static func holder(_ text: String) -> String {
        text == "everyone" || text.contains(":") ? text : "user:\(text)"
    }
}
