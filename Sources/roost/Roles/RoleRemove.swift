import ArgumentParser
import RoostClient

struct RoleRemove: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take somebody's role on something away; what is inherited stays.",
        discussion: """
            Example:
              roost role remove --of everyone --on organization
            """
    )

    @Option(name: .long, help: "user:NAME, identity:ID or everyone.")
    var of: String

    @Option(name: .long, help: "Such as organization, pool:linux or environment:shop/production.")
    var on: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        try await server.client.removeRole(of: RoleCommand.holder(of), on: on)
        try output.print(["holder": RoleCommand.holder(of), "on": on]) { _ in
            "\(RoleCommand.holder(of)) has no role of their own on \(on) any more."
        }
    }
}
