import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostWire

/// Carries out one step, from its condition to its completed record.
struct StepRunner: Sendable {
    let parts: JobParts
    let folders: JobFolders
    let step: JobStep
    let stop: StepStop
    let status: JobStatusSoFar

    /// The step of which this is the part before or after the job; nil for a step itself.
    private let main: JobStep?
    private let part: StepPart

    private let progress = StepProgress()

    init(
        parts: JobParts,
        folders: JobFolders,
        step: JobStep,
        stop: StepStop,
        status: JobStatusSoFar,
        main: JobStep? = nil,
        part: StepPart = .main
    ) {
        self.main = main
        self.part = part
        self.parts = parts
        self.folders = folders
        self.step = step
        self.stop = stop
        self.status = status
    }

    /// What the step leaves behind.
    struct Outcome: Sendable {
        var result: TaskResult
        /// By the names the step gave them.
        var outputs: [String: OutputVariable]
    }

    /// Runs the part of a step that comes before or after the job, which has a record of its own.
    ///
    /// - Parameters:
    ///   - part: which.
    ///   - record: the record's id.
    /// - Returns: what it leaves behind.
    func run(_ part: StepPart, in record: UUID) async -> Outcome {
        var own = step
        own.id = record
        own.displayName = part == .before ? Self.preName(step) : Self.postName(step)
        (own.condition, own.timeout, own.retryCount) = (part == .before ? nil : "always()", nil, 0)
        let runner = StepRunner(
            parts: parts,
            folders: folders,
            step: own,
            stop: stop,
            status: status,
            main: step,
            part: part
        )
        return await runner.run()
    }

    static func preName(_ step: JobStep) -> String { "Pre-job: \(step.displayName)" }
    static func postName(_ step: JobStep) -> String { "Post-job: \(step.displayName)" }

    /// Runs the step and reports it.
    func run() async -> Outcome {
        let start = ContinuousClock.now
        parts.log.begin(step)
        let outcome = await runOrSkip()
        parts.log.end(step, outcome.result, after: .now - start)
        return outcome
    }

    private func runOrSkip() async -> Outcome {
        let name = parts.variables.expand(step.displayName)
        switch StepCondition.evaluate(step.condition, status: status, variables: parts.variables) {
        case .skip(let trace):
            let output = makeOutput()
            trace.forEach(output.writeLine)
            return complete(.skipped, code: Self.skippedCode, output)
        case .invalid(let problem):
            let output = begin(name)
            report(.error, "The condition of the step cannot be evaluated: \(problem)", output)
            return finish(name, .failed, output)
        case .run:
            let output = begin(name)
            let result = await runTask(name, output)
            return finish(name, result, output)
        }
    }

    /// As Azure Pipelines' agent words it.
    private static let skippedCode = "Skipping step due to condition evaluation."

    // MARK: Begin and end

    private func makeOutput() -> StepOutput {
        let commands = CommandProcessor(
            CommandProcessor.Surroundings(
                stepName: step.name,
                limits: parts.handlers.limits(of: step),
                variables: parts.variables,
                masker: parts.masker,
                progress: progress,
                paths: parts.paths,
                endpoints: parts.endpoints,
                sourcesDirectory: { parts.variables["Build.SourcesDirectory"] },
                changed: { parts.reporter.updateRecords([parts.records.progress(step.id, progress.snapshot)]) },
                record: step.id,
                tell: { parts.reporter.updateRecords($0) }
            )
        )
        let paths = parts.containers.paths(for: step)
        return StepOutput(
            masker: parts.masker,
            sink: parts.logs.open(record: step.id),
            command: { line, number in commands.handle(paths?.outside(line) ?? line, number: number) }
        )
    }

    private func begin(_ name: String) -> StepOutput {
        parts.reporter.updateRecords([parts.records.started(step.id, name: name, at: Date())])
        let output = makeOutput()
        output.writeLine("##[section]Starting: \(name)")
        return output
    }

    private func finish(_ name: String, _ result: TaskResult, _ output: StepOutput) -> Outcome {
        var result = result
        if result == .failed, step.continueOnError {
            result = .succeededWithIssues
            output.writeLine("The step failed, but the job goes on because of 'continueOnError'.")
        }
        output.writeLine("##[section]Finishing: \(name)")
        return complete(result, code: nil, output)
    }

