import Dispatch
import Foundation
import Synchronization

/// One call of `git`, to its end.
enum GitProcess {
    struct Outcome: Sendable {
        var status: Int32
        var output: Data
        var errors: String
        /// It was ended because its time was over.
        var timedOut = false
    }

    /// Neither prompts nor reads a user's settings that could run programs; a repository of another user may be read.
    static let environment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK"].contains(name)
                || name.lowercased().hasSuffix("_proxy")
        }
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GIT_CONFIG_COUNT"] = "1"
        environment["GIT_CONFIG_KEY_0"] = "safe.directory"
        environment["GIT_CONFIG_VALUE_0"] = "*"
        // Nothing that a URL could make git run.
        environment["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh"
        environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
        return environment
    }()

    /// Runs git and waits; the process is ended when the task is cancelled.
    static func run(_ arguments: [String], timeout: Duration = .seconds(300)) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let pid = process.processIdentifier
        return try await withTaskCancellationHandler {
            async let out = readAll(output.fileHandleForReading)
            async let err = readAll(errors.fileHandleForReading)
            let timedOut = Flag()
            let timer = Task {
                try await Task.sleep(for: timeout)
                timedOut.raise()
                stop(pid)
            }
            defer { timer.cancel() }
            let (outputData, errorData) = await (out, err)
            process.waitUntilExit()
            try Task.checkCancellation()
            return Outcome(
                status: process.terminationStatus,
                output: outputData,
                errors: String(decoding: errorData, as: UTF8.self),
                timedOut: timedOut.isRaised
            )
        } onCancel: {
            stop(pid)
        }
    }

    /// Ends git and what it started: its transport would hold the pipes open.
    ///
    /// The polite signal may be blocked in it, as it was in the thread that started it; the other cannot be.
    static func stop(_ pid: pid_t) {
        for signal in [SIGTERM, SIGKILL] where kill(-pid, signal) != 0 { kill(pid, signal) }
    }

    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isRaised: Bool { value.withLock { $0 } }
        func raise() { value.withLock { $0 = true } }
    }

    private static func readAll(_ handle: FileHandle) async -> Data {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: (try? handle.readToEnd()) ?? Data())
            }
        }
    }
}
