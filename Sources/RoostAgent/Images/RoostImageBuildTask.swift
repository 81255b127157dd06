import RoostModel

/// `RoostImageBuild@1`: builds the images of a template with the program `roost`, which shows its steps as records of the job.
struct RoostImageBuildTask: TaskHandler {
    static let reference = TaskReference(
        id: "5d0c5b54-6c0e-4f0a-9d5b-0f3a5a7f1e21",
        name: "RoostImageBuild",
        version: "1.0.0"
    )
    let title = "Build images"
    // Its layers are kept on the machine.
    var runsOnMachine: Bool { true }

    func run(_ work: StepWork) async throws -> TaskResult {
        let template = try work.required("template")
        let program = try Self.program(work)
        var arguments = ["image", "build", "--in-job", "-color=false"]
        if let file = work.input("valuesFile") { arguments.append("-var-file=\(work.place(file))") }
        if let file = work.input("basesFile") { arguments += ["--bases", work.place(file)] }
        // Other jobs of the agent find the layers there.
        if let tools = work.variables["Agent.ToolsDirectory"] {
            arguments += ["--cache-folder", "\(tools)/roost-image-layers"]
        }
        arguments += work.words("arguments") + [work.place(template)]
        let outcome = try await Self.signedIn(work).call(program, arguments, in: work.workingDirectory)
        return work.judge(outcome, program: "roost")
    }

    /// The agent itself when it is `roost`, else the program beside it, else one on PATH.
    private static func program(_ work: StepWork) throws -> String {
        let own = AgentProgram.current().executable
        let folder = own.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        if let beside = ExecutableSearch.find("\(folder)/roost", path: nil) { return beside }
        return try work.program("roost", package: "roost")
    }

    /// The job's token reaches the galleries that its template names; a step may bring another, which reaches more.
    ///
    /// Either goes through the environment, where no list of processes shows it.
    private static func signedIn(_ work: StepWork) -> StepWork {
        guard work.step.environment["ROOST_TOKEN"] == nil, let connection = work.order.systemConnection,
            let token = connection.parameter("AccessToken")
        else {
            return work
        }
        let address = work.variables["System.CollectionUri"] ?? connection.url
        return work.adding(["ROOST_URL": address, "ROOST_TOKEN": token])
    }
}