    private func complete(_ result: TaskResult, code: String?, _ output: StepOutput) -> Outcome {
        output.finish()
        let snapshot = progress.snapshot
        parts.taskVariables.merge(snapshot.taskVariables, of: (main ?? step).id)
        parts.reporter.updateRecords([parts.records.finished(step.id, result, code: code, snapshot, at: Date())])
        return Outcome(result: result, outputs: snapshot.outputs)
    }

    private func report(_ kind: Issue.Kind, _ message: String, _ output: StepOutput) {
        let masked = parts.masker.mask(message)
        progress.add(Issue(kind, masked, data: ["logFileLineNumber": String(output.lineCount + 1)]))
        output.writeLine("##[\(kind == .error ? "error" : "warning")]\(masked)")
    }

    // MARK: The task

    private func runTask(_ name: String, _ output: StepOutput) async -> TaskResult {
        let handler: any TaskHandler
        do throws(TaskFailure) {
            handler = try parts.handlers.handler(for: step.task)
        } catch {
            report(.error, error.description, output)
            return .failed
        }
        writeHead(handler, output)
        guard let timeout = step.timeout else { return await runTries(handler, output) }
        return await withTaskGroup(of: TaskResult?.self) { group in
            group.addTask { await runTries(handler, output) }
            group.addTask {
                if (try? await parts.clock.sleep(for: timeout)) != nil {
                    stop.stop(.timedOut(timeout), grace: parts.grace)
                }
                return nil
            }
            var result = TaskResult.failed
            while let ended = await group.next() {
                guard let ended else { continue }
                result = ended
                group.cancelAll()
            }
            return result
        }
    }

    private func writeHead(_ handler: any TaskHandler, _ output: StepOutput) {
        let line = String(repeating: "=", count: 78)
        output.writeLine(
            """
            \(line)
            Task         : \(handler.title)
            Version      : \(step.task.version)
            \(line)
            """
        )
    }

    /// More tries are cut to this, as Azure Pipelines' agent does.
    static let retryLimit = 10

    private func runTries(_ handler: any TaskHandler, _ output: StepOutput) async -> TaskResult {
        var retries = step.retryCount
        if retries > Self.retryLimit {
            report(.warning, "'retryCountOnTaskFailure' is \(retries); at most \(Self.retryLimit) are made.", output)
            retries = Self.retryLimit
        }
        var tried = 0
        while true {
            let result = await runTry(handler, output)
            guard result == .failed, tried < retries, stop.reason == nil else { return result }
            let pause = (tried + 1) * (tried + 1)
            tried += 1
            report(.warning, "The step failed; try \(tried + 1) of \(retries + 1) begins in \(pause) s.", output)
            await stop.wait(.seconds(pause), parts.clock)
            guard stop.reason == nil else { return stopped(output) }
            progress.beginNextTry()
            stop.beginNextTry()
        }
    }

    private func runTry(_ handler: any TaskHandler, _ output: StepOutput) async -> TaskResult {
        var result: TaskResult
        do {
            result = try await carryOut(handler, makeWork(output, handler))
        } catch is StepStopped {
            result = .canceled
        } catch let error as any UserFacingError {
            report(.error, error.description, output)
            result = .failed
        } catch {
            report(.error, "\(error)", output)
            result = .failed
        }
        output.endLine()
        if tellOverruns(output), stop.reason == nil { result = .failed }
        if stop.reason != nil { return stopped(output) }
        result = await runErrands(result, output)
        if let asked = progress.snapshot.commandResult {
            // A step may say that it had nothing to do; elsewhere skipped parts do not count.
            result = asked == .skipped && result == .succeeded ? .skipped : result.merged(with: asked)
        }
        return result
    }

    /// Says when the job has met its limits; whether something was killed, without which the step did not do what it was to do.
    private func tellOverruns(_ output: StepOutput) -> Bool {
        guard let news = parts.fence?.news() else { return false }
        if let refused = news.refused { report(.warning, refused, output) }
        if let killed = news.killed { report(.error, killed, output) }
        return news.killed != nil
    }

    private func carryOut(_ handler: any TaskHandler, _ work: StepWork) async throws -> TaskResult {
        switch part {
        case .main: try await handler.run(work)
        case .before: try await handler.beforeJob?.runBeforeJob(work) ?? .succeeded
        case .after: try await handler.afterJob?.runAfterJob(work) ?? .succeeded
        }
    }

