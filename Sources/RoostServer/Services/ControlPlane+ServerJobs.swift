import FoundationEssentials
import Logging
import RoostModel
import RoostPipeline
import RoostStore

/// Jobs without an agent: the control plane carries their steps out, moved on by deadlines and by people.
extension ControlPlane {
    /// Begins such a job.
    func serve(_ job: Job, _ state: inout ControlState, _ change: inout ControlChange) {
        var job = job
        guard let work = job.server else { return }
        job.queuedAt = change.now
        job.startedAt = change.now
        job.state = .serving
        state.put(job, &change)
        state.putJobRecord(job, change.now)
        state.runs[job.run]?.update(RecordID(job.id.rawValue), at: change.now) { record in
            record.state = .inProgress
            record.startedAt = change.now
        }
        for place in work.steps.indices { state.makeServerRecord(place, of: job, change.now) }
        change.touchedRecords.insert(job.run)
        change.dirtyServerJobs.insert(job.id)
    }

    /// Carries a job on as far as it goes.
    func advanceServerJob(_ id: JobID, _ state: inout ControlState, _ change: inout ControlChange) {
        state.serverDeadlines[id] = nil
        guard var job = state.job(id), case .serving = job.state, job.server != nil else { return }
        let plan = planServerJob(job, at: change.now)
        if plan.work != job.server {
            job.server = plan.work
            state.put(job, &change)
        }
        for decision in plan.decisions { carryOut(decision, of: job, &state, &change) }
        guard let next = plan.nextDeadline else { return }
        state.serverDeadlines[id] = next
        deadlines.arm(for: change.tick + next.timeIntervalSince(change.now))
    }

    private func carryOut(
        _ decision: ServerJobDecision,
        of job: Job,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        switch decision {
        case .begin(let place):
            state.beginServerStep(place, of: job, &change)
        case .end(let place, let result, let reason):
            state.endServerStep(place, of: job, result, reason, &change)
        case .finish(let result):
            state.apply(.complete(result), to: job.id, settings: settings, &change)
            metrics.jobFinished(result)
        case .timeOut:
            state.cancel(job, settings: settings, &change)
            let text = "The job ran longer than the maximum time of \(job.timeoutInMinutes) minutes."
            state.putJobRecord(job, change.now, issue: Issue(.error, text))
        }
        change.touchedRecords.insert(job.run)
    }

    // MARK: Deadlines

    /// Plans jobs anew whose deadline has passed.
    func wakeServerJobs(_ state: borrowing ControlState, _ change: inout ControlChange) {
        for (job, deadline) in state.serverDeadlines where deadline <= change.now { change.dirtyServerJobs.insert(job) }
    }

    /// The next deadline of such a job, on the clock of leases.
    var serverJobDeadline: Date? {
        read { $0.serverDeadlines.values.min() }.map { tick + $0.timeIntervalSince(Date()) }
    }

    // MARK: Lines

    /// Writes lines where they belong; what is asked for one run is done in order.
    func writeServerLog(_ log: RunLog, _ text: String, at offset: Int) {
        let key = logKey(log.run, log.id)
        logWork.enqueue(log.run) { [blobs, logger] in
            do { _ = try await blobs.append(Array(text.utf8), to: key, at: offset) } catch {
                logger.error("a line was not written", metadata: ["log": "\(key)", "error": "\(error)"])
            }
        }
    }
}

extension ControlState {
    /// Jobs without an agent that go on.
    var servingJobs: [JobID] {
        runs.values.flatMap { $0.jobList.filter { $0.state == .serving }.map(\.id) }
    }

    func serverRecord(_ place: Int, of job: Job) -> RecordID? {
        runs[job.run]?.recordID("server-step:\(job.id):\(place)")
    }

    fileprivate mutating func makeServerRecord(_ place: Int, of job: Job, _ now: Date) {
        guard let id = serverRecord(place, of: job), let step = job.server?.steps[place] else { return }
        let made = TimelineRecord(
            id: id,
            parent: RecordID(job.id.rawValue),
            kind: .task,
            name: step.displayName,
            refName: step.name,
            order: place + 1,
            task: step.task
        )
        runs[job.run]?.update(id, at: now, make: { made }) { _ in }
    }

    fileprivate mutating func beginServerStep(_ place: Int, of job: Job, _ change: inout ControlChange) {
        guard let id = serverRecord(place, of: job), let step = job.server?.steps[place] else { return }
        runs[job.run]?.update(id, at: change.now) { record in
            record.state = .inProgress
            record.startedAt = change.now
        }
        var lines = ["##[section]Starting: \(step.displayName)"]
        switch step.action {
        case .delay(let minutes): lines.append("Waiting for \(minutes) minutes.")
        case .validation(let asked):
            lines += asked.instructions.split(whereSeparator: \.isNewline).map(String.init)
            if !asked.approvers.isEmpty { lines.append("Approvers: \(asked.approvers.joined(separator: ", "))") }
            if !asked.notifyUsers.isEmpty { lines.append("To be told: \(asked.notifyUsers.joined(separator: ", "))") }
        case .invalid: break
        }
        write(lines, to: id, of: job, &change)
    }

    fileprivate mutating func endServerStep(
        _ place: Int,
        of job: Job,
        _ result: TaskResult,
        _ reason: String,
        _ change: inout ControlChange
    ) {
        guard let id = serverRecord(place, of: job), let step = job.server?.steps[place] else { return }
        let isWarning = (result == .failed) && step.continueOnError
        runs[job.run]?.update(id, at: change.now) { record in
            record.state = .completed
            record.result = isWarning ? .succeededWithIssues : result
            record.finishedAt = change.now
            record.percentComplete = 100
            if result == .skipped { record.resultCode = reason }
            guard (result == .failed) else { return }
            record.issues.append(Issue(isWarning ? .warning : .error, reason))
            if isWarning { record.warningCount += 1 } else { record.errorCount += 1 }
        }
        guard result != .skipped else { return }
        let mark = (result == .failed) ? isWarning ? "##[warning]" : "##[error]" : ""
        write(["\(mark)\(reason)", "##[section]Finishing: \(step.displayName)"], to: id, of: job, &change)
    }

    /// Adds lines to the log of a record, which is made with its first line.
    private mutating func write(_ lines: [String], to record: RecordID, of job: Job, _ change: inout ControlChange) {
        guard let active = runs[job.run] else { return }
        let known = active.records[record]?.log.flatMap { active.logs[$0] }
        var log = known ?? RunLog(id: active.nextLogID, run: job.run, path: "logs\\\(record)", createdAt: change.now)
        let stamp = "\(change.now.ISO8601Format().dropLast()).0000000Z"
        let text = lines.map { "\(stamp) \($0)\n" }.joined()
        let offset = log.byteCount
        log.lineCount += lines.count
        log.byteCount += text.utf8.count
        runs[job.run]?.logs[log.id] = log
        runs[job.run]?.update(record, at: change.now) { $0.log = log.id }
        change.store.append(.putLog(log))
        let news = log
        change.effects.append { plane in
            plane.writeServerLog(news, text, at: offset)
            plane.runEvents.publish(.log(news), to: news.run)
            plane.runEvents.publish(
                .lines(record: record, lines, startLine: news.lineCount - lines.count + 1),
                to: news.run
            )
        }
    }
}
