import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

@Suite("Repositories beside the pipeline's own", .timeLimit(.minutes(6)))
struct RepositoryResourceTests {
    private static let yaml = """
        resources:
          repositories:
          - repository: templates
            type: git
            name: Shared/templates
          - repository: tools
            type: github
            name: octo/tools
            ref: refs/tags/v1
        extends:
          template: base.yml@templates
          parameters:
            word: hello
        """
    private static let base = """
        parameters:
        - name: word
          type: string
        jobs:
        - job: One
          steps:
          - checkout: self
          - checkout: tools
          - template: steps/say.yml
            parameters: { word: '${{ parameters.word }}' }
        """
    private static let say = """
        parameters:
        - name: word
        steps:
        - script: echo ${{ parameters.word }} first
        """

    /// A pipeline, its templates and its tools, each in a repository of its own, and a map that says where they are.
    private static func with(
        _ body:
            @escaping @Sendable (TestCluster, Pipeline, _ templates: ScratchRepository, _ tools: ScratchRepository)
            async throws -> Void
    ) async throws {
        let own = try ScratchRepository(["azure-pipelines.yml": yaml])
        let templates = try ScratchRepository(["base.yml": base, "steps/say.yml": say])
        let tools = try ScratchRepository(["tool": "1"])
        try tools.git("tag", "v1")
        defer { for repository in [own, templates, tools] { repository.remove() } }
        try templates.folder.write(
            "Shared/* = \(templates.path)\ngithub:octo/tools = \(tools.path)\n",
            to: "repository-map"
        )
        try await TestCluster.with(configure: { $0.repositoryMap = "\(templates.path)/repository-map" }) { cluster in
            try await body(cluster, try await cluster.pipeline(own), templates, tools)
        }
    }

    @Test("templates come from other repositories, and the run records every file and the exact commits")
    func templates() async throws {
        try await Self.with { cluster, pipeline, templates, tools in
            let run = try await cluster.queue(pipeline)
            #expect(run.sources.files == ["azure-pipelines.yml", "base.yml@templates", "steps/say.yml@templates"])
            #expect(run.sources.repositories.map(\.alias) == ["templates", "tools"])
            #expect(
                run.sources.repositories.map(\.version) == [
                    try templates.git("rev-parse", "HEAD"), try tools.git("rev-parse", "HEAD"),
                ]
            )
            #expect(run.sources.repositories.map(\.ref) == ["refs/heads/main", "refs/tags/v1"])
            #expect(try await cluster.plane.run(run.id).run.sources == run.sources)
            let stored = try await cluster.store.run(run.id)
            #expect(stored?.sources == run.sources)
        }
    }

    @Test("a job that checks out a repository by its alias is given its URL and commit")
    func checkout() async throws {
        try await Self.with { cluster, pipeline, _, tools in
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "one"
            )
            let session = try await agent.openSession()
            _ = try await cluster.queue(pipeline)
            let job = try await agent.takeJob(session)
            let repository = try #require(job.resources?.repositories?.first { $0.alias == "tools" })
            #expect(repository.url == tools.path)
            #expect(repository.properties?.version == (try tools.git("rev-parse", "HEAD")))
            await agent.close()
        }
    }

    @Test("a run that is repeated takes the commits of the former one, though the repositories moved on")
    func rerun() async throws {
        try await Self.with { cluster, pipeline, templates, _ in
            let first = try await cluster.queue(pipeline)
            try templates.commit(["steps/say.yml": Self.say.replacing("first", with: "second")], "second")
            let again = try await cluster.plane.rerun(first.id, by: .system)
            #expect(again.sources == first.sources)
            #expect(again.plan.finalYAML.contains("hello first"))
            let fresh = try await cluster.queue(pipeline)
            #expect(fresh.plan.finalYAML.contains("hello second"))
            #expect(fresh.sources != first.sources)
        }
    }

    @Test("a request may pin a repository; the answer names all of them")
    func pins() async throws {
        try await Self.with { cluster, pipeline, templates, _ in
            let old = try templates.git("rev-parse", "HEAD")
            try templates.commit(["steps/say.yml": Self.say.replacing("first", with: "second")], "second")
            let project = pipeline.project.description
            let run = try await cluster.client.runPipeline(
                project: project,
                pipeline: pipeline.id.rawValue,
                RunPipelineParametersWire(
                    resources: RunResourcesWire(repositories: ["templates": RepositoryParametersWire(version: old)])
                )
            )
            #expect(run.resources?.repositories?["templates"]?.version == old)
            #expect(run.resources?.repositories?["self"]?.version?.count == 40)
            #expect(run.finalYaml?.contains("hello first") == true)
        }
    }

    @Test("what cannot be had is named with its alias, its place and the chain of templates; all of it at once")
    func problems() async throws {
        try await Self.with { cluster, pipeline, templates, tools in
            templates.remove()
            let error = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            // The map is gone with the folder.
            #expect(error?.summary.contains("repository-map") == true)
            try FileManager.default.createDirectory(atPath: templates.path, withIntermediateDirectories: true)
            try templates.folder.write("Shared/* = \(templates.path)/none\n", to: "repository-map")
            let second = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            let text = second?.summary ?? ""
            #expect(text.contains("azure-pipelines.yml:11:13"))
            #expect(text.contains("/base.yml cannot be read from repository Shared/templates"))
            #expect(text.contains("\(templates.path)/none: there is no such folder"))
        }
    }

    @Test("a name that leads nowhere says what to do")
    func unknown() async throws {
        let yaml = """
            resources:
              repositories:
              - repository: other
                type: githubenterprise
                name: a/b
            steps:
            - checkout: other
            - checkout: git://Nowhere/thing@main
            """
        let own = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { own.remove() }
        try await TestCluster.with { cluster in
            let pipeline = try await cluster.pipeline(own)
            let error = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            #expect(error?.summary.contains("nothing says where 'a/b' of type 'githubenterprise' is") == true)
            #expect(error?.summary.contains("nothing says where 'Nowhere/thing' of type 'git' is") == true)
        }
    }
}
