import FoundationEssentials
import RoostModel

/// Secrets of a memory store, with the rules of the tables.
struct MemorySecrets: Sendable {
    /// In the order in which they were made.
    private var versions: [(version: SecretVersion, value: Secret)] = []

    func contains(_ version: SecretVersion) -> Bool {
        versions.contains { $0.version.key == version.key && $0.version.version == version.version }
    }

    mutating func add(_ version: SecretVersion, _ value: Secret) { versions.append((version, value)) }

    mutating func update(_ version: SecretVersion) {
        for index in versions.indices
        where versions[index].version.key == version.key && versions[index].version.version == version.version {
            let deletion = versions[index].version.deletion
            versions[index].version = version
            versions[index].version.deletion = deletion
        }
    }

    mutating func mark(_ key: SecretKey, _ deletion: SecretDeletion?) {
        for index in versions.indices where versions[index].version.key == key {
            versions[index].version.deletion = deletion
        }
    }

    mutating func delete(_ key: SecretKey) { versions.removeAll { $0.version.key == key } }

    // MARK: Reading

    func version(_ key: SecretKey, _ version: String?) -> SecretVersion? {
        versions.last { $0.version.key == key && (version == nil || $0.version.version == version) }?.version
    }

    func value(_ version: SecretVersion) -> Secret? {
        versions.first { $0.version.key == version.key && $0.version.version == version.version }?.value
    }

    func secrets(of vault: VaultID, deleted: Bool, after name: String, limit: Int) -> [SecretVersion] {
        var newest: [SecretKey: SecretVersion] = [:]
        for (version, _) in versions where version.vault == vault { newest[version.key] = version }
        let found = newest.values.filter { ($0.deletion != nil) == deleted && $0.key.name > name.lowercased() }
        return Array(found.sorted { $0.key.name < $1.key.name }.prefix(max(limit, 0)))
    }

    func versions(_ key: SecretKey, after version: String?, limit: Int) -> [SecretVersion] {
        var own = versions.map(\.version).filter { $0.key == key }[...]
        if let version {
            guard let place = own.firstIndex(where: { $0.version == version }) else { return [] }
            own = own[(place + 1)...]
        }
        return Array(own.prefix(max(limit, 0)))
    }

    func toPurge(limit: Int) -> [SecretVersion] {
        let deleted = versions.enumerated().compactMap { place, entry in
            entry.version.deletion.map { (entry.version, $0.purgeAt, place) }
        }
        return deleted.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.prefix(max(limit, 0)).map(\.0)
    }
}
