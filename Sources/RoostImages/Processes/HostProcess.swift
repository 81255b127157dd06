import CRoostLinux
import Foundation

/// Runs programs of this machine, each as leader of a session of its own.
package enum HostProcess {
    /// Runs a program until it and the readers of its output are done.
    ///
    /// Cancelling the task ends the program and all of its process group: with SIGTERM, and after the grace with SIGKILL.
    ///
    /// - Parameters:
    ///   - command: what to start.
    ///   - output: gets each line as it comes, on a thread of the process.
    /// - Returns: how it ended.
    /// - Throws: ``ImageBuildFailure`` when it cannot be started, `CancellationError` when it was ended for that.
    static func run(
        _ command: HostCommand,
        output: @escaping @Sendable (MachineOutput) -> Void
    ) async throws -> HostEnd {
        let end = try await end(of: command, output: output)
        try Task.checkCancellation()
        return end
    }

    /// The same, and tells how the program ended also when it was ended because the task was cancelled.
    ///
    /// - Throws: ``ImageBuildFailure`` when it cannot be started, `CancellationError` when it was not for that reason.
    static func end(
        of command: HostCommand,
        output: @escaping @Sendable (MachineOutput) -> Void
    ) async throws -> HostEnd {
        try Task.checkCancellation()
        let child = try HostChild(command)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    var reader = HostChildReader(child, output)
                    continuation.resume(returning: reader.run())
                }
            }
        } onCancel: {
            child.stop()
        }
    }

    /// Runs a program for what it writes to its standard output, at most a megabyte.
    package static func text(_ command: HostCommand) async throws -> (end: HostEnd, output: [String], errors: [String])
    {
        let lines = CollectedLines()
        let end = try await run(command) { lines.add($0) }
        let all = lines.all
        return (end, all.output, all.errors)
    }

    /// Ends everything that runs, at once and without asking: the process is about to end.
    static func killAll() {
        for group in RunningGroups.all { kill(-group, SIGKILL) }
    }
}
