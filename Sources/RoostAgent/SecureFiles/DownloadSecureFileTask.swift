import FoundationEssentials
import RoostModel

/// `DownloadSecureFile@1`: a secure file of the server in the folder for temporary files, until the job ends.
struct DownloadSecureFileTask: PreJobTask, PostJobTask {
    let runsBeforeJob = true
    let runsOnMachine = true

    static let reference = TaskReference(
        id: "2a6ca863-f2ce-4f4d-8bcb-15e64608ec4b",
        name: "DownloadSecureFile",
        version: "1.225.0"
    )

    let title = "Download secure file"

    /// All was done before the first step, as in the vendor's task.
    func run(_ work: StepWork) async throws -> TaskResult {
        work.output.writeLine("The secure file was fetched before the first step of the job.")
        return .succeeded
    }

    func runBeforeJob(_ work: StepWork) async throws -> TaskResult {
        guard let name = work.input("secureFile") else { throw TaskFailure.inputMissing("secureFile") }
        let path = try await SecureFileFetch.fetch(name, "secureFile", work)
        work.memos.put(path, for: work.step.id)
        work.output.writeLine("The secure file is at \(path)")
        work.command("##vso[task.setvariable variable=secureFilePath;isoutput=true]\(path)")
        return .succeeded
    }

    func runAfterJob(_ work: StepWork) async throws -> TaskResult {
        guard let path = work.memos.take(String.self, for: work.step.id) else { return .succeeded }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        guard FileTree.delete(folder).isEmpty else {
            work.report(.warning, "The secure file '\(path)' could not be deleted.")
            return .succeededWithIssues
        }
        work.output.writeLine("The secure file was deleted.")
        return .succeeded
    }
}

/// Brings a secure file to the agent.
enum SecureFileFetch {
    /// The path of the file, under its own name in a new folder that only this user can enter.
    static func fetch(_ name: String, _ input: String, _ work: StepWork) async throws -> String {
        guard let host = work.host, let file = work.secureFile(name) else {
            throw TaskFailure.inputInvalid(
                input,
                value: name,
                expected: "the name of a secure file that this run may read"
            )
        }
        let folder = "\(work.settings.folders.temp)/\(UUID().uuidString.lowercased())"
        let error = FileTree.make(folder, mode: 0o700)
        guard error == 0 else { throw TaskFolderFailure.fileNotWritten(folder, reason: systemMessage(error)) }
        let last = file.name.split(separator: "/").last.map(String.init) ?? file.id
        let path = "\(folder)/\(last == ".." || last == "." ? file.id : last)"
        try await host.fetch(file, to: path)
        return path
    }
}
