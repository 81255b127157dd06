import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// `install.sh VAULT SECRET POOL AGENT USER` as root of a machine whose identity may read the secret.
@Suite(
    "A machine that sets itself up",
    .serialized,
    .enabled(if: MachineGround.isPossible, "needs root, and namespaces"),
    .timeLimit(.minutes(5))
)
struct InstallTests {
    @Test("five arguments bring an agent online under the given name, and nothing of the credentials stays")
    func install() async throws {
        try await MachineGround.with { ground in
            let done = try await ground.run("./install.sh team agent-token Default build-7 nobody && ./svc.sh status")
            #expect(done.code == 0, "\(done.output)")
            #expect(done.output.contains("The agent 'build-7' is online in the pool 'Default'."))
            #expect(done.output.contains("of nobody."))
            let agents = try ground.cluster.plane.agents(in: try ground.cluster.defaultPool.id)
            #expect(agents.map(\.agent.name) == ["build-7"] && agents.allSatisfy(\.online))
            #expect(ground.folder.files(with: ground.token) == [])
            #expect(ground.folder.files(with: ground.machineKey) == [])
            let listener = try #require(ground.processes(of: "roost-agent run").first)
            #expect(try ProcessTraces(of: pid_t(listener)).places(of: ground.token) == [])
            #expect(!ground.environment(of: listener).contains("IDENTITY_HEADER"))
            let reads = try await ground.cluster.plane.auditEvents(limit: 100, before: nil)
            #expect(
                reads.contains { $0.action == "secret.get" && $0.actor == "identity:builders" },
                "\(reads.map(\.action))"
            )
            #expect(reads.contains { $0.action == "machine.token" })
            let gone = try await ground.run(
                "./svc.sh stop && ./svc.sh uninstall && setpriv --reuid=nobody --regid=$(id -g nobody) --init-groups ./config.sh remove"
            )
            #expect(gone.code == 0, "\(gone.output)")
            #expect(ground.processes(of: ground.folder.path) == [])
        }
    }

    @Test("a machine without the identity is refused, and nothing is left behind")
    func refused() async throws {
        try await MachineGround.with { ground in
            let reader = try await ground.asAdministrator { client in
                let reader = try #require(try await client.identity("builders").id).uuidString.lowercased()
                return try await client.grant(VaultWire.Grant(grantee: "identity:\(reader)", rights: []), in: "team")
            }
            #expect(reader.name == "team")
            let noRight = try await ground.run("./install.sh team agent-token Default build-7 nobody")
            #expect(noRight.code == 1, "\(noRight.output)")
            #expect(noRight.output.contains("the token could not be read"))
            _ = try await ground.asAdministrator { try await $0.assignIdentities([], to: "build-7") }
            let noIdentity = try await ground.run("./install.sh team agent-token Default build-7 nobody")
            #expect(noIdentity.code == 1)
            #expect(noIdentity.output.contains("has no identity"), "\(noIdentity.output)")
            #expect(ground.folder.added == [])
            #expect(ground.owner(of: ground.folder.path) == 0)
            let agents = try ground.cluster.plane.agents(in: try ground.cluster.defaultPool.id)
            #expect(agents.isEmpty)
            #expect(ground.processes(of: ground.folder.path) == [])
        }
    }

    @Test("wrong use is told apart: not root, not five arguments, no such user")
    func wrongUse() async throws {
        try await MachineGround.with { ground in
            let four = try await ground.run("./install.sh team agent-token Default build-7")
            #expect(four.code == 64 && four.output.contains("five arguments are needed, and there are 4"))
            let stranger = try await ground.run("./install.sh team agent-token Default build-7 nobody-at-all")
            #expect(stranger.code == 1 && stranger.output.contains("there is no user 'nobody-at-all'"))
            let plain = try await ground.run(
                "setpriv --reuid=nobody --clear-groups ./install.sh team agent-token Default build-7 nobody"
            )
            #expect(plain.code == 77 && plain.output.contains("must run as root"), "\(plain.output)")
            #expect(ground.folder.added == [])
        }
    }

    @Test("a secret that is no token, or for another pool, undoes the installation")
    func undone() async throws {
        try await MachineGround.with { ground in
            try await ground.cluster.plane.createPool(name: "Other", by: .system)
            let other = try await ground.run("./install.sh team agent-token Other build-7 nobody")
            #expect(other.code == 1, "\(other.output)")
            #expect(other.output.contains("not for the pool 'Other' but for 'Default'"), "\(other.output)")
            #expect(ground.folder.added == [])
            #expect(ground.owner(of: ground.folder.path) == 0)
            #expect(ground.processes(of: ground.folder.path) == [])
        }
    }

    // MARK: The endpoint

    @Test("the endpoint answers root of the machine, and no other user, container or job, proxy or careless request")
    func endpoint() async throws {
        try await MachineGround.with { ground in
            let curl = "curl -sS -w '%{http_code}'"
            let instance = "$AZURE_POD_IDENTITY_AUTHORITY_HOST/metadata/identity/oauth2/token?api-version=2018-02-01"
            let ask = "\(curl) -H Metadata:true \"\(instance)&resource=https://vault.test\""
            func expect(_ wanted: String, _ command: String) async throws {
                let done = try await ground.run(command)
                #expect(String(done.output.suffix(3)) == wanted, "\(command): \(done.output)")
            }
            try await expect("200", ask)
            try await expect("403", "setpriv --reuid=nobody --clear-groups \(ask)")
            try await expect("403", "unshare -m \(ask)")
            try await expect("400", "\(ask) -H 'X-Forwarded-For: 10.0.0.1'")
            try await expect("400", ask.replacing("-H Metadata:true", with: ""))
            try await expect("400", ask.replacing("&resource", with: "&client_id=\(UUID().uuidString)&resource"))
            let form =
                "\(curl) \"$IDENTITY_ENDPOINT?api-version=2019-08-01&resource=https://vault.test\" -H X-IDENTITY-HEADER:"
            try await expect("200", form + "$IDENTITY_HEADER")
            try await expect("401", form + "wrong")
            // As a job's process has it: a listener above it.
            let place = "\(ground.keys)/job"
            try ask.write(toFile: "\(ground.keys)/ask.sh", atomically: true, encoding: .utf8)
            let job =
                "mkdir \(place) && cp $(command -v bash) \(place)/roost-agent && "
                + "\(place)/roost-agent -c 'bash \(ground.keys)/ask.sh; true'; rm -r \(place)"
            try await expect("403", job)
        }
    }
}
