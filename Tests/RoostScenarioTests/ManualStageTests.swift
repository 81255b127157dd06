import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostStore
import RoostTesting
import RoostWire
import Testing

@Suite("Stages that people start, skip and cancel", .timeLimit(.minutes(6)))
struct ManualStageTests {
    private static let yaml = """
        stages:
        - stage: Build
          jobs:
          - job: Make
            steps: [ { checkout: none }, { bash: echo made } ]
        - stage: Production
          trigger: manual
          isSkippable: false
          jobs:
          - job: Ship
            steps: [ { checkout: none }, { bash: echo shipped } ]
        - stage: Mail
          trigger: manual
          dependsOn: Build
          jobs:
          - job: Send
            steps: [ { checkout: none }, { bash: echo sent } ]
        """

    private static func with(_ body: @Sendable @escaping (TestCluster, Pipeline) async throws -> Void) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent { try await body(cluster, try await cluster.pipeline(repository)) }
        }
    }

    private static func roost(_ cluster: TestCluster, _ arguments: String...) async throws -> (Int32, String) {
        try await ChildProgram(
            "roost",
            arguments,
            environment: [
                "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "HOME": cluster.folder.path,
            ],
            folder: cluster.folder.path
        ).finished()
    }

    @Test("a run waits for people, says so, and goes on as they say")
    func people() async throws {
        try await Self.with { cluster, pipeline in
            let run = try await cluster.queue(pipeline)
            let early = try await Self.roost(cluster, "run", "start-stage", "\(run.id)", "Prodction")
            #expect(early.0 != 0 && early.1.contains("Did you mean 'Production'?"), "\(early.1)")
            try await cluster.until(run.id) { _ in cluster.plane.stagesToStart(in: run.id).count == 2 }
            let reason = try await cluster.client.build(run.id.rawValue).waitReason
            #expect(reason == "Stage 'Production': It waits for a person to start it.")
            let shown = try await Self.roost(cluster, "run", "show", "\(run.id)")
            #expect(shown.1.contains("It waits for a person to start it."), "\(shown.1)")

            let kept = try await Self.roost(cluster, "run", "skip-stage", "\(run.id)", "Production")
            #expect(kept.0 != 0 && kept.1.contains("'isSkippable: false' forbids it"), "\(kept.1)")
            let wrong = try await Self.roost(cluster, "run", "start-stage", "\(run.id)", "Build")
            #expect(wrong.0 != 0 && wrong.1.contains("it has ended: succeeded"), "\(wrong.1)")

            let skipped = try await Self.roost(cluster, "run", "skip-stage", "\(run.id)", "mail")
            #expect(skipped.0 == 0, "\(skipped.1)")
            let started = try await Self.roost(cluster, "run", "start-stage", "\(run.id)", "Production")
            #expect(started.0 == 0 && started.1.contains("Stage 'Production'"), "\(started.1)")
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            let output = try await cluster.output(of: run.id)
            #expect(output.contains("shipped") && !output.contains("sent"))
            #expect(view.run.stageRequests.map(\.kind) == [.skip, .start])
            #expect(try await cluster.store.run(run.id)?.stageRequests == view.run.stageRequests)
            let late = try await Self.roost(cluster, "run", "start-stage", "\(run.id)", "Mail")
            #expect(late.0 != 0 && late.1.contains("the run \(run.number) has ended"), "\(late.1)")
        }
    }

    @Test("one stage is canceled, the run ends as canceled")
    func cancel() async throws {
        try await Self.with { cluster, pipeline in
            let run = try await cluster.queue(pipeline)
            try await cluster.until(run.id) { _ in cluster.plane.stagesToStart(in: run.id).count == 2 }
            for stage in ["Production", "Mail"] {
                let done = try await Self.roost(cluster, "run", "cancel", "\(run.id)", "--stage", stage)
                #expect(done.0 == 0, "\(done.1)")
            }
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.canceled))
            #expect(
                view.records.flatMap(\.issues).map(\.message) == [
                    "admin canceled the stage 'Production'.", "admin canceled the stage 'Mail'.",
                ]
            )
        }
    }

    @Test("stages to skip must be there and skippable when a run is queued")
    func queue() async throws {
        try await Self.with { cluster, pipeline in
            for (name, problem) in [
                ("Bild", "Did you mean 'Build'?"), ("Production", "'isSkippable: false' forbids it"),
            ] {
                let asked = try await Self.roost(cluster, "run", "queue", "ci", "--stages-to-skip", name)
                #expect(asked.0 != 0 && asked.1.contains(problem), "\(asked.1)")
            }
        }
    }

    @Test("without a server a manual stage runs only when it is named")
    func local() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        func run(_ arguments: String...) async throws -> (Int32, String) {
            try await ChildProgram(
                "roost",
                ["run", "azure-pipelines.yml"] + arguments,
                environment: ["HOME": repository.path],
                folder: repository.path
            ).finished()
        }
        let plain = try await run()
        #expect(plain.0 == 0 && !plain.1.contains("shipped") && plain.1.contains("--start-stage"), "\(plain.1)")
        let named = try await run("--start-stage", "Production")
        #expect(named.0 == 0 && named.1.contains("shipped") && !named.1.contains("sent"), "\(named.1)")
        let unknown = try await run("--start-stage", "Nowhere")
        #expect(unknown.0 != 0 && unknown.1.contains("There is no stage 'Nowhere'"), "\(unknown.1)")
    }
}