    private func makeWork(_ output: StepOutput, _ handler: (any TaskHandler)? = nil) throws -> StepWork {
        let kept = parts.taskVariables.of((main ?? step).id).merging(progress.snapshot.taskVariables) { $1 }
        var (environment, tooLong) = parts.environment(taskVariables: kept)
        if !tooLong.isEmpty {
            report(
                .warning,
                "Too long for an environment and left out of it: \(tooLong.joined(separator: ", ")).",
                output
            )
        }
        let paths = parts.containers.paths(for: main ?? step)
        for (name, value) in step.environment { environment[name] = parts.variables.expand(value) }
        environment = parts.settings.network.completing(environment, services: parts.order.sidecars.keys.sorted())
        return StepWork(
            step: main ?? step,
            order: parts.order,
            settings: parts.settings,
            folders: folders,
            variables: parts.variables,
            masker: parts.masker,
            // A task works with files of the machine, whatever name the file gives them.
            inputs: step.inputs.mapValues { paths?.outside(parts.variables.expand($0)) ?? parts.variables.expand($0) },
            environment: environment,
            output: output,
            progress: progress,
            stop: stop,
            mark: parts.mark,
            checkouts: parts.checkouts,
            content: parts.content,
            host: parts.host,
            endpoints: parts.endpoints,
            memos: parts.memos,
            containers: parts.containers,
            container: handler?.runsOnMachine == false ? try parts.containers.container(for: main ?? step) : nil,
            clock: parts.clock
        )
    }

    /// The result of a step that was stopped, with an issue that says why.
    private func stopped(_ output: StepOutput) -> TaskResult {
        switch stop.reason {
        case .timedOut(let limit):
            report(
                .error,
                "The step was stopped because it took longer than \(Self.text(limit)), its 'timeoutInMinutes'.",
                output
            )
            return .failed
        case .agentShutdown(let reason):
            report(.error, "The step was stopped because the agent is going down: \(reason)", output)
        case .cancelTimeOver:
            report(.error, "The step was stopped because the time after the cancel is over.", output)
        case .canceled, nil: report(.error, "The operation was canceled.", output)
        }
        return .canceled
    }

    private static func text(_ limit: Duration) -> String {
        let seconds = limit.components.seconds
        return seconds % 60 == 0 && seconds > 0 ? "\(seconds / 60) min" : "\(seconds) s"
    }

    // MARK: Errands

    private func runErrands(_ result: TaskResult, _ output: StepOutput) async -> TaskResult {
        var result = result
        for errand in progress.takeErrands() {
            do {
                result = result.merged(with: try await run(errand, output))
            } catch let error as any UserFacingError {
                report(.error, "A command of the step could not be carried out: \(error.description)", output)
                result = result.merged(with: .failed)
            } catch {
                report(.error, "A command of the step could not be carried out on the server: \(error)", output)
                result = result.merged(with: .failed)
            }
        }
        return result
    }

    /// - Returns: what the errand makes of the step.
    private func run(_ errand: StepErrand, _ output: StepOutput) async throws -> TaskResult {
        switch errand {
        case .changeRun(let change): try await parts.reporter.updateRun(change)
        case .attach(let path, let kind, let name):
            guard let bytes = ProcFile.read(path, limit: Self.attachmentLimit) else {
                throw TaskFailure.fileMissing(path)
            }
            // Attachments are for people to read, so secrets are hidden in texts; other files stay as they are.
            let text = String(validating: bytes, as: UTF8.self)
            let shown = text.map { Array(parts.masker.mask($0).utf8) } ?? bytes
            try await parts.reporter.attach(shown, to: step.id, kind: kind, name: name)
        case .uploadArtifact(let path, let name):
            let publisher = try ArtifactPublisher(makeWork(output), task: "artifact.upload")
            try await publisher.publish(path, as: name, isContainer: true)
        case .associateArtifact(let name, let type, let location, let properties):
            guard let content = parts.content else { throw ArtifactFailure.noServer(task: "artifact.associate") }
            let resource = BuildArtifactWire.Resource(type: type, data: location, properties: properties)
            try await content.associate(BuildArtifactWire(name: name, resource: resource))
            output.writeLine("Artifact '\(name)' is associated with '\(location)'.")
        case .publishTests(let publication):
            var publisher = TestPublisher(try makeWork(output), publication)
            return await publisher.run()
        case .publishCoverage(let publication):
            return try await CoveragePublisher(makeWork(output), publication).run()
        }
        return .succeeded
    }

    private static let attachmentLimit = 64 << 20
}
