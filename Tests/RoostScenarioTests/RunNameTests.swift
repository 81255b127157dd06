import RoostModel
import RoostServer
import RoostTesting
import Testing

@Suite("Names of runs")
struct RunNameTests {
    @Test("counters count for the name, once for each run, and the run keeps the value")
    func counters() async throws {
        let yaml = """
            name: $(major).$(minor)$(Rev:.r)
            variables:
              major: 2
              minor: $[counter(variables['major'], 5)]
            steps:
            - script: echo $(minor)
            """
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let numbers = [try await cluster.queue(pipeline).number, try await cluster.queue(pipeline).number]
            #expect(numbers == ["2.5.1", "2.6.1"])
        }
    }

    @Test("the revision rises while the rest of the name is the same")
    func revisions() async throws {
        let yaml = "name: $(Build.DefinitionName)_$(SourceBranchName)_$(Rev:rr)\nsteps:\n- script: echo\n"
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(repository)
            let numbers = [try await cluster.queue(pipeline).number, try await cluster.queue(pipeline).number]
            #expect(numbers == ["ci_main_01", "ci_main_02"])
        }
    }
}
