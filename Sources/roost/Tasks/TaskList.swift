import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct TaskList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List installed tasks.",
        discussion: """
            Example:
              roost task list
            """
    )

    @Flag(help: "Also versions that are not the newest of their major version.")
    var allVersions = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let tasks = try await server.client.tasks(allVersions: allVersions).filter { $0.contentsUploaded == true }
        try output.print(list: tasks, empty: "No task is installed; those that are built in are in docs/agents.md.") {
            _ in
            var table = Table("TASK", "VERSION", "HANDLERS", "ID")
            for task in tasks {
                table.add(task.reference, task.versionText, task.handlers, task.id?.uuidString.lowercased() ?? "")
            }
            return table
        }
    }
}
