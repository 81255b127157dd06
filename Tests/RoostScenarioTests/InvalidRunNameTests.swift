import RoostModel
import RoostServer
import RoostTesting
import Testing

@Suite("Names that runs cannot have")
struct InvalidRunNameTests {
    @Test("a run whose name has a forbidden character is called by its id, and says why")
    func forbidden() async throws {
        let yaml = "name: $(Build.SourceBranch)\nsteps:\n- script: echo\n"
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let run = try await cluster.queue(pipeline)
            #expect(run.number == run.id.description)
            let message = try #require(run.issues.first { $0.kind == .error }).message
            #expect(message.contains("azure-pipelines.yml:1:7: The build number format string '$(Build.SourceBranch)'"))
            #expect(message.contains("'refs/heads/main' which contains the invalid character '/'"))
            let kept = try await cluster.plane.run(run.id).run
            #expect(kept.issues.map(\.message).contains(message), "the run keeps it")
        }
    }

    @Test(
        "the subject of the commit stands behind the number, unless the file says otherwise",
        arguments: [true, false]
    )
    func subject(_ isWanted: Bool) async throws {
        let key = isWanted ? "" : "appendCommitMessageToRunName: false\n"
        let yaml = "name: one\n\(key)steps:\n- script: echo\n"
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let run = try await cluster.queue(pipeline)
            #expect(run.number == "one")
            let subject = try #require(run.sourceVersionMessage.split(separator: "\n").first)
            #expect(run.title == (isWanted ? "one • \(subject)" : "one"))
            #expect(try await cluster.plane.run(run.id).run.title == run.title)
        }
    }
}
