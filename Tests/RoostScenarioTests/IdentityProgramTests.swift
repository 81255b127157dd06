import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// Microsoft's identity libraries against a real server, over TLS with an authority of its own.
@Suite("Identity programs", .serialized, .timeLimit(.minutes(5)))
struct IdentityProgramTests {
    @Test("msal and azure-identity sign in by secret, certificate, assertion, workload, device code and browser")
    func pythonPackages() async throws {
        let keys = try ScratchFolder()
        defer { keys.remove() }
        try Self.makeAuthority(keys.path)
        try await TestCluster.with(
            dashboard: true,
            configure: { configuration in
                configuration.tlsCertificate = "\(keys.path)/server.pem"
                configuration.tlsKey = "\(keys.path)/server.key"
            },
            { cluster in
                let client = try RoostClient(
                    url: cluster.address,
                    credential: .personalToken(cluster.token),
                    options: ClientOptions(userAgent: "test", authorityFile: "\(keys.path)/authority.pem")
                )
                let result: Result<Void, any Error>
                do { result = .success(try await Self.check(cluster, client, keys.path)) } catch {
                    result = .failure(error)
                }
                await client.close()
                try result.get()
            }
        )
    }

    private static func check(_ cluster: TestCluster, _ client: RoostClient, _ keys: String) async throws {
        let environment = try await prepare(cluster, client, keys)
        let seen = try await ClientProgramTests.python("identities.py", [], cluster, environment)
        let works = try #require(seen["works"] as? [String: [Int]])
        let ways = [
            "msal secret", "msal certificate", "msal device code", "msal refresh", "msal code", "secret",
            "certificate", "assertion", "workload", "device code", "browser",
        ]
        #expect(Set(works.keys) == Set(ways))
        for (way, statuses) in works { #expect(statuses == [200, 200], "\(way)") }
        #expect(seen["person"] as? String == "admin" && seen["account"] as? String == "admin")
        #expect(seen["second resource"] as? Bool == true && seen["refresh for another resource"] as? Bool == true)
        let refused = try #require(seen["refused"] as? [String: String])
        for (way, number) in [
            "msal wrong secret": 7_000_215, "wrong secret": 7_000_215, "unknown client": 700_016,
            "other certificate": 700_027, "other subject": 70_021,
        ] { #expect(refused[way]?.contains("AADSTS\(number): ") == true, "\(way): \(refused[way] ?? "nothing")") }
    }

    /// An identity with each kind of credential; what the program needs of it.
    private static func prepare(
        _ cluster: TestCluster,
        _ client: RoostClient,
        _ keys: String
    ) async throws -> [String: String] {
        let made = try await client.createIdentity(DirectoryIdentityWire(name: "deployer", scopes: ["vso.project"]))
        let secret = try await client.addSecret(to: "deployer", IdentitySecretWire(days: 1))
        let pem = try String(contentsOfFile: "\(keys)/client.pem", encoding: .utf8)
        let known = try await client.addCertificate(to: "deployer", IdentityCertificateWire(pem: pem))
        // The server trusts its own tokens of identities as those of any other issuer.
        let issuer = "\(cluster.address)\(cluster.plane.instanceID.uuidString.lowercased())/v2.0"
        let other = try await client.createIdentity(DirectoryIdentityWire(name: "source", scopes: ["vso.project"]))
        let subject = try #require(other.id).uuidString.lowercased()
        let federated = FederatedCredentialWire(issuer: issuer, subject: subject, audience: "api://exchange")
        _ = try await client.addFederated(to: "deployer", federated)
        let sourceSecret = try await client.addSecret(to: "source", IdentitySecretWire(days: 1))
        let session = try cluster.plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(600))
        return [
            "REQUESTS_CA_BUNDLE": "\(keys)/authority.pem", "ROOST_TENANT": made.tenantId?.uuidString.lowercased() ?? "",
            "ROOST_CLIENT": made.clientId?.uuidString.lowercased() ?? "", "ROOST_SECRET": secret.secret ?? "",
            "ROOST_CERTIFICATE": "\(keys)/client-both.pem", "ROOST_KEY": "\(keys)/client.key",
            "ROOST_THUMBPRINT": hexadecimal(known.certificates?.first?.sha1 ?? ""),
            "ROOST_OTHER_CERTIFICATE": "\(keys)/other-both.pem", "ROOST_TOKEN_FILE": "\(keys)/assertion.txt",
            "ROOST_SOURCE": other.clientId?.uuidString.lowercased() ?? "",
            "ROOST_SOURCE_SECRET": sourceSecret.secret ?? "",
            "ROOST_SESSION": session?.exposed ?? "",
        ]
    }

    private static func hexadecimal(_ base64URL: String) -> String {
        (Base64URL.decode(base64URL) ?? Data()).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    /// An authority, a server's certificate of it, and two clients' own.
    private static func makeAuthority(_ folder: String) throws {
        let script = """
            set -e
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Authority -keyout authority.key -out authority.pem \
              -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
            openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr
            printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\\nextendedKeyUsage=serverAuth\\n' > server.ext
            openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
              -extfile server.ext -out server.pem
            for name in client other; do
              openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$name -keyout $name.key -out $name.pem
              cat $name.key $name.pem > $name-both.pem
            done
            """
        guard try ShortCommand.run(["sh", "-c", script], in: folder).code == 0 else {
            throw TestFailure("openssl made no certificates")
        }
    }
}
