import FoundationEssentials
import RoostModel

/// All a task needs to do its part of a job.
struct StepWork: Sendable {
    let step: JobStep
    let order: JobOrder
    let settings: WorkerSettings
    let folders: JobFolders
    let variables: JobVariables
    let masker: SecretMasker
    /// With macros replaced; by lower-case name.
    let inputs: [String: String]
    /// The whole environment for processes of this step.
    let environment: [String: String]
    let output: StepOutput
    let progress: StepProgress
    let stop: StepStop
    /// Value of ``ProcessTree/markName``.
    let mark: String
    /// What several steps of one job share about checkouts.
    let checkouts: CheckoutPlan
    /// Where artifacts and the cache are; nil in a run that has neither.
    let content: (any ContentHost)?
    /// Where secure files come from; nil in a run that has none.
    let host: (any TaskHost)?
    /// The service connections, as earlier steps left them.
    let endpoints: JobEndpoints
    let memos: StepMemos
    let containers: JobContainers
    /// In which processes of the step run; nil is the agent's machine.
    let container: RunningContainer?
    let clock: any Clock<Duration>

    /// An input without white space at its ends; nil when it is absent or empty.
    func input(_ name: String) -> String? {
        guard let value = inputs[name.lowercased()] else { return nil }
        let trimmed = value.trimmingWhitespace
        return trimmed.isEmpty ? nil : trimmed
    }

    /// An input that is true or false; anything else than `true` in any letter case is false.
    func flag(_ name: String, default fallback: Bool = false) -> Bool {
        input(name).map { $0.lowercased() == "true" } ?? fallback
    }

    /// `workingDirectory`, below the sources when it is relative; the sources by default.
    var workingDirectory: String {
        let base = variables["System.DefaultWorkingDirectory"] ?? folders.sources
        guard let path = input("workingDirectory") ?? input("cwd") else { return base }
        return absolute(path, below: base)
    }

    /// The path of a program on the machine; in a container its name, which is looked up there when it starts.
    ///
    /// - Throws: ``ProcessFailure/programNotFound(_:path:)``.
    func program(_ name: String) throws(ProcessFailure) -> String {
        container == nil ? try ExecutableSearch.require(name, path: environment["PATH"]) : name
    }

    /// A text for processes of the step: folders have the names they have where the step runs.
    func insideText(_ text: String) -> String { container?.paths.inside(text) ?? text }

    /// A path as it is, or below a folder when it is relative.
    func absolute(_ path: String, below base: String) -> String { path.hasPrefix("/") ? path : "\(base)/\(path)" }

    /// The secure file of a name or an id that the job may read.
    func secureFile(_ nameOrID: String) -> JobSecureFile? {
        let wanted = nameOrID.lowercased()
        return order.secureFiles.first { $0.id == wanted } ?? order.secureFiles.first { $0.name.lowercased() == wanted }
    }

    /// Shows an issue in the log and attaches it to the record.
    func report(_ kind: Issue.Kind, _ message: String) {
        let masked = masker.mask(message)
        progress.add(Issue(kind, masked, data: ["logFileLineNumber": String(output.lineCount + 1)]))
        output.writeLine("##[\(kind == .error ? "error" : "warning")]\(masked)")
    }

    /// Carries out a logging command as if a process of the step had written it.
    func command(_ line: String) {
        var line = "\(line)\n"
        line.withUTF8 { output.receive(UnsafeRawBufferPointer($0)) }
    }

    /// Runs a process of the step to its end.
    ///
    /// - Parameters:
    ///   - launch: what to start.
    ///   - receiver: takes what it writes; nil is the step's output.
    ///   - errors: takes standard error by itself; nil is the same as `receiver`, in the order in which the lines were written.
    /// - Returns: how it ended.
    /// - Throws: ``ProcessFailure``, or ``StepStopped`` when the step was stopped before the start.
    func execute(
        _ launch: ProcessLaunch,
        receiver: (any ProcessOutput)? = nil,
        errors: (any ProcessOutput)? = nil
    ) async throws -> ProcessOutcome {
        if stop.reason != nil { throw StepStopped() }
        guard let container else { return try await run(isolated(launch), receiver, errors) }
        let (inside, environment) = container.redirect(launch)
        try environment.prepare()
        defer { environment.remove() }
        return try await run(inside, receiver, errors)
    }

    private func isolated(_ launch: ProcessLaunch) -> ProcessLaunch {
        guard let walls = settings.walls, walls.isStanding else { return launch }
        var launch = launch
        launch.walls = walls
        return launch
    }

    private func run(
        _ launch: ProcessLaunch,
        _ receiver: (any ProcessOutput)?,
        _ errors: (any ProcessOutput)?
    ) async throws -> ProcessOutcome {
        try await StepProcess.run(
            launch,
            mark: mark,
            takesAllAdopted: settings.ownsAllOrphans,
            control: stop.control,
            output: receiver ?? output,
            errors: errors
        )
    }

    /// Tells of a background process that keeps the output, and of survivors, and gives the result of a process that should end with 0.
    func judge(_ outcome: ProcessOutcome, program: String) -> TaskResult {
        output.endLine()
        if outcome.outputHeldOpen {
            report(
                .warning,
                "A background process of this step still holds its output; what it writes from here on is not in the log. Redirect its output to a file to avoid the wait."
            )
        }
        if outcome.survivors > 0 {
            report(.warning, "\(outcome.survivors) processes of this step could not be ended, even with SIGKILL.")
        }
        switch outcome.end {
        case .exited(0): return .succeeded
        case .exited(let code):
            if stop.reason == nil { report(.error, "\(program) exited with code '\(code)'.") }
        case .signaled(let signal):
            if stop.reason == nil { report(.error, "\(program) was ended by signal \(signal).") }
        case .unknown: report(.error, "\(program) could not be ended.")
        }
        return .failed
    }
}

/// A step was stopped before a process of it began.
struct StepStopped: Error {}

/// Carries out the steps of one task.
protocol TaskHandler: Sendable {
    /// What the head of the log calls the task.
    var title: String { get }

    /// It works on the agent's machine even where the job has a container.
    var runsOnMachine: Bool { get }
    /// The task itself when it has a part before the job's steps.
    ///
    /// It says so itself, because the first look whether a type has a protocol's parts is dear, and each job is a process of its own.
    var beforeJob: (any PreJobTask)? { get }
    /// The task itself when it has a part after the job's steps.
    var afterJob: (any PostJobTask)? { get }

    /// Carries out a step.
    ///
    /// - Returns: its result, before what its commands asked for and `continueOnError` are taken into account.
    /// - Throws: any error; it fails the step and is shown.
    func run(_ work: StepWork) async throws -> TaskResult
}

extension TaskHandler {
    var runsOnMachine: Bool { false }
    var beforeJob: (any PreJobTask)? { nil }
    var afterJob: (any PostJobTask)? { nil }
}

extension String {
    /// Without white space at both ends.
    var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

extension StepWork {
    /// The same step with more in its environment.
    func adding(_ values: [String: String]) -> StepWork {
        StepWork(
            step: step,
            order: order,
            settings: settings,
            folders: folders,
            variables: variables,
            masker: masker,
            inputs: inputs,
            environment: environment.merging(values) { _, new in new },
            output: output,
            progress: progress,
            stop: stop,
            mark: mark,
            checkouts: checkouts,
            content: content,
            host: host,
            endpoints: endpoints,
            memos: memos,
            containers: containers,
            container: container,
            clock: clock
        )
    }
}
