import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct ServiceConnectionUsage: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "List the latest jobs that were given a connection.",
        discussion: """
            The audit log has all of them: 'roost audit export'.

            Example:
              roost service-connection usage production
            """
    )

    @Argument(help: "Name or id of the connection.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.serviceConnection(name)
        let uses = try await server.client.serviceConnectionUses(project: found.project, id: found.id)
        try output.print(list: uses, empty: "No job was given it yet.") { _ in
            var table = Table("TIME", "PIPELINE", "RUN", "JOB")
            for use in uses.compactMap(\.data) {
                table.add(
                    use.startTime.map { $0.formatted(.iso8601) } ?? "",
                    use.definition?.name ?? "",
                    use.owner?.name ?? "",
                    use.job ?? ""
                )
            }
            return table
        }
    }
}
