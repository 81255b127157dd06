import FoundationEssentials
import RoostModel
import RoostStore
import Testing

@Suite("Every store of secrets")
struct SecretContractTests {
    private static let key = SecretKey(vault: Sample.vault, name: "DB-password")

    @Test("gives a version, the newest, and their values", arguments: StoreEngine.all)
    func versions(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let versions = (1...3).map { Sample.secret("db-Password", $0) }
            for version in versions {
                try await store.submit([.addSecret(version, value: Secret("value \(version.version)"))]).durable()
            }
            #expect(try await store.secretVersion(Self.key, nil) == versions[2])
            #expect(try await store.secretVersion(Self.key, versions[0].version) == versions[0])
            #expect(try await store.secretVersion(Self.key, "4") == nil)
            #expect(try await store.secretValue(versions[1])?.exposed == "value \(versions[1].version)")
            #expect(try await store.secretVersions(Self.key, after: nil, limit: 2) == Array(versions[0...1]))
            let rest = try await store.secretVersions(Self.key, after: versions[0].version, limit: 9)
            #expect(rest == Array(versions[1...]))
            var changed = versions[1]
            changed.enabled = false
            changed.tags = [:]
            try await store.submit([.putSecretFacts(changed)]).durable()
            #expect(try await store.secretVersion(Self.key, changed.version) == changed)
            #expect(try await store.secretVersion(Self.key, nil) == versions[2], "an old version became the newest")
            await #expect(throws: StoreError.self) {
                try await store.submit([.addSecret(changed, value: Secret("again"))]).durable()
            }
        }
    }

    @Test("lists what is there and what is deleted, page by page", arguments: StoreEngine.all)
    func lists(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let other = VaultID(Sample.uuid(71))
            let deletion = SecretDeletion(deletedAt: Sample.date(1), purgeAt: Sample.date(100))
            let changes: [StoreChange] =
                ["c", "A", "b", "gone"].map { .addSecret(Sample.secret($0), value: Secret("x")) }
                + [
                    .addSecret(Sample.secret("a", 2), value: Secret("y")),
                    .addSecret(Sample.secret("other", in: other), value: Secret("z")),
                    .markSecret(SecretKey(vault: Sample.vault, name: "GONE"), deletion),
                ]
            try await store.submit(changes).durable()
            let first = try await store.secrets(of: Sample.vault, deleted: false, after: "", limit: 2)
            #expect(first == [Sample.secret("a", 2), Sample.secret("b")])
            let second = try await store.secrets(of: Sample.vault, deleted: false, after: "B", limit: 2)
            #expect(second == [Sample.secret("c")])
            let deleted = try await store.secrets(of: Sample.vault, deleted: true, after: "", limit: 9)
            #expect(deleted == [Sample.secret("gone", deletion: deletion)])
        }
    }

    @Test("deletes so that it can be recovered, and for good", arguments: StoreEngine.all)
    func deletion(engine: StoreEngine) async throws {
        try await engine.withStore { store in
            let soon = SecretDeletion(deletedAt: Sample.date(1), purgeAt: Sample.date(10))
            let late = SecretDeletion(deletedAt: Sample.date(0), purgeAt: Sample.date(20))
            let late2 = SecretKey(vault: Sample.vault, name: "late")
            try await store.submit([
                .addSecret(Sample.secret("DB-password", 1), value: Secret("1")),
                .addSecret(Sample.secret("DB-password", 2), value: Secret("2")),
                .addSecret(Sample.secret("late"), value: Secret("3")), .markSecret(late2, late),
                .markSecret(Self.key, soon),
            ]).durable()
            #expect(try await store.secretsToPurge(limit: 9).map(\.deletion) == [soon, soon, late])
            #expect(try await store.secretsToPurge(limit: 1).map(\.version).count == 1)
            try await store.submit([.markSecret(Self.key, nil)]).durable()
            #expect(try await store.secretVersion(Self.key, nil) == Sample.secret("DB-password", 2))
            #expect(try await store.secretsToPurge(limit: 9).map(\.name) == ["late"])
            try await store.submit([.deleteSecret(Self.key)]).durable()
            #expect(try await store.secretVersion(Self.key, nil) == nil)
            #expect(try await store.secretValue(Sample.secret("DB-password", 1)) == nil)
        }
    }
}
