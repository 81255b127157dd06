import Foundation
import Glibc
import RoostAgent
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite(
    "Container jobs from the file to the agent",
    .enabled(if: BoxStore.isPossible, "podman and busybox are needed"),
    .timeLimit(.minutes(6))
)
struct ContainerScenarioTests {
    private static let yaml = """
        resources:
          containers:
          - container: box
            image: localhost/box:1
            env: { GREETING: "hello from $(place)" }
        variables: { place: inside }
        jobs:
        - job: First
          strategy: { matrix: { one: { where: box }, none: { where: "" } } }
          container: $[ variables['where'] ]
          steps:
          - checkout: none
          - script: echo "$(System.JobName) ${GREETING:-on the machine} $(hostname | wc -c)"
          - script: echo "##vso[build.addbuildtag]no"
            target: { commands: restricted }
            condition: eq(variables['where'], 'box')
            continueOnError: true
        - job: Killed
          dependsOn: First
          container: box
          steps:
          - checkout: none
          - script: echo $PPID > $(Agent.WorkFolder)/worker.pid
            target: host
          - script: sleep 600
            displayName: wait
        - job: Next
          dependsOn: Killed
          condition: always()
          steps:
          - checkout: none
          - script: echo next
        """

    @Test("a computed container, restricted commands, and a worker that is killed in the middle")
    func wholeLife() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        let store = try await BoxStore()
        try await TestCluster.with { cluster in
            let folder = "\(cluster.folder.path)/agent"
            let agent = try await cluster.startAgent(folder, environment: store.environment)
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            try await cluster.until(run.id) { view in
                view.records.contains { $0.name == "wait" && $0.state == .inProgress }
            }
            let text = try String(contentsOfFile: "\(folder)/_work/worker.pid", encoding: .utf8)
            kill(try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
            let view = try await cluster.finished(run.id)
            let output = try await cluster.output(of: run.id)
            #expect(output.contains("one hello from inside"), "\(output)")
            #expect(output.contains("none on the machine"))
            #expect(output.contains("not allowed in this step"))
            #expect(output.contains("next"))
            #expect(view.records.contains { $0.name == "Initialize containers" && $0.result == .succeeded })
            #expect(try await store.podman(["ps", "--all", "--quiet"]) == "")
            agent.send(SIGTERM)
            await agent.end()
        }
        try await store.remove()
    }
}

extension TestCluster {
    /// An agent of the pool `Default` in a process of its own, when it listens.
    fileprivate func startAgent(_ folder: String, environment: [String: String]) async throws -> ChildProgram {
        let runner = AgentRunner(
            folder: folder,
            name: "boxes",
            pool: "Default",
            serverURL: address,
            program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent")
        )
        try await runner.configure(token: token)
        let agent = try ChildProgram(
            "roost-agent",
            ["run", "--root", folder, "--grace", "0"],
            environment: environment,
            folder: self.folder.path
        )
        try await agent.line(with: "Listening for Jobs")
        return agent
    }
}
