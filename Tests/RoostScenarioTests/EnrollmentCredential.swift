import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

/// What an agent is registered with in a test, and how it is taken away afterwards.
struct EnrollmentCredential: Sendable {
    enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case personalToken, enrollmentToken, deviceCode, clientSecret, certificate, machine, federated

        var testDescription: String { rawValue }
    }

    /// Of `config.sh`: its kind, and what it needs.
    var arguments: [String]
    var environment: [String: String] = [:]
    /// Texts that must not stay.
    var secrets: [String] = []
    var binary: [Data] = []
    /// Confirms the code that the program shows; nil where there is none.
    var confirm: (@Sendable (String) throws -> Void)?
    /// Takes away the credential and whose it is.
    var revoke: @Sendable () async throws -> Void

    static func make(_ kind: Kind, _ cluster: TestCluster) async throws -> EnrollmentCredential {
        switch kind {
        case .personalToken: try await personalToken(cluster)
        case .enrollmentToken: try await enrollmentToken(cluster)
        case .deviceCode: try await deviceCode(cluster)
        case .clientSecret: try await clientSecret(cluster)
        case .certificate: try await certificate(cluster)
        case .machine: try await machine(cluster)
        case .federated: try await federated(cluster)
        }
    }

    // MARK: People

    /// A person who may register agents, until the roles are taken away with the token.
    private static func person(
        _ cluster: TestCluster
    ) async throws -> (
        token: Secret, leave: @Sendable () async throws -> Void
    ) {
        let (plane, pool) = (cluster.plane, try cluster.defaultPool.id)
        _ = try await plane.assignRole(.administrator, to: .user("joiner"), on: .pool(pool), by: .system)
        let made = try await plane.createToken(
            user: "joiner",
            name: "join",
            scopes: [.agentPoolsManage],
            lifetime: .seconds(3600),
            by: .system
        )
        return (
            made.value,
            {
                try await plane.revokeToken(made.token.id, by: .system)
                try await plane.removeRole(of: .user("joiner"), on: .pool(pool), by: .system)
            }
        )
    }

    private static func personalToken(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let (token, leave) = try await person(cluster)
        return EnrollmentCredential(
            arguments: ["--auth", "pat"],
            environment: ["VSTS_AGENT_INPUT_TOKEN": token.exposed],
            secrets: [token.exposed],
            revoke: leave
        )
    }

    private static func enrollmentToken(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let (client, pool) = (cluster.client, try cluster.defaultPool.id.rawValue)
        let made = try await client.createEnrollmentToken(pool: pool, EnrollmentTokenWire(uses: 1))
        let (id, text) = (try #require(made.id), try #require(made.token))
        return EnrollmentCredential(
            arguments: ["--auth", "pat"],
            environment: ["VSTS_AGENT_INPUT_TOKEN": text],
            secrets: [text],
            revoke: { try await client.revokeEnrollmentToken(pool: pool, id: id) }
        )
    }

    private static func deviceCode(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let (token, leave) = try await person(cluster)
        let plane = cluster.plane
        return EnrollmentCredential(
            arguments: ["--auth", "aad"],
            confirm: { code in
                let cookie = try plane.issueDashboardSession(pat: token.exposed, lifetime: .seconds(600))
                let approval = plane.signedIn(cookie: cookie?.exposed ?? "")
                guard approval != nil, plane.signIns.decide(userCode: code, approval, at: Date()) != nil else {
                    throw TestFailure("the code '\(code)' cannot be confirmed")
                }
            },
            revoke: leave
        )
    }

    // MARK: Programs and machines

    /// An identity that may register agents of the first pool.
    private static func identity(_ cluster: TestCluster, _ kind: IdentityKind) async throws -> String {
        let pool = try cluster.defaultPool.id.rawValue
        let made = try await cluster.client.createIdentity(
            DirectoryIdentityWire(name: "builder", kind: kind.rawValue, pools: [pool])
        )
        return try #require(made.clientId).uuidString.lowercased()
    }

    private static func clientSecret(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let client = cluster.client
        let id = try await identity(cluster, .servicePrincipal)
        let made = try await client.addSecret(to: "builder", IdentitySecretWire(name: "s", days: 1))
        let secret = try #require(made.secret)
        return EnrollmentCredential(
            arguments: ["--auth", "sp", "--clientid", id],
            environment: ["VSTS_AGENT_INPUT_CLIENTSECRET": secret],
            secrets: [secret],
            revoke: { try await client.deleteIdentity("builder") }
        )
    }

    private static func certificate(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let client = cluster.client
        let id = try await identity(cluster, .servicePrincipal)
        let files = try CertificateFiles(in: cluster.folder.path, name: "own")
        let pem = try String(contentsOfFile: files.certificate, encoding: .utf8)
        _ = try await client.addCertificate(to: "builder", IdentityCertificateWire(name: "c", pem: pem))
        let key = try String(contentsOfFile: files.key, encoding: .utf8)
        let lines = key.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("-----") }
        let der = try #require(Data(base64Encoded: lines.joined()))
        return EnrollmentCredential(
            arguments: [
                "--auth", "certificate", "--clientid", id, "--clientcertificate", files.certificate, "--clientkey",
                files.key,
            ],
            // The last lines are of the key's primes, the first of what is in the certificate too.
            secrets: Array(lines.suffix(10).dropLast()),
            binary: [Data(der.suffix(320).prefix(64)), Data(der.suffix(160).prefix(64))],
            revoke: {
                try await client.deleteIdentity("builder")
                for file in [files.certificate, files.key] { unlink(file) }
            }
        )
    }

    /// With the real endpoint, which the test's own user may ask.
    private static func machine(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let client = cluster.client
        _ = try await identity(cluster, .managedIdentity)
        let made = try await client.createMachine(MachineWire(name: "build-7", identities: ["builder"]))
        let key = try #require(made.key)
        try cluster.folder.write(key, to: "machine.key", mode: 0o600)
        let endpoint = try ChildProgram(
            "roost",
            [
                "machine", "endpoint", "--url", cluster.address, "--key-file", "\(cluster.folder.path)/machine.key",
                "--allow-user", "\(getuid())",
            ],
            folder: cluster.folder.path
        )
        try await endpoint.line(with: "Serving the identities")
        let pairs = endpoint.lines.filter { $0.hasPrefix("IDENTITY_") }.map { line in
            (String(line.prefix { $0 != "=" }), String(line.drop { $0 != "=" }.dropFirst()))
        }
        let variables = Dictionary(pairs) { first, _ in first }
        return EnrollmentCredential(
            arguments: ["--auth", "machine"],
            environment: variables,
            secrets: [key, try #require(variables["IDENTITY_HEADER"])],
            revoke: {
                endpoint.send(SIGTERM)
                await endpoint.end()
                try await client.deleteMachine("build-7")
                try await client.deleteIdentity("builder")
                unlink("\(cluster.folder.path)/machine.key")
            }
        )
    }

    private static func federated(_ cluster: TestCluster) async throws -> EnrollmentCredential {
        let (client, pool) = (cluster.client, try cluster.defaultPool.id.rawValue)
        let issuer = try ForeignIssuer(in: cluster.folder.path)
        let made = try await client.createTrustRule(
            TrustRuleWire(
                name: "cloud",
                issuer: ForeignIssuer.name,
                audience: "api://agents",
                subject: "machine:*",
                pools: [pool],
                pinnedKeys: issuer.keys,
                enabled: true
            )
        )
        let (rule, token) = (try #require(made.id), try issuer.token())
        return EnrollmentCredential(
            arguments: ["--auth", "federated"],
            environment: ["ROOST_ID_TOKEN": token],
            secrets: [token],
            revoke: { try await client.deleteTrustRule(rule) }
        )
    }
}
