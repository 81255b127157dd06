import CRoostLinux
import Foundation

/// Runs scripts on the machine that builds.
enum LocalShell {
    /// - Returns: false when the template says that it is for other systems.
    static func run(_ work: StepWork) async throws -> Bool {
        let systems = try work.texts("only_on")
        guard systems.isEmpty || systems.contains("linux") else {
            work.say("Skipping shell-local due to runtime OS")
            return false
        }
        let variables = try ScriptVariables(work)
        for script in try ShellScript.all(of: work) {
            switch script {
            case .file(let path), .fetched(let path, _): try await run(path, isTemporary: false, variables, work)
            case .inline(let text):
                let path = try store(text, work)
                defer { try? FileManager.default.removeItem(atPath: path) }
                try await run(path, isTemporary: true, variables, work)
            }
        }
        return true
    }

    private static func store(_ text: String, _ work: StepWork) throws -> String {
        let folder = work.context.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var ending = try work.text("tempfile_extension") ?? ""
        if !ending.isEmpty, !ending.hasPrefix(".") { ending = "." + ending }
        let path = "\(folder)/roost-shell\(ShellScript.number())\(ending)"
        // Nobody else can read it, and it is nobody else's.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o700)
        guard descriptor >= 0 else {
            throw ImageBuildFailure.file(path: path, reason: String(cString: strerror(errno)))
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(text.utf8))
            try handle.close()
            roost_await_no_writers(path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw ImageBuildFailure.file(path: path, reason: error.localizedDescription)
        }
        return path
    }

    private static func run(
        _ path: String,
        isTemporary: Bool,
        _ variables: ScriptVariables,
        _ work: StepWork
    ) async throws {
        work.say("Running local shell script: \(path)")
        let (words, values) = try command(path, variables, work)
        let environment = work.context.environment.merging(values) { $1 }
            .merging(["PACKER_RUN_UUID": work.context.runID]) { $1 }
        let program =
            words[0].contains("/") ? work.context.path(words[0]) : try HostPrograms.find(words[0], environment)
        let end = try await HostProcess.run(
            HostCommand(
                program: program,
                arguments: Array(words.dropFirst()),
                environment: environment,
                folder: work.context.workingFolder
            )
        ) { work.context.tell($0) }
        try work.check(end.code)
    }

    /// Without a command line of their own, variables go through the environment, where no list of processes shows them.
    private static func command(
        _ path: String,
        _ variables: ScriptVariables,
        _ work: StepWork
    ) throws -> (words: [String], environment: [String: String]) {
        let line = path.contains("/") ? path : "./\(path)"
        guard work.isGiven("execute_command") else {
            return (["/bin/sh", "-c", "exec \"$0\"", line], variables.values)
        }
        let data = [
            "Vars": variables.formatted(try work.text("env_var_format") ?? "%s='%s' "), "Script": path,
            "Command": try work.text("command") ?? path,
        ]
        let words = try work.texts("execute_command", data: data)
        return (words, [:])
    }
}

/// Runs scripts on the machine that builds, as a provisioner.
struct LocalShellProvisioner: ImageProvisioner {
    func key(_ work: StepWork) async throws -> StepKey? { nil }
    func provision(_ work: StepWork) async throws { _ = try await LocalShell.run(work) }
}

/// The same, as a post-processor; what it is given passes through.
struct LocalShellPostProcessor: ImagePostProcessor {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed {
        _ = try await LocalShell.run(work)
        return PostProcessed(artifact, keepsInput: true, mustKeepInput: true)
    }
}
