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
              roost service-connection create-azure production --kind federation --cloud china --tenant ID --client-id ID
            """,
        subcommands: [
            ServiceConnectionList.self, ServiceConnectionShow.self, ServiceConnectionCreate.self,
            ServiceConnectionCreateAzure.self, ServiceConnectionCreateRegistry.self,
            ServiceConnectionCreateForTasks.self, ServiceConnectionUpdate.self, ServiceConnectionDelete.self,
            ServiceConnectionVerify.self, ServiceConnectionUsage.self, ServiceConnectionClouds.self,
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
        if type == "azurerm" { return kind ?? authorization?.scheme ?? "" }
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
        if type == "azurerm" {
            addCloud(to: &facts)
            return facts.render(terminal)
        }
        facts.add("Signed in", signatureText)
        facts.add("Secret, shown this once", authorization?.parameters?["secret"])
        return facts.render(terminal)
    }

    /// What somebody needs to know who sets the other side up.
    private func addCloud(to facts: inout Facts) {
        func parameter(_ name: String) -> String? {
            authorization?.parameters?.first { equalIgnoringCase($0.key, name) }?.value
        }
        facts.add("Kind", kind)
        facts.add("Cloud", data?["environment"])
        facts.add("Signs in at", data?["environmentAuthorityUrl"])
        facts.add("Subscription", data?["subscriptionId"])
        facts.add("Tenant", parameter("tenantid"))
        facts.add("Client", parameter("serviceprincipalid"))
        facts.add("Issuer", parameter("workloadIdentityFederationIssuer"))
        facts.add("Subject", parameter("workloadIdentityFederationSubject"))
        facts.add("Audience", data?["workloadIdentityFederationAudience"])
        facts.add("Verified", operationStatus.map { $0.state == "Ready" ? "yes" : $0.statusMessage ?? "no" })
    }
}
