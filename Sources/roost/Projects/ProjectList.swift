import RoostClient
import FoundationEssentials
import ArgumentParser
import RoostWire

struct ProjectList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the projects.",
        discussion: """
            Example:
              roost project list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let projects = try await server.client.projects()
        let pools = projects.contains { $0.defaultPool != nil } ? (try? await server.client.pools()) ?? [] : []
        let empty = "There are no projects yet. Make one with 'roost project create NAME'."
        try output.print(list: projects, empty: empty) { _ in
            var table = Table("NAME", "DEFAULT POOL", "ID", "DESCRIPTION")
            for project in projects {
                let pool = project.defaultPool.map { id in pools.first { $0.id == id }?.name ?? "\(id)" }
                table.add(
                    project.name ?? "-",
                    pool ?? "-",
                    project.id?.uuidString.lowercased() ?? "-",
                    project.description ?? ""
                )
            }
            return table
        }
    }
}
