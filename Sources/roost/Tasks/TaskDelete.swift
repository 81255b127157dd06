import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct TaskDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an installed task, or one version of it.",
        discussion: """
            Runs that were queued with it and have not begun will fail.

            Example:
              roost task delete replacetokens@3.11.0
            """
    )

    @Argument(help: "Name or id of the task, with '@' and a version or without; without it all versions go.")
    var task: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        for found in try await server.taskVersions(task) {
            guard let id = found.id?.uuidString.lowercased() else { continue }
            try await server.client.deleteTask(id: id, version: found.versionText)
            Terminal.print("Version \(found.versionText) of task '\(found.name ?? task)' is deleted.")
        }
    }
}
