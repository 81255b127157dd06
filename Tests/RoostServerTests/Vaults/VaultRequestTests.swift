import FoundationEssentials
import HTTPTypes
import RoostModel
import Testing

@testable import RoostServer

@Suite("What is asked of a vault")
struct VaultRequestTests {
    @Test(
        "is read from method and path",
        arguments: [
            (HTTPRequest.Method.get, "/secrets", VaultRequest.list), (.get, "/secrets/", .list),
            (.put, "/secrets/N", .set("N")), (.get, "/secrets/N/", .get("N", version: nil)),
            (.get, "/secrets/N/v", .get("N", version: "v")), (.get, "/secrets/N/versions", .versions("N")),
            (.patch, "/secrets/N/v", .update("N", version: "v")), (.delete, "/secrets/N", .delete("N")),
            (.get, "/deletedsecrets", .listDeleted), (.get, "/deletedsecrets/N", .getDeleted("N")),
            (.post, "/deletedsecrets/N/recover", .recover("N")), (.delete, "/deletedsecrets/N", .purge("N")),
            (.post, "/secrets/N/backup", .backup("N")), (.post, "/secrets/restore", .restore),
        ]
    )
    func requests(method: HTTPRequest.Method, path: String, request: VaultRequest) {
        #expect(VaultRequest(method, path) == request)
    }

    @Test(
        "is nothing where there is nothing",
        arguments: [
            (HTTPRequest.Method.get, "/"), (.get, "/_apis/projects"), (.get, "/keys"), (.post, "/secrets"),
            (.put, "/secrets/N/v"), (.delete, "/secrets/N/v"), (.get, "/secrets/N/v/x"), (.post, "/secrets/N/x"),
        ]
    )
    func nothing(method: HTTPRequest.Method, path: String) { #expect(VaultRequest(method, path) == nil) }

    @Test(
        "is for the vault that the host names",
        arguments: [
            ("team.vault.example", "team"), ("TEAM.Vault.Example:8443", "team"), ("team.vault.example.", "team"),
            ("vault.example:1", ""), ("a.b.vault.example", "a.b"), ("vault.example.org", nil),
            ("xvault.example", nil), ("roost.example", nil), ("[::1]:8080", nil),
        ] as [(String, String?)]
    )
    func hosts(authority: String, name: String?) {
        #expect(VaultHost(suffix: "Vault.Example").name(in: authority) == name)
    }

    @Test("names of vaults and secrets keep to the rules")
    func names() {
        for good in ["abc", "a-b-c", "team1", String(repeating: "a", count: 24)] { #expect(Vault.isName(good)) }
        for bad in ["ab", "1abc", "abc-", "a--b", "Abc", "a.b", String(repeating: "a", count: 25), ""] {
            #expect(!Vault.isName(bad))
        }
        for good in ["a", "A-1", "-", String(repeating: "z", count: 127)] { #expect(Vault.isSecretName(good)) }
        for bad in ["", "a_b", "a b", "ü", String(repeating: "z", count: 128)] { #expect(!Vault.isSecretName(bad)) }
    }

    @Test("grants reach whom they name, and jobs by the pool they run in")
    func grants() throws {
        let id = IdentityID(.init())
        var vault = Vault(id: VaultID(.init()), name: "team", createdAt: .init(), createdBy: "x")
        vault.grants = [
            VaultGrant(.user("ada"), [.get, .list]), VaultGrant(.identity(id), [.set]),
            VaultGrant(.pool(PoolID(3)), [.get]),
        ]
        #expect(vault.rights(of: .user(name: "Ada", scopes: [])) == [.get, .list])
        #expect(vault.rights(of: .user(name: "eve", scopes: [.full])).isEmpty)
        #expect(vault.rights(of: .identity(id, name: "ada", scopes: [])) == [.set])
        let job = Principal.job(JobID(.init()), run: RunID(1), plan: PlanID(.init()), project: ProjectID(.init()))
        #expect(vault.rights(of: job, pool: PoolID(3)) == [.get])
        #expect(vault.rights(of: job, pool: PoolID(4)).isEmpty && vault.rights(of: job).isEmpty)
        #expect(VaultGrantee("user:") == nil && VaultGrantee("pool:x") == nil && VaultGrantee("ada") == nil)
    }
}
