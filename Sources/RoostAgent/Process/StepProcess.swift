import CRoostLinux
import Glibc

/// Takes what a process writes, on the thread that reads it.
public protocol ProcessOutput: Sendable {
    /// Bytes as they came, in order; not called again before it returns, so a slow receiver slows the process down.
    func receive(_ bytes: UnsafeRawBufferPointer)
    /// Nothing has come for a moment; what is held back for more may be shown.
    func pause()
}

/// A process of a step: starts it, passes its output on, stops its tree when asked to, and says how it ended.
public enum StepProcess {
    /// Limits of waiting.
    public struct Patience: Sendable {
        /// For output that another process keeps open after the process itself has ended; that of Azure Pipelines' agent.
        public var heldOutput: Duration
        /// Before a pause in the output is worth telling.
        public var pause: Duration

        public init(heldOutput: Duration = .seconds(5), pause: Duration = .milliseconds(50)) {
            self.heldOutput = heldOutput
            self.pause = pause
        }
    }

    /// Runs a process to its end.
    ///
    /// Standard output and standard error are one pipe, so that lines keep the order in which they were written, unless `errors` is given. Output counts as
    /// complete when the process has ended and nobody holds the pipe; a background process that holds it is waited for as long as
    /// ``Patience/heldOutput`` says, and what it writes later is read and dropped, so that it does not die of a broken pipe.
    ///
    /// - Parameters:
    ///   - launch: what to start.
    ///   - mark: value of ``ProcessTree/markName`` in the launch's environment, if any.
    ///   - takesAllAdopted: see ``ProcessTree``.
    ///   - control: through which it can be stopped.
    ///   - patience: limits of waiting.
    ///   - output: takes what it writes.
    ///   - errors: takes what it writes to standard error, through a pipe of its own; nil is the same pipe.
    /// - Returns: how it ended.
    /// - Throws: ``ProcessFailure`` when it could not be started.
    public static func run(
        _ launch: ProcessLaunch,
        mark: String? = nil,
        takesAllAdopted: Bool = false,
        control: StopControl,
        patience: Patience = Patience(),
        output: any ProcessOutput,
        errors: (any ProcessOutput)? = nil
    ) async throws -> ProcessOutcome {
        let result: Result<ProcessOutcome, ProcessFailure> = try await OwnThread.run { deliver in
            do throws(ProcessFailure) {
                var pump = try ProcessPump(
                    launch,
                    mark: mark,
                    takesAllAdopted: takesAllAdopted,
                    control: control,
                    patience: patience,
                    output: output,
                    errors: errors
                )
                let outcome = pump.run()
                deliver(.success(outcome))
                if outcome.outputHeldOpen { pump.discardUntilEnd() }
            } catch {
                deliver(.failure(error))
            }
        }
        return try result.get()
    }
}
