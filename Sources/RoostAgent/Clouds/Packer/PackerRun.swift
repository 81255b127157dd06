import FoundationEssentials
import RoostModel

/// A call of `roost image` or of packer by a task.
struct PackerRun: Sendable {
    let work: StepWork

    /// A step whose programs find the account of a connection.
    init(_ work: StepWork, _ connection: PackerConnection) { self.work = work.adding(connection.environment) }

    /// Builds, and gives what packer told of the image.
    func build(_ words: [String]) async throws -> (result: TaskResult, facts: [String: String]) {
        let facts = PackerFacts(work.output)
        let result = try await run(try RoostProgram.find(work), ["image", "build", "-color=false"] + words, facts)
        return (result, facts.found)
    }

    /// `roost image WORD`.
    func roost(_ word: String, _ words: [String]) async throws -> TaskResult {
        try await run(try RoostProgram.find(work), ["image", word] + words, nil)
    }

    /// packer itself.
    func packer(_ words: [String]) async throws -> TaskResult {
        try await run(try work.program("packer", package: "packer"), words, nil)
    }

    private func run(_ program: String, _ words: [String], _ receiver: PackerFacts?) async throws -> TaskResult {
        let folder = work.workingDirectory
        guard FileTree.isFolder(folder) else { throw ProcessFailure.directoryMissing(folder) }
        work.output.writeLine("##[command]\(([program] + words).joined(separator: " "))")
        let launch = ProcessLaunch(
            executable: program,
            arguments: words,
            environment: work.environment,
            workingDirectory: folder
        )
        let outcome = try await work.execute(launch, receiver: receiver)
        work.output.endLine()
        return work.judge(outcome, program: program.lastPart)
    }

    /// Sets a variable for the steps that follow.
    func set(_ name: String, _ value: String, isOutput: Bool = false) {
        let kind = isOutput ? ";isOutput=true" : ""
        work.command("##vso[task.setvariable variable=\(name)\(kind)]\(value)")
    }
}
