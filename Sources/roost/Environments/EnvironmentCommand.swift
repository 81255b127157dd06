import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostWire

struct EnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment",
        abstract: "Make, show and change environments, their checks and their machines.",
        discussion: """
            Example:
              roost environment add-check production approval --approver ann
            """,
        subcommands: [
            EnvironmentList.self, EnvironmentShow.self, EnvironmentCreate.self, EnvironmentUpdate.self,
            EnvironmentDelete.self, EnvironmentAddCheck.self, EnvironmentRemoveCheck.self, EnvironmentAddMachine.self,
            EnvironmentRemoveMachine.self,
        ]
    )
}

/// An environment and where it is.
struct FoundEnvironment: Sendable {
    var environment: EnvironmentWire
    var id: Int
    var project: String

    var name: String { environment.name ?? String(id) }
}

extension Connection {
    /// An environment by its name or number.
    func environment(_ nameOrID: String) async throws -> FoundEnvironment {
        let project = try await project()
        let all = try await client.environments(project: project)
        let found =
            all.first { $0.name?.lowercased() == nameOrID.lowercased() } ?? all.first { String($0.id ?? 0) == nameOrID }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "environment",
                name: nameOrID,
                near: nearName(nameOrID, among: all.compactMap(\.name)),
                list: "roost environment list"
            )
        }
        return FoundEnvironment(environment: found, id: id, project: project)
    }
}

struct EnvironmentList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the environments of a project.",
        discussion: """
            Example:
              roost environment list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.environments(project: server.project())
        let empty =
            "There are no environments yet. A deployment makes one on its first use, as does 'roost environment create'."
        try output.print(list: all, empty: empty) { _ in
            var table = Table("ID", "NAME", "MACHINES", "AT ONCE", "DESCRIPTION")
            for environment in all {
                table.add(
                    "\(environment.id ?? 0)",
                    environment.name ?? "-",
                    "\(environment.resources?.count ?? 0)",
                    environment.limitText,
                    environment.description ?? ""
                )
            }
            return table
        }
    }
}

extension EnvironmentWire {
    var limitText: String { concurrencyLimit.map { "at most \($0)" } ?? "no limit" }
}

struct EnvironmentCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an environment.",
        discussion: """
            Example:
              roost environment create production --limit 2
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("Most deployments to it at once.", valueName: "count"))
    var limit: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run(on server: Connection) async throws {
        let draft = EnvironmentWire(name: name, description: description, concurrencyLimit: limit)
        let made = try await server.client.createEnvironment(project: server.project(), draft)
        try output.print(made) { _ in "Environment '\(made.name ?? name)' (\(made.id ?? 0)) is made." }
    }
}

struct EnvironmentUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change an environment.",
        discussion: """
            Example:
              roost environment update production --limit 0
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Option(help: "Its new name.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("Most deployments to it at once; 0 takes the limit away.", valueName: "count"))
    var limit: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, description == nil, limit == nil { throw ValidationError("Say what to change.") }
        if let limit, limit < 0 { throw ValidationError("--limit takes 0 or more.") }
    }

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let change = EnvironmentWire(name: name, description: description, concurrencyLimit: limit)
        let changed = try await server.client.updateEnvironment(project: found.project, id: found.id, change)
        try output.print(changed) { _ in "Environment '\(changed.name ?? found.name)' is changed." }
    }
}

struct EnvironmentDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an environment with its checks and its history.",
        discussion: """
            An environment that a stage waits for or works on is not deleted.

            Example:
              roost environment delete staging
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        try await server.client.deleteEnvironment(project: found.project, id: found.id)
        Terminal.print("Environment '\(found.name)' is deleted.")
    }
}

struct EnvironmentAddMachine: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-machine",
        abstract: "Make an agent a machine of an environment, for rolling deployments.",
        discussion: """
            Example:
              roost environment add-machine production web-1 --tags web,eu
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Argument(help: "Name or number of the agent.")
    var agent: String

    @Option(help: "Pool the agent is in.")
    var pool: String?

    @Option(help: ArgumentHelp("Tags by which deployments choose, with commas between.", valueName: "tags"))
    var tags: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let machine = try await server.agent(agent, pool: pool)
        let list = (tags ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let changed = try await server.client.addMachine(
            project: found.project,
            environment: found.id,
            EnvironmentResourceWire(tags: list.filter { !$0.isEmpty }, agentId: machine.id)
        )
        try output.print(changed) { _ in
            "Agent '\(machine.agent.name ?? agent)' is a machine of '\(found.name)'\(list.isEmpty ? "" : " with the tags \(list.joined(separator: ", "))")."
        }
    }
}

struct EnvironmentRemoveMachine: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-machine",
        abstract: "Take a machine away from an environment; its agent stays.",
        discussion: """
            Example:
              roost environment remove-machine production web-1
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Argument(help: "Name of the machine, as 'roost environment show' gives it.")
    var machine: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        _ = try await server.client.removeMachine(project: found.project, environment: found.id, machine: machine)
        Terminal.print("'\(machine)' is no machine of '\(found.name)' any more.")
    }
}
