public import FoundationEssentials
public import RoostModel

extension RunSnapshot {
    /// Carries decisions out on the snapshot itself.
    ///
    /// The jobs made are at the end of ``jobs``, in the order of the decisions. Counters to be reserved are left to the caller.
    ///
    /// - Parameters:
    ///   - decisions: What ``planProgress(_:at:)`` gave for this snapshot.
    ///   - now: When they were made.
    ///   - makeID: Gives each new job its id.
    public mutating func apply(_ decisions: [ProgressDecision], at now: Date, makeID: () -> JobID) {
        for decision in decisions {
            switch decision {
            case .create(let draft, _):
                let isReady = draft.readiness == .ready
                jobs.append(draft.job(makeID(), of: run, state: isReady ? .queued : .waiting, at: now))
            case .skip(let draft, _): jobs.append(draft.job(makeID(), of: run, state: .finished(.skipped), at: now))
            case .fail(let draft, _): jobs.append(draft.job(makeID(), of: run, state: .finished(.failed), at: now))
            case .refuse(let draft, let result, _):
                jobs.append(draft.job(makeID(), of: run, state: .finished(result), at: now))
            case .omit(let id, _):
                change(id) {
                    $0.state = .finished(.skipped)
                    $0.finishedAt = now
                }
            case .openGate(let stage, _): gates?[stage] = .waiting
            case .release(let id, _):
                change(id) {
                    $0.state = .queued
                    $0.queuedAt = now
                }
            case .cancel(let id, _):
                change(id) {
                    $0.state = .finished(.canceled)
                    $0.finishedAt = now
                }
            case .finishRun(let result, _):
                run.state = .completed(result)
                run.finishedAt = now
            case .reserveCounter: break
            }
        }
    }

    private mutating func change(_ id: JobID, _ body: (inout Job) -> Void) {
        guard let place = jobs.firstIndex(where: { $0.id == id }) else { return }
        body(&jobs[place])
    }
}

extension JobDraft {
    /// The first attempt of the job; its pool is still to be chosen.
    public func job(_ id: JobID, of run: Run, state: JobState, at now: Date) -> Job {
        Job(
            id: id,
            run: run.id,
            pipeline: run.pipeline,
            project: run.project,
            stage: stage,
            name: name,
            leg: leg,
            position: position,
            copies: copies,
            displayName: displayName,
            demands: demands,
            priority: run.priority,
            state: state,
            queuedAt: state == .queued ? now : nil,
            finishedAt: state.isFinished ? now : nil,
            timeoutInMinutes: timeoutInMinutes,
            cancelTimeoutInMinutes: cancelTimeoutInMinutes,
            continueOnError: continueOnError,
            variables: variables,
            hook: hook,
            server: server
        )
    }
}
