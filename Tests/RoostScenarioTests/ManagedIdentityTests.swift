import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// Microsoft's `ManagedIdentityCredential` against the endpoint of a machine, whose tokens are used at the server and its vault.
@Suite(
    "A machine's identity in programs of Azure",
    .enabled(if: MachineGround.isPossible, "needs root, and namespaces"),
    .timeLimit(.minutes(5))
)
struct ManagedIdentityTests {
    private static let shapes = ["instance metadata", "app service", "app service of 2017", "cloud shell"]

    @Test("each shape gives tokens of the first identity and of a named one, which the server and its vault take")
    func everyShape() async throws {
        try await MachineGround.with { ground in
            let environment = try await Self.prepare(ground)
            let seen = try await Self.python("all", ground, environment)
            #expect(seen["default"] as? String == "enroller:builders")
            for shape in Self.shapes {
                let own = try #require(seen[shape] as? [String: Any])
                for name in ["api", "again"] { #expect(own[name] as? String == "enroller:builders", "\(shape)") }
                #expect(own["secret"] as? String == ground.token, "\(shape)")
                let chosen = try #require(own["chosen"] as? [String: String])
                // Cloud Shell has one identity and no name for others.
                #expect(chosen.count == (shape == "cloud shell" ? 0 : 3), "\(shape)")
                #expect(chosen.values.allSatisfy { $0 == "identity:second" }, "\(shape): \(chosen)")
                try Self.checkRefusals(shape, try #require(own["refused"] as? [String: Any]))
            }
        }
    }

    private static func checkRefusals(_ shape: String, _ refused: [String: Any]) throws {
        // A token for something else is no key to the server and its vault.
        #expect(refused["other resource"] as? Int == 401, "\(shape): \(refused)")
        var wanted = [
            "vault of another": "The token is meant for", "no resource": "is no resource that a token can be for",
        ]
        if shape != "cloud shell" {
            wanted["stranger"] = "is not assigned to the machine"
            wanted["without right"] = "may not"
        }
        if shape.hasPrefix("app service") { wanted["wrong header"] = "X-IDENTITY-HEADER is wrong" }
        for (name, words) in wanted {
            let said = try #require(refused[name] as? String)
            #expect(said.contains(words), "\(shape), \(name): \(said)")
        }
    }

    @Test("a job, a process in a container and another user are refused in each shape, with the reason")
    func callers() async throws {
        try await MachineGround.with { ground in
            let environment = try await Self.prepare(ground)
            let place = "\(ground.keys)/job"
            // As a job's process has it: a listener above it.
            let job = "mkdir \(place) && cp $(command -v bash) \(place)/roost-agent && \(place)/roost-agent -c"
            let callers = [
                (job + " \"PROGRAM; true\"", "a job may not use the machine's identity"),
                ("unshare -m PROGRAM", "a process in a container may not use the machine's identity"),
            ]
            for (command, words) in callers {
                let seen = try await Self.python("refused", ground, environment, command)
                for shape in Self.shapes {
                    let said = try #require(seen[shape] as? String)
                    #expect(said.contains(words), "\(shape): \(said)")
                }
            }
        }
    }

    // MARK: What both need

    /// A second identity of the machine that may see, and not read the vault; one that is no machine's.
    private static func prepare(_ ground: MachineGround) async throws -> [String: String] {
        let (second, stranger) = try await ground.asAdministrator { client in
            var made: [DirectoryIdentityWire] = []
            for name in ["second", "stranger"] {
                var draft = DirectoryIdentityWire(name: name, scopes: ["vso.project", "vso.secrets"])
                draft.kind = IdentityKind.managedIdentity.rawValue
                made.append(try await client.createIdentity(draft))
            }
            _ = try await client.assignIdentities(["builders", "second"], to: "build-7")
            return (made[0], made[1])
        }
        let port = try #require(URL(string: ground.cluster.address)?.port)
        return [
            "ROOST_URL": ground.cluster.address, "ROOST_VAULT": "https://team.vault.test:\(port)",
            "ROOST_SECOND": try #require(second.clientId).uuidString.lowercased(),
            "ROOST_SECOND_OBJECT": try #require(second.id).uuidString.lowercased(),
            "ROOST_STRANGER": try #require(stranger.clientId).uuidString.lowercased(),
            "REQUESTS_CA_BUNDLE": "\(ground.keys)/authority.pem",
        ]
    }

    /// Runs the program on the machine; `PROGRAM` stands for it in a command.
    private static func python(
        _ what: String,
        _ ground: MachineGround,
        _ environment: [String: String],
        _ command: String = "PROGRAM"
    ) async throws -> [String: Any] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let interpreter = tests.deletingLastPathComponent().appending(path: ".build/python/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: interpreter) else {
            throw TestFailure("There is no \(interpreter); 'scripts/install-python' makes it.")
        }
        let variables = environment.map { "export \($0.key)='\($0.value)'" }.joined(separator: "\n")
        let script = "\(ground.keys)/\(what).sh"
        let program = "\(interpreter) \(tests.appending(path: "Clients/managed_identity.py").path) \(what)"
        try "\(variables)\n\(program)\n".write(toFile: script, atomically: true, encoding: .utf8)
        let done = try await ground.run(command.replacing("PROGRAM", with: "bash \(script)"))
        guard let start = done.output.firstIndex(of: "{"),
            let seen = try? JSONSerialization.jsonObject(with: Data(done.output[start...].utf8)) as? [String: Any]
        else { throw TestFailure("managed_identity.py ended with \(done.code):\n\(done.output)") }
        return seen
    }
}
