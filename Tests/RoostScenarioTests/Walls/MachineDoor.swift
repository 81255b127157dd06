import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostTesting
import RoostWire

/// The metadata endpoint of a machine that has an identity, with the agents' user among those it answers.
struct MachineDoor {
    let url: String
    private let program: ChildProgram
    private let folder: ScratchFolder

    /// Nil for a user who is not root: an endpoint finds out who asks by what root alone may see.
    static func open(_ ground: WallGround) async throws -> MachineDoor? {
        guard getuid() == 0 else { return nil }
        let folder = try ScratchFolder()
        var draft = DirectoryIdentityWire(name: "builders")
        draft.kind = IdentityKind.managedIdentity.rawValue
        draft.pools = [try ground.cluster.defaultPool.id.rawValue]
        _ = try await ground.cluster.client.createIdentity(draft)
        let machine = try await ground.cluster.client.createMachine(
            MachineWire(name: "build-7", identities: ["builders"], from: ["127.0.0.0/8"])
        )
        try folder.write("\(machine.key ?? "")\n", to: "machine.key", mode: 0o600)
        let words = ["machine", "endpoint", "--url", ground.cluster.address, "--key-file", "machine.key"]
        let program = try ChildProgram("roost", words + ["--allow-user", "nobody"], folder: folder.path)
        try await program.line(with: "AZURE_POD_IDENTITY_AUTHORITY_HOST=")
        let line = program.lines.first { $0.hasPrefix("AZURE_POD_IDENTITY_AUTHORITY_HOST=") } ?? ""
        let door = MachineDoor(url: String(line.drop { $0 != "=" }.dropFirst()), program: program, folder: folder)
        guard try await door.answers() else { throw TestFailure("the endpoint gives nobody a token: \(program.lines)") }
        return door
    }

    /// Whether root itself gets a token.
    private func answers() async throws -> Bool {
        let path = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api"
        let (_, output) = try await ShortCommand.runAside(["curl", "-s", "-H", "Metadata: true", "\(url)\(path)"])
        return String(decoding: output, as: UTF8.self).contains("access_token")
    }

    func close() {
        program.send(SIGTERM)
        folder.remove()
    }
}
