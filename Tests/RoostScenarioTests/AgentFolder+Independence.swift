import Foundation
import Glibc
import RoostModel
import RoostServer
import RoostTesting
import Testing

extension AgentFolder {
    /// The agent runs a job although its credential is gone, and holds no trace of it.
    ///
    /// - Parameters:
    ///   - cluster: its server.
    ///   - secrets: what it was registered with.
    ///   - environment: what its program inherits all the same.
    /// - Throws: when it does not start, or its job is lost.
    func expectIndependence(
        _ cluster: TestCluster,
        of secrets: [String],
        environment: [String: String] = [:]
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- bash: echo it runs\n"])
        defer { repository.remove() }
        for secret in secrets { #expect(files(with: secret) == []) }
        let agent = try await run(environment: environment)
        let run = try await cluster.queue(try await cluster.pipeline(repository))
        #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
        if getuid() == 0 {
            let traces = ProcessTraces(of: agent.pid)
            for secret in secrets { #expect(try traces.places(of: secret) == []) }
        }
        agent.send(SIGTERM)
        #expect(await agent.end() == 0)
    }
}
