import ArgumentParser
import Foundation
import RoostClient
import RoostLanguage
import RoostModel
import RoostWire

/// The rule that a command is about.
struct TrustRuleArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Name or id of the rule.", valueName: "rule"))
    var name: String

    func find(on server: Connection) async throws -> (rule: TrustRuleWire, id: UUID) {
        let all = try await server.client.trustRules()
        let wanted = name.lowercased()
        let found =
            all.first { $0.name?.lowercased() == wanted } ?? all.first { $0.id?.uuidString.lowercased() == wanted }
        guard let found, let id = found.id else {
            throw CommandFailure.notFound(
                kind: "trust rule",
                name: name,
                near: nearName(name, among: all.compactMap(\.name)),
                list: "roost trust list"
            )
        }
        return (found, id)
    }
}

extension TrustRuleWire {
    /// Where its bearers may register agents.
    func reachText(_ pools: [TaskAgentPoolWire]) -> String {
        guard let own = self.pools else { return "all pools" }
        return own.map { id in pools.first { $0.id == id }?.name ?? "\(id)" }.joined(separator: ", ")
    }

    /// Where the keys come from.
    var keysText: String {
        guard pinnedKeys != nil else { return authority == nil ? "of the issuer" : "of the issuer, own authority" }
        return "held here" + (pinnedUntil.map { " until \(TimeText.day($0))" } ?? "")
    }

    /// The rule as the model has it; nil when the server leaves out what every rule has.
    var model: TrustRule? {
        guard let id, let name, let issuer, let audience, let subject else { return nil }
        return TrustRule(
            id: id,
            name: name,
            issuer: issuer,
            audience: audience,
            subject: subject,
            claims: claims ?? [:],
            pools: pools,
            tokenLifetime: tokenLifetime ?? 600,
            pinnedKeys: pinnedKeys,
            pinnedUntil: pinnedUntil,
            authority: authority,
            isEnabled: enabled ?? true,
            createdAt: createdAt ?? .distantPast,
            createdBy: createdBy ?? ""
        )
    }
}
