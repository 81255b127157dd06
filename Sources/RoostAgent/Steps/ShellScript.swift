import RoostModel

/// The common way of tasks that run a script in an interpreter.
enum ShellScript {
    /// Runs an interpreter with the output rules of script tasks.
    ///
    /// - Parameters:
    ///   - interpreter: an absolute path.
    ///   - arguments: of the interpreter, with the script's path.
    ///   - program: what messages call it.
    ///   - work: the step.
    /// - Returns: success when it ended with 0 and, if `failOnStderr` is set, wrote nothing to standard error.
    /// - Throws: ``ProcessFailure`` or ``StepStopped``.
    static func run(
        _ interpreter: String,
        _ arguments: [String],
        program: String,
        _ work: StepWork
    ) async throws -> TaskResult {
        work.output.writeLine("========================== Starting Command Output ===========================")
        work.output.writeLine("##[command]\(work.insideText(([interpreter] + arguments).joined(separator: " ")))")
        let launch = ProcessLaunch(
            executable: interpreter,
            arguments: arguments,
            environment: work.environment,
            workingDirectory: work.workingDirectory
        )
        guard work.flag("failOnStderr") else {
            return work.judge(try await work.execute(launch), program: program)
        }
        let errors = ErrorLines(output: work.output)
        let outcome = try await work.execute(launch, errors: errors)
        errors.finish()
        let result = work.judge(outcome, program: program)
        guard errors.hasText, work.stop.reason == nil else { return result }
        work.report(.error, TaskFailure.wroteToStandardError.description)
        return .failed
    }

    /// Shows a script of one line, as the vendor's tasks do; longer ones are in the pipeline's file.
    static func show(_ script: String, _ work: StepWork) {
        work.output.writeLine("Generating script.")
        let lines = script.split(whereSeparator: \.isNewline)
        guard lines.count == 1 else { return }
        work.output.writeLine("Script contents:")
        work.output.writeLine(String(lines[0]))
    }
}
