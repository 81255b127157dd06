import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// Microsoft's client of Key Vault against a server with a certificate of an authority of its own.
@Suite("A client of Azure Key Vault", .timeLimit(.minutes(6)))
struct VaultClientTests {
    @Test("makes every call of a vault over TLS", arguments: [true, false])
    func everyCall(checksResource: Bool) async throws {
        let keys = try ScratchFolder()
        defer { keys.remove() }
        try Self.makeCertificates(keys.path)
        try await TestCluster.with(configure: { configuration in
            configuration.tlsCertificate = "\(keys.path)/server.pem"
            configuration.tlsKey = "\(keys.path)/server.key"
        }) { cluster in
            let admin = try await Self.token(cluster, "admin", [.secretsManage])
            try await Self.makeVault(cluster, keys.path)
            let reader = try await Self.token(cluster, "reader", [.secrets])
            let port = try #require(URL(string: cluster.address)?.port)
            let seen = try await Self.python(
                ["https://team.vault.localhost:\(port)", "\(keys.path)/ca.pem", checksResource ? "yes" : "no"],
                ["ROOST_TOKEN": admin, "READER_TOKEN": reader],
                cluster
            )
            try Self.check(seen, port)
        }
    }

    private static func check(_ seen: [String: Any], _ port: Int) throws {
        let set = try #require(seen["set"] as? [Any])
        #expect(set[0] as? String == "db" && set[1] as? String == "hush" && set[2] as? Int == 32)
        #expect(set[3] as? String == "text/plain" && set[4] as? [String: String] == ["a": "b"])
        for flag in ["moments", "vault", "newest updated", "versions", "restored"] {
            #expect(seen[flag] as? Bool == true)
        }
        #expect((seen["level"] as? [Any])?.first as? String == "Recoverable+Purgeable")
        #expect(seen["newest"] as? String == "hush 2 ü" && seen["version"] as? String == "hush")
        #expect((seen["updated"] as? [Any])?.first as? Bool == false)
        #expect(seen["list"] as? [Int] == [31, 31])
        func refusal(_ name: String) -> [String?] { (seen[name] as? [Any] ?? []).map { $0 as? String } }
        #expect(refusal("disabled") == ["HttpResponseError", nil, "Forbidden", "SecretDisabled"])
        #expect(refusal("missing") == ["ResourceNotFoundError", nil, "SecretNotFound", nil])
        #expect(refusal("wrong name") == ["HttpResponseError", nil, "BadParameter", nil])
        #expect(refusal("taken") == ["ResourceExistsError", nil, "Conflict", "ObjectIsDeletedButRecoverable"])
        #expect(refusal("purged") == ["ResourceNotFoundError", nil, "SecretNotFound", nil])
        #expect(refusal("stranger").first == "ClientAuthenticationError")
        let deleted = try #require(seen["deleted"] as? [Any])
        #expect(deleted[0] as? String == "db" && deleted[1] as? Int == 90)
        #expect(deleted[2] as? String == "https://team.vault.localhost:\(port)/deletedsecrets/db")
        #expect(seen["get deleted"] as? String == "db" && seen["list deleted"] as? [String] == ["db"])
        #expect(seen["recovered"] as? String == "db" && seen["after"] as? String == "hush 2 ü")
        #expect(seen["restored value"] as? String == "hush 2 ü")
        let reader = try #require(seen["reader"] as? [Any])
        #expect(reader[0] as? String == "hush 2 ü" && (reader[1] as? [Any])?.last as? String == "ForbiddenByPolicy")
        #expect(seen["scopes"] as? [String] == ["https://vault.localhost:\(port)/.default"])
    }

    // MARK: What it needs

    private static func token(
        _ cluster: TestCluster,
        _ user: String,
        _ scopes: Set<TokenScope>
    ) async throws -> String {
        let made = try await cluster.plane.createToken(
            user: user,
            name: "t",
            scopes: scopes,
            lifetime: .seconds(3600),
            by: .system
        )
        return made.value.exposed
    }

