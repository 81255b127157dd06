import Foundation
import Glibc
import RoostModel
import RoostServer
import RoostTesting
import Testing

extension AgentFolder {
    /// The agent runs a job although its credential is gone, and holds no trace of it, also not in base 64.
    ///
    /// - Parameters:
    ///   - cluster: its server.
    ///   - secrets: what it was registered with.
    ///   - binary: the same where it is no text.
    ///   - environment: what its program inherits all the same.
    /// - Throws: when it does not start, or its job is lost.
    func expectIndependence(
        _ cluster: TestCluster,
        of secrets: [String],
        binary: [Data] = [],
        environment: [String: String] = [:]
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- bash: echo it runs\n"])
        defer { repository.remove() }
        let wanted = secrets.flatMap(SecretForms.all).map { Data($0.utf8) } + binary
        #expect(!secrets.isEmpty && wanted.allSatisfy { $0.count >= 16 })
        for bytes in wanted { #expect(files(with: bytes) == []) }
        let agent = try await run(environment: environment)
        let run = try await cluster.queue(try await cluster.pipeline(repository))
        #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
        for bytes in wanted { #expect(files(with: bytes) == []) }
        if getuid() == 0 {
            let traces = ProcessTraces(of: agent.pid)
            #expect(try traces.places(of: wanted) == [])
            // The search finds what is there.
            #expect(try traces.places(of: path).contains("memory of \(agent.pid)"))
        }
        agent.send(SIGTERM)
        #expect(await agent.end() == 0)
    }
}
