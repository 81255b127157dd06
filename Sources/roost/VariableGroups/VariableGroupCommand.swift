import ArgumentParser
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
