import Foundation
import RoostClient
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Triggers in the settings, in place of the file's", .timeLimit(.minutes(6)))
struct TriggerOverrideTests {
    private static let yaml = [
        "azure-pipelines.yml": """
        trigger: none
        pr: [main]
        steps:
        - script: echo
        """
    ]

    private func change(_ ground: TriggerGround, _ triggers: [BuildTriggerWire]?) async throws -> BuildDefinitionWire {
        let client = ground.cluster.client
        var definition = try await client.definition(project: ground.project, id: ground.pipeline.id.rawValue)
        definition.triggers = triggers
        return try await client.updateDefinition(project: ground.project, definition)
    }

    private func push(_ ground: TriggerGround, _ file: String) async throws -> [String] {
        let before = try ground.repository.git("rev-parse", "HEAD")
        try ground.repository.commit([file: UUID().uuidString], "Change")
        return try await ground.push(before).outcomes
    }

    @Test("a definition says where its triggers come from, and takes them from the settings when told so")
    func definition() async throws {
        try await TriggerGround.with(Self.yaml) { ground in
            let first = try await self.change(ground, nil)
            #expect(first.triggers?.map(\.triggerType) == ["continuousIntegration", "pullRequest"])
            #expect(first.triggers?.map(\.settingsSourceType) == [2, 2])
            #expect(try await self.push(ground, "src/a") == ["skipped noTrigger"])
            let changed = try await self.change(
                ground,
                [
                    BuildTriggerWire(
                        triggerType: "continuousIntegration",
                        settingsSourceType: 1,
                        branchFilters: ["+refs/heads/main", "-refs/heads/wip"],
                        pathFilters: ["+src", "-src/doc"]
                    )
                ]
            )
            #expect(changed.triggers?.map(\.settingsSourceType) == [1])
            #expect(changed.triggers?.first?.branchFilters == ["+refs/heads/main", "-refs/heads/wip"])
            #expect(try await self.push(ground, "src/a") == ["queued pathIncluded"])
            #expect(try await self.push(ground, "src/doc/a") == ["skipped noPathIncluded"])
            let request = HookPayloads.gitHubPullRequest(head: try ground.repository.git("rev-parse", "HEAD"))
            #expect(try await ground.hook("pull_request", request).outcomes == ["skipped disabledBySettings"])
            let stored = try await ground.cluster.store.load().pipelines.first { $0.id == ground.pipeline.id }
            #expect(stored?.triggers.pushFilters?.paths == ["+src", "-src/doc"])
            // What a client read and sends back changes nothing.
            let again = try await self.change(ground, changed.triggers)
            #expect(again.triggers == changed.triggers)
            let file = try await self.change(ground, first.triggers)
            #expect(file.triggers == first.triggers)
            #expect(try await self.push(ground, "src/b") == ["skipped noTrigger"])
        }
    }

    @Test("a schedule in the settings is refused and not forgotten")
    func schedule() async throws {
        try await TriggerGround.with(Self.yaml) { ground in
            await #expect(throws: ClientError.self) {
                try await self.change(ground, [BuildTriggerWire(triggerType: "schedule", settingsSourceType: 1)])
            }
        }
    }

    @Test("the same by the settings of Roost; turning a kind on again has the file say it")
    func settings() async throws {
        try await TriggerGround.with(Self.yaml) { ground in
            // Without an agent the first run would be over at once.
            let agent = try await ground.agent()
            _ = try await agent.openSession()
            let client = ground.cluster.client
            let id = ground.pipeline.id.rawValue
            let filters = TriggerFiltersWire(branches: ["main", "-wip"], batch: true)
            let changed = try await client.updateTriggers(
                project: ground.project,
                pipeline: id,
                TriggerSettingsWire(pushFilters: filters)
            )
            #expect(changed.push == "branches main but not wip; batched")
            #expect(changed.settings?.pushFilters?.branches == ["main", "-wip"])
            #expect(try await self.push(ground, "a") == ["queued branchIncluded"])
            #expect(try await self.push(ground, "a") == ["held runActive"])
            let file = try await client.updateTriggers(
                project: ground.project,
                pipeline: id,
                TriggerSettingsWire(push: true)
            )
            #expect(file.push == "none")
            await agent.close()
        }
    }
}
