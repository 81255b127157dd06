import ArgumentParser
import RoostClient
import RoostLanguage
import RoostWire

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
