import Foundation

/// Runs scripts in the machine.
struct ShellProvisioner: ImageProvisioner {
    func key(_ work: StepWork) async throws -> StepKey? {
        try StepFingerprint.key(work, files: ShellScript.all(of: work).compactMap(\.file))
    }

    func provision(_ work: StepWork) async throws {
        let variables = try ScriptVariables(work)
        let file = work.truth("use_env_var_file") ? try await uploadVariables(variables, work) : nil
        for script in try ShellScript.all(of: work) { try await run(script, variables, file, work) }
        if let file, !work.truth("skip_clean") { try await remove(file, work) }
        if let pause = try work.duration("pause_after"), pause > .zero {
            work.say("Pausing \(GoText.duration(pause)) after this provisioner...")
            try await Task.sleep(for: pause)
        }
    }

    private func folder(_ work: StepWork) throws -> String { try work.text("remote_folder") ?? "/tmp" }

    private func uploadVariables(_ variables: ScriptVariables, _ work: StepWork) async throws -> String {
        let format = try work.text("env_var_format") ?? "export %s='%s'\n"
        let path = "\(try folder(work))/varfile_\(Self.fourDigits()).sh"
        let text = variables.formatted(format)
        try await repeated(work) { try await work.machine.upload(.bytes(Array(text.utf8), mode: 0o600), to: path) }
        return path
    }

    private func run(
        _ script: ShellScript,
        _ variables: ScriptVariables,
        _ variableFile: String?,
        _ work: StepWork
    ) async throws {
        work.say("Provisioning with shell script: \(script.title)")
        let path =
            try work.text("remote_path")
            ?? "\(try folder(work))/\(try work.text("remote_file") ?? "script_\(Self.fourDigits()).sh")"
        let bytes = try bytes(of: script, work)
        let command = try command(path, variables, variableFile, work)
        let code = try await repeated(work) { () -> Int32? in
            try await work.machine.upload(.bytes(bytes, mode: 0o755), to: path)
            return try await result(of: command, work)
        }
        guard let code else { return }
        try work.check(code)
        if !work.truth("skip_clean") { try await remove(path, work) }
    }

    /// Nil when the connection was lost as it was expected to be.
    private func result(of command: MachineCommand, _ work: StepWork) async throws -> Int32? {
        do {
            return try await work.machine.run(command) { work.context.tell($0) }
        } catch ImageBuildFailure.disconnected where work.truth("expect_disconnect") {
            return nil
        }
    }

    private func bytes(of script: ShellScript, _ work: StepWork) throws -> [UInt8] {
        var bytes: [UInt8] = []
        switch script {
        case .inline(let text): bytes = Array(text.utf8)
        case .file(let path), .fetched(let path, _): try FileBytes.read(work.path(path)) { bytes += $0 }
        }
        guard !work.truth("binary"), bytes.contains(0x0D) else { return bytes }
        // Scripts that were written on Windows.
        return bytes.indices.filter { !(bytes[$0] == 0x0D && $0 + 1 < bytes.count && bytes[$0 + 1] == 0x0A) }
            .map { bytes[$0] }
    }

    /// Without a command line of their own, variables go through the environment, where no list of processes shows them.
    private func command(
        _ path: String,
        _ variables: ScriptVariables,
        _ variableFile: String?,
        _ work: StepWork
    ) throws -> MachineCommand {
        let texts = variableFile == nil ? variables.formatted(try work.text("env_var_format") ?? "%s='%s' ") : ""
        let data = ["Path": path, "Vars": texts, "EnvVarFile": variableFile ?? ""]
        if let line = try work.text("execute_command", data: data), line != Self.usualCommand(data) {
            return MachineCommand(line)
        }
        if let variableFile { return MachineCommand("chmod +x \(path); . \(variableFile) && \(path)") }
        return MachineCommand("chmod +x \(path); \(path)", environment: variables.values)
    }

    private static func usualCommand(_ data: [String: String]) -> String {
        let path = data["Path"] ?? ""
        return "chmod +x \(path); \(data["Vars"] ?? "") \(path)"
    }

    private func remove(_ path: String, _ work: StepWork) async throws {
        let code = try await repeated(work) { try await work.machine.run(MachineCommand("rm -f '\(path)'")) { _ in } }
        guard code == 0 else {
            throw ImageBuildFailure.file(path: path, reason: "the script cannot be removed from the machine")
        }
    }

    private static func fourDigits() -> String {
        let number = String(Int.random(in: 0...9999))
        return String(repeating: "0", count: 4 - number.count) + number
    }

    // MARK: Machines that are away

    /// A machine that restarts is tried again for a while.
    private func repeated<Value: Sendable>(_ work: StepWork, _ body: () async throws -> Value) async throws -> Value {
        let end = ContinuousClock.now + (try work.duration("start_retry_timeout") ?? .seconds(300))
        while true {
            do { return try await body() } catch ImageBuildFailure.disconnected(let reason) {
                guard ContinuousClock.now < end else { throw ImageBuildFailure.disconnected(reason) }
                try await Task.sleep(for: .seconds(2))
            }
        }
    }
}

extension BuildContext {
    /// What programs write: lines of standard error stand out.
    func tell(_ line: MachineOutput) {
        switch line {
        case .output(let text): say(.detail(text))
        case .errors(let text): say(.error(text))
        }
    }
}
