import Foundation
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import Testing

@Suite("What goes over the wire", .timeLimit(.minutes(6)))
struct WireCaptureTests {
    private static let secret = "sesame-7f3a91-open"
    private static let yaml = """
        steps:
        - checkout: none
        - bash: |
            # the-recipe-nobody-may-read
            test "$PASSWORD" = \(secret) && echo "it is $PASSWORD"
            echo done
          env: { PASSWORD: $(password) }
          displayName: use it
        """

    /// TLS is off: session encryption and masking alone keep the job's content from who listens.
    @Test("an agent that another program runs follows its server to a new address")
    func newAddress() async throws {
        let yaml = "steps:\n- checkout: none\n- bash: echo ran\n"
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            try await cluster.withRealAgent {
                let run = try await cluster.queue(pipeline)
                #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            }
            let port = try #require(URL(string: cluster.address)?.port)
            let tap = try await WireTap.start(target: port)
            try await cluster.withRealAgent(url: "http://127.0.0.1:\(tap.port)/") {
                let run = try await cluster.queue(pipeline)
                #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
            }
            #expect(!tap.bytes.toServer.isEmpty)
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).count == 1)
            try await tap.stop()
        }
    }

    @Test(
        "without TLS neither secrets nor scripts of a job can be read by who listens, nor its token when it is handed out"
    )
    func capture() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let tap = try await WireTap.start(target: cluster.app.port)
            let runner = AgentRunner(
                folder: "\(cluster.folder.path)/agent",
                name: "tapped",
                pool: "Default",
                serverURL: "http://127.0.0.1:\(tap.port)/",
                program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
                grace: .zero
            )
            try await runner.configure(token: cluster.token)
            let agent = Task { try await runner.run() }
            let pipeline = try await cluster.pipeline(repository)
            let password = PipelineVariable(value: Self.secret, isSecret: true)
            let run = try await cluster.queue(pipeline, variables: ["password": password])
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            agent.cancel()
            _ = await agent.result
            try await tap.stop()

            let bytes = tap.bytes
            // The capture is of this job: what the step wrote is in it, with the secret masked.
            #expect(bytes.toServer.range(of: Data("it is ***".utf8)) != nil)
            #expect(bytes.fromServer.range(of: Data("PipelineAgentJobRequest".utf8)) != nil)
            for text in [Self.secret, "the-recipe-nobody-may-read", Data(Self.secret.utf8).base64EncodedString()] {
                #expect(bytes.toServer.range(of: Data(text.utf8)) == nil, "'\(text)' went to the server")
                #expect(bytes.fromServer.range(of: Data(text.utf8)) == nil, "'\(text)' came from the server")
            }
            // The token is part of the encrypted message; the agent shows it to the server alone.
            let tokens = Self.bearerTokens(bytes.toServer)
            #expect(tokens.count >= 2)
            let jobTokens = tokens.filter { Self.audience($0)?.contains("job") ?? false }
            #expect(!jobTokens.isEmpty)
            for token in jobTokens { #expect(bytes.fromServer.range(of: Data(token.utf8)) == nil) }
        }
    }

    private static func bearerTokens(_ bytes: Data) -> Set<String> {
        let text = String(decoding: bytes, as: UTF8.self)
        return Set(text.matches(of: #/[Aa]uthorization: Bearer ([^\r\n]+)/#).map { String($0.output.1) })
    }

    /// The claims of a token, as text.
    private static func audience(_ token: String) -> String? {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var body = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        while body.count % 4 != 0 { body += "=" }
        return Data(base64Encoded: String(body)).map { String(decoding: $0, as: UTF8.self) }
    }
}
