import Synchronization

/// Runs git for a checkout.
struct GitCommand: Sendable {
    let executable: String
    let work: StepWork
    /// Where git works.
    let folder: String
    /// Settings for this run alone; they travel in the environment, so that nobody sees them on a command line.
    var settings: [(key: String, value: String)]
    /// Where git writes what took how long.
    let trace: String

    /// Runs git with its output in the log.
    ///
    /// - Parameters:
    ///   - arguments: without secrets; they are shown.
    ///   - lock: a file that is locked meanwhile; another that holds it is waited for.
    /// - Returns: the exit code.
    /// - Throws: ``ProcessFailure``, ``StepStopped``.
    func run(_ arguments: [String], lock: String? = nil) async throws -> Int32 {
        work.output.writeLine("##[command]git \(arguments.joined(separator: " "))")
        let outcome = try await work.execute(locked(launch(arguments), lock))
        work.output.endLine()
        if outcome.stopped { throw StepStopped() }
        return outcome.exitCode
    }

    /// Runs git and gives what it wrote; nothing is shown.
    ///
    /// - Parameter arguments: without secrets.
    /// - Returns: the exit code and the text without white space at its ends.
    /// - Throws: ``ProcessFailure``, ``StepStopped``.
    func capture(_ arguments: [String]) async throws -> (exitCode: Int32, text: String) {
        let captured = CapturedOutput()
        let outcome = try await work.execute(launch(arguments), receiver: captured, errors: CapturedOutput())
        if outcome.stopped { throw StepStopped() }
        return (outcome.exitCode, captured.text.trimmingWhitespace)
    }

    /// The same under util-linux's `flock`; a machine without it goes on unlocked, as git has locks of its own for each file.
    private func locked(_ launch: ProcessLaunch, _ lock: String?) -> ProcessLaunch {
        guard let lock, let flock = ExecutableSearch.find("flock", path: work.environment["PATH"]) else {
            return launch
        }
        var launch = launch
        launch.arguments = [lock, launch.executable] + launch.arguments
        launch.executable = flock
        return launch
    }

    private func launch(_ arguments: [String]) -> ProcessLaunch {
        var environment = work.environment
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GIT_CONFIG_COUNT"] = String(settings.count)
        environment["GIT_TRACE2_EVENT"] = trace
        // The parts that are looked for lie deeper than git tells of by itself.
        environment["GIT_TRACE2_EVENT_NESTING"] = "6"
        for (index, setting) in settings.enumerated() {
            environment["GIT_CONFIG_KEY_\(index)"] = setting.key
            environment["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        // It would win over the settings.
        if work.settings.network.authorities != nil { environment["GIT_SSL_CAINFO"] = nil }
        // What a step left in its environment must not point git at another repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_ASKPASS"] { environment[name] = nil }
        return ProcessLaunch(
            executable: executable,
            arguments: arguments,
            environment: environment,
            workingDirectory: folder
        )
    }
}

/// Keeps the first part of what a process writes.
final class CapturedOutput: ProcessOutput {
    private static let limit = 1 << 20
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func receive(_ new: UnsafeRawBufferPointer) {
        bytes.withLock { bytes in bytes.append(contentsOf: new.prefix(Self.limit - bytes.count)) }
    }

    func pause() {}
}
