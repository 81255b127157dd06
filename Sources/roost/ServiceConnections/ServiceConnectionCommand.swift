import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostWire

struct ServiceConnectionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-connection",
        abstract: "Make, show and change service connections, which files name under 'connection'.",
        discussion: """
            Example:
              roost service-connection create builds --new-secret
            """,
        subcommands: [
            ServiceConnectionList.self, ServiceConnectionShow.self, ServiceConnectionCreate.self,
            ServiceConnectionCreateRegistry.self, ServiceConnectionCreateForTasks.self, ServiceConnectionUpdate.self,
            ServiceConnectionDelete.self,
        ]
    )
}

extension Connection {
    /// A service connection by its name or id.
    func serviceConnection(
        _ nameOrID: String
    ) async throws -> (connection: ServiceConnectionWire, id: UUID, project: String) {
        let project = try await project()
        let all = try await client.serviceConnections(project: project)
        let wanted = nameOrID.lowercased()
        let found =
            all.first { $0.name?.lowercased() == wanted } ?? all.first { $0.id?.uuidString.lowercased() == wanted }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "service connection",
                name: nameOrID,
                near: nearName(nameOrID, among: all.compactMap(\.name)),
                list: "roost service-connection list"
            )
        }
        return (found, id, project)
    }
}

extension ServiceConnectionWire {
    /// What the server checks messages by.
    var signatureText: String {
        if type == "dockerregistry" { return "" }
        if let type, type != "incomingwebhook" { return authorization?.scheme ?? "" }
        return data?["hasSecret"] == "true"
            ? authorization?.parameters?["header"] ?? "yes" : "none: every message counts"
    }

    func facts(_ terminal: Terminal) -> String {
        var facts = Facts()
        facts.add("Connection", name)
        facts.add("ID", id?.uuidString.lowercased())
        facts.add("Description", description)
        facts.add("Address", url)
        if type == "dockerregistry" {
            facts.add("User", authorization?.parameters?["username"])
            return facts.render(terminal)
        }
        facts.add("Signed in", signatureText)
        facts.add("Secret, shown this once", authorization?.parameters?["secret"])
        return facts.render(terminal)
    }
}
