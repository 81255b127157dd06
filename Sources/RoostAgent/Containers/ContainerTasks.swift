import RoostModel

/// Starts the containers of a job, before its first step.
struct InitializeContainersTask: TaskHandler {
    static let reference = TaskReference(
        id: "0e2fd0c5-7f1c-4b0e-9a39-58c2a4a9d6f1",
        name: "InitializeContainers",
        version: "1.0.0"
    )

    let title = "Initialize containers"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        try await work.containers.start(work)
        return .succeeded
    }
}

/// Ends the containers of a job, after its last step and whatever its result.
struct StopContainersTask: TaskHandler {
    static let reference = TaskReference(
        id: "4b6b1a7c-0f0e-4f25-8d0f-0a1f5f8f9b52",
        name: "StopContainers",
        version: "1.0.0"
    )

    let title = "Stop Containers"
    let runsOnMachine = true

    func run(_ work: StepWork) async throws -> TaskResult {
        let count = try await work.containers.stop(Self.folders(work.settings.folders, work.folders))
        work.output.writeLine("Stopped and removed \(count) \(count == 1 ? "container" : "containers").")
        return .succeeded
    }

    /// Where users of containers may have left files.
    static func folders(_ agent: AgentFolders, _ job: JobFolders) -> [String] { [job.build, agent.temp, agent.tools] }
}
