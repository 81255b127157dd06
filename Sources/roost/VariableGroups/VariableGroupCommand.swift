import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostWire

struct VariableGroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "variable-group",
        abstract: "Make, show and change variable groups, which pipelines name under 'variables'.",
        discussion: """
            Example:
              roost variable-group create release REGION=eu
            """,
        subcommands: [
            VariableGroupList.self, VariableGroupShow.self, VariableGroupCreate.self, VariableGroupSet.self,
            VariableGroupDelete.self,
        ]
    )
}

extension Connection {
    /// A variable group by its name or number.
    func variableGroup(_ nameOrID: String) async throws -> (group: VariableGroupWire, id: Int, project: String) {
        let project = try await project()
        let all = try await client.variableGroups(project: project)
        let found =
            all.first { $0.name?.lowercased() == nameOrID.lowercased() } ?? all.first { String($0.id ?? 0) == nameOrID }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "variable group",
                name: nameOrID,
                near: nearName(nameOrID, among: all.compactMap(\.name)),
                list: "roost variable-group list"
            )
        }
        return (found, id, project)
    }
}

struct VariableGroupList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the variable groups of a project.",
        discussion: """
            Example:
              roost variable-group list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let groups = try await server.client.variableGroups(project: server.project())
        let empty = "There are no variable groups yet. Make one with 'roost variable-group create NAME KEY=VALUE'."
        try output.print(list: groups, empty: empty) { _ in
            var table = Table("ID", "NAME", "VARIABLES", "DESCRIPTION")
            for group in groups {
                table.add(
                    "\(group.id ?? 0)",
                    group.name ?? "-",
                    "\(group.variables?.count ?? 0)",
                    group.description ?? ""
                )
            }
            return table
        }
    }
}

struct VariableGroupShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the variables of a group; secret values are never shown.",
        discussion: """
            Example:
              roost variable-group show release
            """
    )

    @Argument(help: "Name or number of the group.")
    var group: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.variableGroup(group).group
        try output.print(found) { terminal in
            var facts = Facts()
            facts.add("Group", "\(found.name ?? "?") (\(found.id ?? 0))")
            facts.add("Description", found.description)
            for (name, variable) in (found.variables ?? [:]).sorted(by: { $0.key < $1.key }) {
                facts.add("Variable", "\(name) = \(variable.isSecret == true ? "(secret)" : variable.value ?? "")")
            }
            facts.add("Changed", "\(TimeText.ago(found.modifiedOn)) by \(found.modifiedBy?.displayName ?? "?")")
            return facts.render(terminal)
        }
    }
}

/// Values of variables; secret ones come from a file, because others can read arguments.
struct VariableGroupValues: ParsableArguments {
    @Argument(help: ArgumentHelp("Variables and their values.", valueName: "name=value"))
    var values: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "Secret variable whose value is in a file ('-' is the standard input); may be repeated.",
            valueName: "name=file"
        )
    )
    var secretFile: [Assignment] = []

    /// What the server is told.
    func wires() throws -> [String: VariableValueWire] {
        var wires = Assignment.dictionary(values).mapValues { VariableValueWire(value: $0) }
        for secret in secretFile {
            wires[secret.name] = VariableValueWire(value: try Self.content(of: secret.value), isSecret: true)
        }
        return wires
    }

    /// Without the line end behind it, which editors add.
    private static func content(of path: String) throws -> String {
        let data: Data
        if path == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            do { data = try Data(contentsOf: URL(filePath: path)) } catch {
                throw ValidationError("The file '\(path)' with a secret cannot be read.")
            }
        }
        var text = String(decoding: data, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else { throw ValidationError("The file '\(path)' with a secret is empty.") }
        return text
    }
}

struct VariableGroupCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a variable group.",
        discussion: """
            Example:
              roost variable-group create release REGION=eu --secret-file TOKEN=token.txt
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @OptionGroup var values: VariableGroupValues

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let draft = VariableGroupWire(
            name: name,
            description: description,
            type: "Vsts",
            variables: try values.wires()
        )
        let made = try await server.client.createVariableGroup(project: server.project(), draft)
        try output.print(made) { _ in
            "Variable group '\(made.name ?? name)' (\(made.id ?? 0)) is made. Pipelines use it with 'variables:', '- group: \(made.name ?? name)'."
        }
    }
}

struct VariableGroupSet: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set or remove variables of a group.",
        discussion: """
            Example:
              roost variable-group set release REGION=us --remove OLD
            """
    )

    @Argument(help: "Name or number of the group.")
    var group: String

    @OptionGroup var values: VariableGroupValues

    @Option(help: ArgumentHelp("Variable to remove; may be repeated.", valueName: "name"))
    var remove: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if values.values.isEmpty, values.secretFile.isEmpty, remove.isEmpty {
            throw ValidationError("Say what to change, such as NAME=VALUE or --remove NAME.")
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.variableGroup(group)
        // Secrets go back without a value, which keeps the one they have.
        var all = found.group.variables ?? [:]
        for name in remove { all = all.filter { $0.key.lowercased() != name.lowercased() } }
        for (name, value) in try values.wires() {
            all = all.filter { $0.key.lowercased() != name.lowercased() }
            all[name] = value
        }
        let change = VariableGroupWire(variables: all)
        let changed = try await server.client.updateVariableGroup(project: found.project, id: found.id, change)
        try output.print(changed) { _ in
            "Variable group '\(changed.name ?? group)' has \(changed.variables?.count ?? 0) variables now."
        }
    }
}

struct VariableGroupDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a variable group; runs that were queued with it keep its values.",
        discussion: """
            Example:
              roost variable-group delete release
            """
    )

    @Argument(help: "Name or number of the group.")
    var group: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.variableGroup(group)
        try await server.client.deleteVariableGroup(project: found.project, id: found.id)
        Terminal.print("Variable group '\(found.group.name ?? group)' is deleted.")
    }
}
