import FoundationEssentials
import Glibc
import Logging
import RoostModel
import Synchronization

/// Runs the program that gets a machine ready before its agent takes a job.
struct WarmUp: Sendable {
    let program: String
    let root: AgentRoot
    /// Without inputs of the agent.
    let environment: [String: String]
    let folders: AgentFolders
    let logger: Logger

    /// One that takes longer has failed.
    static let limit = Duration.seconds(3600)
    /// From one failure to the next try; it doubles up to ``longestPause``.
    static let firstPause = Duration.seconds(30)
    static let longestPause = Duration.seconds(600)

    /// How long to wait before the next try.
    static func pause(afterFailures failures: Int) -> Duration {
        min(longestPause, firstPause * (1 << min(max(failures - 1, 0), 10)))
    }

    /// Where its output is.
    var log: String { "\(root.diagnostics)/warm-up.log" }

    /// Runs it to its end.
    ///
    /// - Returns: nil when it succeeded, else why it failed, for people.
    func run() async -> String? {
        let output = WarmUpLog(log)
        let control = StopControl()
        let launch = ProcessLaunch(
            executable: program,
            arguments: [],
            environment: environment.merging(own) { _, new in new },
            workingDirectory: root.path
        )
        logger.notice("the warm-up begins", metadata: ["program": "\(program)"])
        do {
            let outcome = try await Self.limited(control) {
                try await StepProcess.run(launch, mark: own[ProcessTree.markName], control: control, output: output)
            }
            return reason(outcome, control, output)
        } catch {
            return "\(error)"
        }
    }

    /// What the program may need to know of its agent.
    private var own: [String: String] {
        [
            "AGENT_HOMEDIRECTORY": root.path, "AGENT_WORKFOLDER": folders.work, "AGENT_TOOLSDIRECTORY": folders.tools,
            ProcessTree.markName: "roost-warm-up-\(getpid())",
        ]
    }

    private static func limited(
        _ control: StopControl,
        _ body: @escaping @Sendable () async throws -> ProcessOutcome
    ) async throws -> ProcessOutcome {
        try await withThrowingTaskGroup(of: ProcessOutcome?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                // A listener that stops does not wait for it either.
                _ = try? await Task.sleep(for: limit)
                control.stop(.none)
                return nil
            }
            var outcome = ProcessOutcome(end: .unknown)
            while let ended = try await group.next() {
                guard let ended else { continue }
                outcome = ended
                group.cancelAll()
            }
            return outcome
        }
    }

    private func reason(_ outcome: ProcessOutcome, _ control: StopControl, _ output: WarmUpLog) -> String? {
        if outcome.stopped { return "'\(program)' took longer than \(Self.limit.components.seconds / 60) min" }
        guard outcome.exitCode != 0 else { return nil }
        let last = output.lastLines
        return "'\(program)' ended with \(outcome.exitCode)\(last.isEmpty ? "" : ":\n\(last)")"
    }
}

/// Keeps what a warm-up writes in a file, and the last lines of it.
private final class WarmUpLog: ProcessOutput {
    private static let lines = 5
    private static let kept = 2000
    private let file: Int32
    private let tail = Mutex<[UInt8]>([])

    init(_ path: String) { file = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600) }

    deinit { if file >= 0 { close(file) } }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        if file >= 0 { _ = write(file, bytes.baseAddress, bytes.count) }
        tail.withLock { tail in
            tail += bytes
            if tail.count > Self.kept { tail.removeFirst(tail.count - Self.kept) }
        }
    }

    func pause() {}

    /// With passwords in addresses hidden.
    var lastLines: String {
        let text = tail.withLock { String(decoding: $0, as: UTF8.self) }
        let lines = text.split(whereSeparator: \.isNewline).suffix(Self.lines).joined(separator: "\n")
        var shown: [UInt8] = []
        Array(lines.utf8).withUnsafeBytes { URLPasswords.hide(in: $0) { shown += $0 } }
        return String(decoding: shown, as: UTF8.self)
    }
}
