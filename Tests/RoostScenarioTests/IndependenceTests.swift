import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

@Suite("An agent without the credential it came with", .timeLimit(.minutes(6)))
struct IndependenceTests {
    @Test(
        "holds no trace of it, nor of any token it was exchanged for, and runs a job when all of that is taken away",
        arguments: EnrollmentCredential.Kind.allCases
    )
    func independence(of kind: EnrollmentCredential.Kind) async throws {
        try await TestCluster.with { cluster in
            let tap = try await WireTap.start(target: cluster.app.port)
            let credential = try await EnrollmentCredential.make(kind, cluster)
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            try await Self.register(folder, with: credential, at: "http://127.0.0.1:\(tap.port)/")
            let tokens = Self.tokens(tap.bytes)
            #expect(!tokens.isEmpty, "no credential went over the wire")
            let agents = try cluster.plane.agents(in: cluster.defaultPool.id)
            #expect(agents.map(\.agent.name) == ["one"])
            try await credential.revoke()
            // Its program inherits what a machine's environment has all the same.
            let left = kind == .machine ? [:] : credential.environment
            try await folder.expectIndependence(
                cluster,
                of: credential.secrets + tokens,
                binary: credential.binary,
                environment: left
            )
            let gone = try await folder.configure(["remove", "--unattended"])
            #expect(gone.code == 0, "\(gone.output)")
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).isEmpty)
            try await tap.stop()
        }
    }

    private static func register(
        _ folder: AgentFolder,
        with credential: EnrollmentCredential,
        at url: String
    ) async throws {
        let arguments = ["--unattended", "--url", url, "--pool", "Default", "--agent", "one"] + credential.arguments
        let program = try folder.start("config.sh", arguments, credential.environment)
        if let confirm = credential.confirm {
            try await program.line(with: "/device")
            let words = program.lines.joined(separator: " ").split { " .,'\"\n".contains($0) }.map(String.init)
            try confirm(try #require(words.last { $0.wholeMatch(of: /[A-Z0-9]{4}-[A-Z0-9]{4}/) != nil }))
        }
        let done = await program.finished()
        guard done.code == 0 else { throw TestFailure("the agent was not registered: \(done.output)") }
    }

    /// Everything the program showed the server or got from it as a credential.
    private static func tokens(_ record: WireTap.Record) -> [String] {
        let texts = [record.toServer, record.fromServer].map { String(decoding: $0, as: UTF8.self) }
        let signed = texts.flatMap { text in
            text.matches(of: /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/).map { String($0.output) }
        }
        let named = texts.flatMap { text in
            text.matches(of: /"(?:refresh_token|device_code|access_token)"\s*:\s*"([^"]{16,})"/).map {
                String($0.output.1)
            }
        }
        let shown = texts[0].matches(of: /(?i)authorization: *(?:basic|bearer) +([^\s]{16,})/).map {
            String($0.output.1)
        }
        return Array(Set(signed + named + shown))
    }
}
