import Foundation
import RoostModel
import RoostStore
import Testing

@testable import RoostServer

@Suite("Vaults over HTTP")
struct VaultRouteTests {
    @Test("without a token the answer is a challenge that says where to get one, before anything else is told")
    func challenge() async throws {
        try await VaultGround.with { ground in
            let tenant = ground.server.app.plane.instanceID.uuidString.lowercased()
            for (method, path) in [(LiveServer.Verb.PUT, "/secrets/a"), (.GET, "/nothing"), (.GET, "/secrets/b/")] {
                let answer = try await ground.send(method, path, as: .nobody)
                #expect(answer.status == 401)
                let header = try #require(answer.headers["WWW-Authenticate"].first)
                #expect(
                    header
                        == "Bearer authorization=\"\(ground.server.app.address)\(tenant)\", resource=\"https://vault.localhost:\(ground.server.app.port)\""
                )
            }
            var unknown = ground
            unknown.name = "nobody"
            #expect(try await unknown.send(.GET, "/secrets", as: .nobody).status == 401)
            #expect(try await unknown.send(.GET, "/secrets").vaultCode == "VaultNotFound")
            let foreign = try await ground.send(.GET, "/secrets", as: .bearer("a.b.c"))
            #expect(
                foreign.status == 401 && foreign.headers["WWW-Authenticate"].first?.hasSuffix("invalid_token\"") == true
            )
            #expect(try await ground.send(.GET, "/secrets", as: .bearer(ground.server.listener)).status == 401)
            #expect(try await ground.send(.GET, "/secrets", as: .bearer(ground.server.job)).status == 401)
        }
    }

    @Test("a vault's host has nothing but the vault, and no other host has it; the dashboard's cookie opens nothing")
    func hosts() async throws {
        try await VaultGround.with { ground in
            for path in ["/_apis/projects", "/healthz", "/", "/_apis/connectiondata", "/metrics"] {
                #expect(try await ground.send(.GET, path).vaultCode == "NotFound", "\(path)")
            }
            _ = try await ground.send(.PUT, "/secrets/a", #"{"value":"x"}"#)
            for path in ["/secrets", "/secrets/a", "/deletedsecrets"] {
                #expect(try await ground.server.send(.GET, path).status == 404, "\(path)")
            }
            let plane = ground.server.app.plane
            let session = try plane.issueDashboardSession(pat: ground.server.admin, lifetime: .seconds(60))
            let text = try #require(session).exposed
            #expect(try await ground.send(.GET, "/secrets/a", as: .cookie(text)).status == 401)
        }
    }

    @Test("requests to vaults are in the metrics, by what is asked and not by name")
    func metrics() async throws {
        try await VaultGround.with { ground in
            _ = try await ground.send(.PUT, "/secrets/hidden-name", #"{"value":"x"}"#)
            _ = try await ground.send(.GET, "/secrets/hidden-name")
            _ = try await ground.send(.GET, "/secrets/hidden-name/")
            _ = try await ground.send(.GET, "/secrets", as: .nobody)
            _ = try await ground.send(.GET, "/nothing")
            let text = try await ground.server.send(.GET, "/metrics").text
            for line in [
                #"{method="PUT",route="vault/secrets/{name}",status="2xx"} 1"#,
                #"{method="GET",route="vault/secrets/{name}",status="2xx"} 2"#,
                #"{method="GET",route="vault/secrets",status="4xx"} 1"#, #"{method="*",route="vault",status="4xx"} 1"#,
            ] {
                #expect(text.contains("roost_http_requests_total\(line)\n"), "\(line)")
            }
            #expect(!text.contains("hidden-name"))
        }
    }

    @Test("a secret is set, read, changed, listed, deleted, recovered and purged as Azure Key Vault does it")
    func life() async throws {
        try await VaultGround.with { ground in
            let draft =
                #"{"value":"hush","contentType":"text/plain","tags":{"a":"b"},"attributes":{"nbf":1,"exp":2000000000}}"#
            let set = try await ground.send(.PUT, "/secrets/Db-1", draft)
            #expect(set.status == 200 && set.json["value"] as? String == "hush")
            let id = try #require(set.json["id"] as? String)
            #expect(id.hasPrefix("\(ground.base)/secrets/Db-1/"))
            let version = try #require(id.split(separator: "/").last)
            #expect(version.count == 32)
            let got = try await ground.send(.GET, "/secrets/db-1/?api-version=2026-04-01")
            #expect(got.json["id"] as? String == id && got.json["contentType"] as? String == "text/plain")
            let attributes = try #require(got.json["attributes"] as? [String: Any])
            #expect(attributes["exp"] as? Int == 2_000_000_000 && attributes["nbf"] as? Int == 1)
            #expect(attributes["recoveryLevel"] as? String == "Recoverable+Purgeable")
            #expect(attributes["recoverableDays"] as? Int == 90)
            let patched = try await ground.send(
                .PATCH,
                "/secrets/db-1/\(version)",
                #"{"attributes":{"enabled":false}}"#
            )
            #expect(patched.status == 200 && patched.json["value"] == nil)
            let disabled = try await ground.send(.GET, "/secrets/db-1/\(version)")
            #expect(disabled.status == 403 && disabled.vaultInner == "SecretDisabled")
            let second = try await ground.send(.PUT, "/secrets/db-1", #"{"value":"second"}"#)
            #expect((second.json["id"] as? String)?.contains("/secrets/Db-1/") == true)
            #expect(try await ground.send(.GET, "/secrets/db-1/").json["value"] as? String == "second")
            #expect(try await ground.send(.GET, "/secrets/db-1/versions").list.count == 2)
            #expect(
                try await ground.send(.GET, "/secrets").list.map { $0["id"] as? String } == [
                    "\(ground.base)/secrets/Db-1"
                ]
            )
            try await deletion(ground)
        }
    }

    private func deletion(_ ground: VaultGround) async throws {
        let deleted = try await ground.send(.DELETE, "/secrets/db-1")
        #expect(deleted.json["recoveryId"] as? String == "\(ground.base)/deletedsecrets/Db-1")
        let dates = [deleted.json["deletedDate"], deleted.json["scheduledPurgeDate"]].compactMap { $0 as? Int }
        #expect(dates.count == 2 && dates[1] - dates[0] == 90 * 86_400)
        #expect(try await ground.send(.GET, "/secrets/db-1/").vaultCode == "SecretNotFound")
        #expect(try await ground.send(.GET, "/deletedsecrets/db-1").status == 200)
        #expect(try await ground.send(.GET, "/deletedsecrets").list.count == 1)
        let again = try await ground.send(.PUT, "/secrets/db-1", #"{"value":"third"}"#)
        #expect(again.status == 409 && again.vaultInner == "ObjectIsDeletedButRecoverable")
        #expect(try await ground.send(.POST, "/deletedsecrets/db-1/recover").status == 200)
        #expect(try await ground.send(.GET, "/secrets/db-1/").json["value"] as? String == "second")
        let backup = try await ground.send(.POST, "/secrets/db-1/backup")
        let blob = try #require(backup.json["value"] as? String)
        #expect(try await ground.send(.POST, "/secrets/restore", #"{"value":"\#(blob)"}"#).status == 409)
        _ = try await ground.send(.DELETE, "/secrets/db-1")
        #expect(try await ground.send(.DELETE, "/deletedsecrets/db-1").status == 204)
        #expect(try await ground.send(.GET, "/deletedsecrets/db-1").status == 404)
        #expect(try await ground.send(.POST, "/secrets/restore", #"{"value":"\#(blob)"}"#).status == 200)
        #expect(try await ground.send(.GET, "/secrets/db-1/versions").list.count == 2)
        #expect(try await ground.send(.GET, "/secrets/db-1/").json["value"] as? String == "second")
        let bent = String(blob.dropLast(4)) + "AAAA"
        #expect(try await ground.send(.POST, "/secrets/restore", #"{"value":"\#(bent)"}"#).vaultCode == "BadParameter")
    }

    @Test("lists come in pages whose links are followed to the end")
    func pages() async throws {
        try await VaultGround.with { ground in
            for number in 10..<17 { _ = try await ground.send(.PUT, "/secrets/s\(number)", #"{"value":"x"}"#) }
            for _ in 0..<4 { _ = try await ground.send(.PUT, "/secrets/s10", #"{"value":"y"}"#) }
            for (path, count) in [
                ("/secrets?maxresults=3&api-version=7.4", 7), ("/secrets/s10/versions?maxresults=2", 5),
            ] {
                var next: String? = path
                var ids: [String] = []
                while let address = next {
                    let page = try await ground.send(.GET, address)
                    #expect(page.status == 200 && page.list.count <= 3)
                    ids += page.list.compactMap { $0["id"] as? String }
                    next = (page.json["nextLink"] as? String).map { String($0.dropFirst(ground.base.count)) }
                }
                #expect(ids.count == count && Set(ids).count == count)
            }
            #expect(try await ground.send(.GET, "/secrets?maxresults=26").vaultCode == "BadParameter")
        }
    }

    @Test(
        "what is not valid is refused and changes nothing",
        arguments: [
            ("/secrets/a_b", #"{"value":"x"}"#), ("/secrets/\(String(repeating: "a", count: 128))", #"{"value":"x"}"#),
            ("/secrets/a", "{}"), ("/secrets/a", "{"), ("/secrets/a", #"{"value":7}"#),
            ("/secrets/a", #"{"value":"\#(String(repeating: "x", count: 25_601))"}"#),
            ("/secrets/a", #"{"value":"x","attributes":{"exp":"soon"}}"#),
        ]
    )
    func invalid(path: String, body: String) async throws {
        try await VaultGround.with { ground in
            let answer = try await ground.send(.PUT, path, body)
            #expect(answer.status == 400 && answer.vaultCode == "BadParameter")
            #expect(try await ground.send(.GET, "/secrets").list.isEmpty)
        }
    }

    @Test("rights are those that were granted, scopes of the token narrow them, and each refusal is in the audit")
    func rights() async throws {
        try await VaultGround.with { ground in
            let plane = ground.server.app.plane
            func token(_ user: String, _ scopes: TokenScope...) async throws -> LiveServer.Sender {
                .bearer(
                    try await plane.createToken(
                        user: user,
                        name: "t",
                        scopes: Set(scopes),
                        lifetime: .seconds(60),
                        by: .system
                    ).value.exposed
                )
            }
            _ = try await ground.send(.PUT, "/secrets/a", #"{"value":"x"}"#)
            let eve = try await token("eve", .full)
            let refused = try await ground.send(.GET, "/secrets/a/", as: eve)
            #expect(
                refused.status == 403 && refused.vaultCode == "Forbidden" && refused.vaultInner == "ForbiddenByPolicy"
            )
            let entry = try #require(try await ground.audit(1).first)
            #expect(entry.action == "secret.refused" && entry.actor == "user:eve" && entry.subject == "vault:team/a")
            let grant = #"{"grantee":"user:eve","rights":["get","set"]}"#
            #expect(try await ground.server.send(.PUT, "/_apis/roost/vaults/team/grants", body: grant).status == 200)
            #expect(try await ground.send(.GET, "/secrets/a/", as: eve).status == 200)
            #expect(try await ground.send(.GET, "/secrets", as: eve).status == 403)
            let reader = try await token("eve", .secrets)
            #expect(try await ground.send(.GET, "/secrets/a/", as: reader).status == 200)
            #expect(try await ground.send(.PUT, "/secrets/a", as: reader, #"{"value":"y"}"#).status == 403)
            #expect(try await ground.send(.GET, "/secrets/a/", as: token("eve", .build)).status == 403)
            // A maker of vaults does not change those of others.
            let maker = try await token("eve", .secretsManage)
            let more = #"{"grantee":"user:eve","rights":["purge"]}"#
            let route = "/_apis/roost/vaults/team/grants"
            #expect(try await ground.server.send(.PUT, route, as: maker, body: more).status == 403)
            let none = #"{"grantee":"user:eve","rights":[]}"#
            #expect(try await ground.server.send(.PUT, route, body: none).status == 200)
            #expect(try await ground.send(.GET, "/secrets/a/", as: eve).status == 403)
        }
    }

    @Test("a read is in the audit, with all but the value, before the answer is given")
    func audit() async throws {
        try await VaultGround.with { ground in
            let set = try await ground.send(.PUT, "/secrets/a", #"{"value":"s3cret-value"}"#)
            let version = try #require((set.json["id"] as? String)?.split(separator: "/").last)
            ground.server.store.holdCommits()
            let reading = Task { try await ground.send(.GET, "/secrets/a/") }
            // The answer waits for the disk: the entry is submitted, and nothing has come back.
            var entry: AuditEvent?
            while entry?.action != "secret.get" {
                entry = try await ground.audit(1).first
                await Task.yield()
            }
            #expect(entry?.actor == "user:ada" && entry?.subject == "vault:team/a")
            #expect(entry?.detail == "version \(version) from 127.0.0.1")
            ground.server.store.releaseCommits()
            #expect(try await reading.value.json["value"] as? String == "s3cret-value")
            _ = try await ground.send(.GET, "/secrets")
            _ = try await ground.send(.DELETE, "/secrets/a")
            let all = try await ground.audit(50)
            #expect(
                Set(all.map(\.action)).isSuperset(of: ["vault.create", "secret.set", "secret.list", "secret.delete"])
            )
            #expect(!all.contains { "\($0)".contains("s3cret-value") })
        }
    }

    @Test("a read whose entry cannot be written gives no value")
    func auditFailure() async throws {
        try await VaultGround.with { ground in
            _ = try await ground.send(.PUT, "/secrets/a", #"{"value":"s3cret-value"}"#)
            ground.server.store.failNextCommit(with: .diskFull(path: "x"))
            let answer = try await ground.send(.GET, "/secrets/a/")
            #expect(answer.status == 503 && !answer.text.contains("s3cret-value"))
        }
    }

    @Test(
        "a deleted secret is purged when its time is over, and not before; a protected vault lets nobody do it sooner"
    )
    func purge() async throws {
        try await VaultGround.with { ground in
            let draft = #"{"name":"safe","retentionDays":7,"purgeProtection":true}"#
            #expect(try await ground.server.send(.POST, "/_apis/roost/vaults", body: draft).status == 200)
            var safe = ground
            safe.name = "safe"
            let set = try await safe.send(.PUT, "/secrets/a", #"{"value":"x"}"#)
            #expect((set.json["attributes"] as? [String: Any])?["recoveryLevel"] as? String == "CustomizedRecoverable")
            _ = try await safe.send(.PUT, "/secrets/b", #"{"value":"x"}"#)
            _ = try await safe.send(.DELETE, "/secrets/a")
            _ = try await safe.send(.DELETE, "/secrets/b")
            let refused = try await safe.send(.DELETE, "/deletedsecrets/a")
            #expect(refused.status == 403 && refused.vaultCode == "Forbidden")
            let plane = ground.server.app.plane
            let key = SecretKey(vault: try plane.vault("safe").id, name: "a")
            let over = SecretDeletion(deletedAt: Date() - 8 * 86_400, purgeAt: Date() - 86_400)
            try await ground.server.store.submit([.markSecret(key, over)]).durable()
            plane.secretDeadlines.signal()
            while try await ground.server.store.secretVersion(key, nil) != nil { await Task.yield() }
            let entry = try #require(try await ground.audit(9).first { $0.action == "secret.purge" })
            #expect(entry.actor == "system" && entry.subject == "vault:safe/a")
            #expect(try await safe.send(.GET, "/deletedsecrets/b").status == 200)
        }
    }

    @Test("a vault with secrets, deleted ones too, is not deleted")
    func deleteVault() async throws {
        try await VaultGround.with { ground in
            _ = try await ground.send(.PUT, "/secrets/a", #"{"value":"x"}"#)
            let route = "/_apis/roost/vaults/team"
            #expect(try await ground.server.send(.DELETE, route).status == 409)
            _ = try await ground.send(.DELETE, "/secrets/a")
            #expect(try await ground.server.send(.DELETE, route).status == 409)
            #expect(try await ground.send(.GET, "/deletedsecrets").status == 200, "it is still there")
            _ = try await ground.send(.DELETE, "/deletedsecrets/a")
            #expect(try await ground.server.send(.DELETE, route).status == 204)
            #expect(try await ground.send(.GET, "/secrets").vaultCode == "VaultNotFound")
        }
    }
}