    /// With the command line, which needs no name of the vault: it is asked at the server's own address.
    private static func makeVault(_ cluster: TestCluster, _ keys: String) async throws {
        try await roost(["vault", "create", "team"], cluster, keys)
        try await roost(["vault", "grant", "team", "user:reader", "get"], cluster, keys)
        let value = "\(keys)/value"
        try "from a file\n".write(toFile: value, atomically: true, encoding: .utf8)
        try await roost(["vault", "secret", "set", "team", "cli", "--file", value], cluster, keys)
        let shown = try await roost(["vault", "secret", "show", "team", "cli", "--value"], cluster, keys)
        #expect(shown.trimmingCharacters(in: .newlines) == "from a file")
        let facts = try await roost(["vault", "secret", "show", "team", "cli"], cluster, keys)
        #expect(!facts.contains("from a file") && facts.contains("cli"))
        #expect(try await roost(["vault", "secret", "list", "team"], cluster, keys).contains("cli"))
        #expect(try await roost(["vault", "secret", "versions", "team", "cli"], cluster, keys).contains("yes"))
        try await roost(["vault", "secret", "delete", "team", "cli"], cluster, keys)
        #expect(try await roost(["vault", "secret", "list", "team", "--deleted"], cluster, keys).contains("cli"))
        try await roost(["vault", "secret", "recover", "team", "cli"], cluster, keys)
        try await roost(["vault", "secret", "delete", "team", "cli"], cluster, keys)
        try await roost(["vault", "secret", "purge", "team", "cli"], cluster, keys)
        #expect(try await roost(["vault", "show", "team"], cluster, keys).contains("user:reader"))
    }

    @discardableResult
    private static func roost(_ words: [String], _ cluster: TestCluster, _ keys: String) async throws -> String {
        let program = try ChildProgram(
            executable: "\(ChildProgram.buildFolder)/roost",
            words + ["--cacert", "\(keys)/ca.pem"],
            environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
            folder: cluster.folder.path
        )
        let (code, printed) = await program.finished()
        guard code == 0 else { throw TestFailure("roost \(words.joined(separator: " ")): \(code)\n\(printed)") }
        return printed
    }

    private static func python(
        _ arguments: [String],
        _ environment: [String: String],
        _ cluster: TestCluster
    ) async throws -> [String: Any] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let interpreter = tests.deletingLastPathComponent().appending(path: ".build/python/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw TestFailure("There is no \(interpreter); 'scripts/install-python' makes it.")
        }
        let program = try ChildProgram(
            executable: interpreter,
            [tests.appending(path: "Clients/vault.py").path] + arguments,
            environment: environment,
            folder: cluster.folder.path
        )
        let (code, printed) = await program.finished()
        guard code == 0, let start = printed.firstIndex(of: "{"),
            let seen = try JSONSerialization.jsonObject(with: Data(printed[start...].utf8)) as? [String: Any]
        else { throw TestFailure("vault.py ended with \(code):\n\(printed)") }
        return seen
    }

    /// An authority, and a certificate of it for the server's address and the names of its vaults.
    private static func makeCertificates(_ folder: String) throws {
        let names = "subjectAltName=DNS:*.vault.localhost,DNS:vault.localhost,DNS:localhost,IP:127.0.0.1"
        try names.write(toFile: "\(folder)/names", atomically: true, encoding: .utf8)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try openssl(
            ["req", "-x509"] + key + [
                "-days", "2", "-subj", "/CN=Authority of a test", "-keyout", "\(folder)/ca.key", "-out",
                "\(folder)/ca.pem", "-addext", "keyUsage=critical,keyCertSign",
            ]
        )
        try openssl(
            ["req"] + key + ["-subj", "/CN=roost", "-keyout", "\(folder)/server.key", "-out", "\(folder)/server.csr"]
        )
        try openssl([
            "x509", "-req", "-in", "\(folder)/server.csr", "-CA", "\(folder)/ca.pem", "-CAkey", "\(folder)/ca.key",
            "-days", "2", "-extfile", "\(folder)/names", "-out", "\(folder)/server.pem",
        ])
    }

    private static func openssl(_ words: [String]) throws {
        guard try ShortCommand.run(["openssl"] + words).code == 0 else {
            throw TestFailure("openssl \(words.first ?? "") failed")
        }
    }
}
