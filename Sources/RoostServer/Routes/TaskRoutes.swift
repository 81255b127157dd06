import FoundationEssentials
import RoostModel

/// What agents ask about tasks.
///
/// The tasks behind the shorthands of the language are the agent's own: there is nothing to download.
func addTaskRoutes(to table: RouteTable) {
    let access = RouteAccess.scope(.agentPools, .build).or(.job(.any))
    table.get("distributedtask/tasks", access: access) { call in try call.list(TaskView.all) }
    table.get("distributedtask/tasks/{taskId}", access: access) { call in
        let id = try call.uuid("taskId").uuidString.lowercased()
        return try call.list(TaskView.all.filter { $0.id == id })
    }
    table.get("distributedtask/tasks/{taskId}/{versionString}", access: access) { call in
        let id = try call.uuid("taskId").uuidString.lowercased()
        guard let task = TaskView.all.first(where: { $0.id == id }) else {
            throw RequestProblem.notFound(what: "task \(id)")
        }
        guard !call.negotiation.prefers("application/zip") else {
            throw RequestProblem.notFound(what: "package of task '\(task.name)': it is built into Roost's agent")
        }
        return try call.answer(task)
    }
}

/// A task as lists of them show it.
private struct TaskView: Encodable, Sendable {
    struct Version: Encodable, Sendable {
        var major: Int
        var minor: Int
        var patch: Int
        var isTest = false
    }

    var id: String
    var name: String
    var friendlyName: String
    var version: Version
    var visibility = ["Build", "Release"]
    var runsOn = ["Agent"]
    var contentsUploaded = false

    private init(_ task: TaskReference, _ friendlyName: String) {
        let parts = task.version.split(separator: ".").compactMap { Int($0) } + [0, 0, 0]
        id = task.id
        name = task.name
        self.friendlyName = friendlyName
        version = Version(major: parts[0], minor: parts[1], patch: parts[2])
    }

    static let all = [
        TaskView(.commandLine, "Command line"), TaskView(.bash, "Bash"), TaskView(.powerShell, "PowerShell"),
        TaskView(.checkout, "Checkout"),
    ]
}
