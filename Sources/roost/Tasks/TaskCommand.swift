import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostWire

/// `roost task`: tasks beside those that are built in.
struct TaskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task",
        abstract: "Install tasks of other makers, which steps name under 'task', and show and delete them.",
        discussion: """
            Example:
              roost task install ./replace-tokens.vsix
            """,
        subcommands: [TaskList.self, TaskShow.self, TaskInstall.self, TaskDelete.self]
    )
}

extension TaskDefinitionWire {
    var versionText: String { version?.text ?? "" }
    /// As steps name it.
    var reference: String { "\(name ?? "")@\(version?.major ?? 0)" }

    var handlers: String { (execution ?? prejobexecution ?? [:]).keys.sorted().joined(separator: ", ") }
}

extension Connection {
    /// The versions of a task, the newest first; `NAME` or `NAME@VERSION`.
    ///
    /// - Throws: ``CommandFailure/notFound(kind:name:near:list:)``.
    func taskVersions(_ text: String) async throws -> [TaskDefinitionWire] {
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        let name = parts.first?.lowercased() ?? ""
        let all = try await client.tasks()
        let named = all.filter { task in
            task.name?.lowercased() == name || task.id?.uuidString.lowercased() == name
                || task.contributionIdentifier?.lowercased() == name
        }
        let found = named.filter { task in
            parts.count < 2 || task.versionText == parts[1] || String(task.version?.major ?? -1) == parts[1]
        }
        guard !found.isEmpty else {
            throw CommandFailure.notFound(
                kind: "task",
                name: text,
                near: nearName(name, among: all.compactMap(\.name)),
                list: "roost task list"
            )
        }
        return found.sorted { TaskVersion($0.versionText) ?? Self.none > TaskVersion($1.versionText) ?? Self.none }
    }

    private static var none: TaskVersion { TaskVersion(major: 0, minor: 0, patch: 0) }
}
