import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// A server over TLS with a vault, a machine with an identity that may read it, and an agent's folder on that machine.
///
/// Commands run as root in a mount namespace of their own, where the vault's name leads to the server and the machine's endpoint runs.
struct MachineGround: Sendable {
    let cluster: TestCluster
    let folder: AgentFolder
    let keys: String
    /// What the secret `agent-token` of the vault `team` holds.
    let token: String
    let machineKey: String

    /// Whether mount namespaces and other users can be had here.
    static let isPossible: Bool = {
        guard getuid() == 0 else { return false }
        let trial = try? ShortCommand.run(["unshare", "-m", "mount", "--bind", "/etc/hostname", "/etc/hostname"])
        return trial?.code == 0
    }()

    static func with(_ body: @Sendable @escaping (MachineGround) async throws -> Void) async throws {
        let keys = try ScratchFolder()
        defer { keys.remove() }
        // The service's user must be able to enter it.
        let place = "/tmp/roost-machine-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: place,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o755]
        )
        defer { try? FileManager.default.removeItem(atPath: place) }
        let files = try AuthorityFiles(in: keys.path, names: ["team.vault.test"])
        try await TestCluster.with(
            configure: { configuration in
                configuration.tlsCertificate = files.certificate
                configuration.tlsKey = files.key
                configuration.vaultSuffix = "vault.test"
            },
            { cluster in
                try await body(try await prepare(cluster, keys.path, place))
            }
        )
    }

    private static func prepare(_ cluster: TestCluster, _ keys: String, _ place: String) async throws -> MachineGround {
        let client = try RoostClient(
            url: cluster.address,
            credential: .personalToken(cluster.token),
            options: ClientOptions(userAgent: "test", authorityFile: "\(keys)/authority.pem")
        )
        let result: Result<(token: String, key: String), any Error>
        do { result = .success(try await fill(client, try cluster.defaultPool.id.rawValue)) } catch {
            result = .failure(error)
        }
        await client.close()
        let made = try result.get()
        let folder = try AgentFolder("\(place)/agent", copies: true)
        try made.key.write(toFile: "\(keys)/machine.key", atomically: true, encoding: .utf8)
        chmod("\(keys)/machine.key", 0o600)
        try "127.0.0.1 localhost\n127.0.0.1 team.vault.test\n"
            .write(toFile: "\(keys)/hosts", atomically: true, encoding: .utf8)
        // The agent's user reads the authority too.
        try FileManager.default.copyItem(atPath: "\(keys)/authority.pem", toPath: "\(place)/authority.pem")
        chmod("\(place)/authority.pem", 0o644)
        return MachineGround(cluster: cluster, folder: folder, keys: keys, token: made.token, machineKey: made.key)
    }

    /// An identity that may read one secret, a machine that has it, and the secret.
    private static func fill(_ client: RoostClient, _ pool: Int) async throws -> (token: String, key: String) {
        let token = try await client.createEnrollmentToken(pool: pool, EnrollmentTokenWire(uses: 5)).token
        var draft = DirectoryIdentityWire(name: "builders")
        draft.kind = IdentityKind.managedIdentity.rawValue
        draft.pools = [pool]
        let identity = try await client.createIdentity(draft)
        let machine = try await client.createMachine(
            MachineWire(name: "build-7", identities: ["builders"], from: ["127.0.0.0/8"])
        )
        let vault = try await client.createVault(VaultWire(name: "team"))
        _ = try await client.setSecret("agent-token", SecretWire(value: token), in: vault)
        let reader = try #require(identity.id).uuidString.lowercased()
        _ = try await client.grant(VaultWire.Grant(grantee: "identity:\(reader)", rights: ["get"]), in: "team")
        return (try #require(token), try #require(machine.key))
    }

    /// A client of an administrator, for a moment.
    func asAdministrator<Value: Sendable>(_ body: (RoostClient) async throws -> Value) async throws -> Value {
        let client = try RoostClient(
            url: cluster.address,
            credential: .personalToken(cluster.token),
            options: ClientOptions(userAgent: "test", authorityFile: "\(keys)/authority.pem")
        )
        do {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }

    /// Runs a command in the agent's folder, beside the machine's endpoint.
    func run(_ command: String) async throws -> (code: Int32, output: String) {
        let script = """
            mount --make-rprivate / && mount --bind "$KEYS/hosts" /etc/hosts || exit 99
            "$ROOST" machine endpoint --url "$URL" --key-file "$KEYS/machine.key" --cacert "$KEYS/authority.pem" \
                --environment-file "$KEYS/identity.env" >"$KEYS/endpoint.log" 2>&1 &
            endpoint=$!
            while ! [ -e "$KEYS/identity.env" ] && kill -0 $endpoint 2>/dev/null; do sleep 0.05; done
            [ -e "$KEYS/identity.env" ] || { cat "$KEYS/endpoint.log"; exit 98; }
            set -a; . "$KEYS/identity.env"; set +a
            export ROOST_CACERT=$PLACE/authority.pem ROOST_NO_SYSTEMD=1
            bash -c "$COMMAND"
            code=$?
            kill -TERM $endpoint; wait $endpoint 2>/dev/null
            exit $code
            """
        let place = URL(filePath: folder.path).deletingLastPathComponent().path
        return try await ChildProgram(
            executable: "/usr/bin/unshare",
            ["-m", "bash", "-c", script],
            environment: [
                "KEYS": keys, "URL": cluster.address, "ROOST": "\(ChildProgram.buildFolder)/roost", "COMMAND": command,
                "PLACE": place,
            ],
            folder: folder.path
        ).finished()
    }

    /// Processes whose command line has a text; this one's is no command line of an agent.
    func processes(of text: String) -> [Int] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int($0) } ?? []
        return all.filter { pid in
            guard pid != Int(getpid()), let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else {
                return false
            }
            let line = String(decoding: words, as: UTF8.self).replacing("\0", with: " ")
            return line.contains(text) && line.contains(folder.path)
        }
    }

    func environment(of pid: Int) -> String {
        String(decoding: FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data(), as: UTF8.self)
    }

    func owner(of path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.ownerAccountID] as? Int
    }
}
