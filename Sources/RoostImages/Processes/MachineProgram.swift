import Foundation

/// A program of this machine that is asked for something.
public struct MachineProgram: Sendable {
    /// What it wrote and how it ended.
    public struct Answer: Sendable {
        public var code: Int32
        public var output: String
        public var errors: String
    }

    private let command: HostCommand

    /// Finds it in the folders of `PATH`.
    ///
    /// - Throws: ``ImageBuildFailure/notStarted(program:reason:)``.
    public init(
        _ name: String,
        _ arguments: [String],
        environment: [String: String],
        folder: String
    ) throws(ImageBuildFailure) {
        command = HostCommand(
            program: try HostPrograms.find(name, environment),
            arguments: arguments,
            environment: environment,
            folder: folder,
            grace: .milliseconds(100)
        )
    }

    /// Runs it; cancelling the task ends it and all that it started.
    ///
    /// - Throws: ``ImageBuildFailure`` when it cannot be started, `CancellationError`.
    public func answer() async throws -> Answer {
        let (end, output, errors) = try await HostProcess.text(command)
        return Answer(
            code: end.code,
            output: output.joined(separator: "\n"),
            errors: errors.joined(separator: "\n")
        )
    }
}
