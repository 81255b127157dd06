import FoundationEssentials
import RoostModel
import RoostWire

/// How secrets of a vault are shown to a client.
struct VaultPage: Sendable {
    let vault: Vault
    /// Scheme, host and port that the client used.
    let base: String
    let query: QueryValues

    func version(_ version: SecretVersion, value: Secret? = nil) -> SecretWire {
        show(version, "\(base)/secrets/\(version.name)/\(version.version)", value: value)
    }

    /// In lists of secrets there is no version.
    func listed(_ version: SecretVersion) -> SecretWire { show(version, "\(base)/secrets/\(version.name)") }

    func deleted(_ version: SecretVersion, isListed: Bool) -> SecretWire {
        var wire = isListed ? listed(version) : self.version(version)
        wire.recoveryId = "\(base)/deletedsecrets/\(version.name)"
        wire.deletedDate = version.deletion.map { Self.seconds($0.deletedAt) }
        wire.scheduledPurgeDate = version.deletion.map { Self.seconds($0.purgeAt) }
        return wire
    }

    private func show(_ version: SecretVersion, _ id: String, value: Secret? = nil) -> SecretWire {
        SecretWire(
            value: value?.exposed,
            id: id,
            contentType: version.contentType,
            tags: version.tags,
            attributes: .init(
                enabled: version.enabled,
                nbf: version.notBefore.map(Self.seconds),
                exp: version.expires.map(Self.seconds),
                created: Self.seconds(version.createdAt),
                updated: Self.seconds(version.updatedAt),
                recoveryLevel: recoveryLevel,
                recoverableDays: vault.retentionDays
            )
        )
    }

    private var recoveryLevel: String {
        let level = vault.retentionDays < Vault.retention.upperBound ? "CustomizedRecoverable" : "Recoverable"
        return vault.purgeProtection ? level : "\(level)+Purgeable"
    }

    private static func seconds(_ date: Date) -> Int { Int(date.timeIntervalSince1970.rounded(.down)) }

    // MARK: Lists

    /// Most entries of a page, as Azure Key Vault has it.
    static let most = 25

    func limit() throws(VaultError) -> Int {
        guard let text = query["maxresults"] else { return Self.most }
        guard let number = Int(text), (1...Self.most).contains(number) else {
            throw .badParameter("'\(text.prefix(40))' is not between 1 and \(Self.most)", at: "maxresults")
        }
        return number
    }

    /// Where the page begins: the last entry of the one before.
    var skipped: String? { query["$skiptoken"] }

    /// A page of entries, and the address of the next when there are more.
    func list(
        _ found: [SecretVersion],
        _ limit: Int,
        path: String,
        place: (SecretVersion) -> String,
        show: (SecretVersion) -> SecretWire
    ) -> SecretListWire {
        let page = found.prefix(limit)
        var next: String?
        if found.count > limit, let last = page.last {
            let version = query["api-version"].map { "api-version=\(PercentCoding.encode($0))&" } ?? ""
            next = "\(base)/\(path)?\(version)$skiptoken=\(place(last))&maxresults=\(limit)"
        }
        return SecretListWire(value: page.map(show), nextLink: next)
    }
}
