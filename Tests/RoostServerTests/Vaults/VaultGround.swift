import Foundation
import RoostModel
import RoostServer
import RoostStore

/// A server with a vault `team` of the user `ada`, whose requests go to its host name.
struct VaultGround: Sendable {
    let server: LiveServer
    var name = "team"

    var host: String { "\(name).vault.localhost:\(server.app.port)" }
    var base: String { "http://\(host)" }

    static func with(
        flags: [String: String] = [:],
        _ body: @Sendable (VaultGround) async throws -> Void
    ) async throws {
        try await LiveServer.with(flags: flags) { server in
            let made = try await server.send(.POST, "/_apis/roost/vaults", body: #"{"name":"team"}"#)
            guard made.status == 200 else { throw VaultGroundFailure(text: made.text) }
            try await body(VaultGround(server: server))
        }
    }

    func send(
        _ method: LiveServer.Verb = .GET,
        _ path: String,
        as sender: LiveServer.Sender = .admin,
        _ body: String? = nil
    ) async throws -> LiveServer.Answer {
        try await server.send(method, path, as: sender, headers: [("Host", host)], body: body)
    }

    /// The last entries of the audit, the newest first.
    func audit(_ count: Int) async throws -> [AuditEvent] {
        try await server.store.auditEvents(limit: count, before: nil)
    }
}

struct VaultGroundFailure: Error {
    var text: String
}

extension LiveServer.Answer {
    private var problem: [String: Any]? { json["error"] as? [String: Any] }
    var vaultCode: String? { problem?["code"] as? String }
    var vaultInner: String? { (problem?["innererror"] as? [String: Any])?["code"] as? String }
}
