extension ReportDraft {
    typealias Difference = ElasticPoolReport.Difference

    var poolDifferences: [Difference] {
        stateDifferences + shortages.map(difference) + imageDifferences + strayDifferences
    }

    private var stateDifferences: [Difference] {
        var found: [Difference] = []
        switch snapshot.state {
        case .active: break
        case .paused: found.append(Difference(nil, ScalingObstacle.paused.sentence))
        case .draining: found.append(Difference(nil, ScalingObstacle.draining.sentence))
        case .deleting: found.append(Difference(nil, ScalingObstacle.deleting.sentence))
        }
        if let settling = snapshot.settling, rows.contains(where: isAwaited) {
            let sentence = "The server has just started: until its agents are heard no machine is judged silent."
            found.append(Difference(nil, sentence, nextIn: settling))
        }
        if policy.ceiling != .settings { found.append(Difference(nil, ceilingSentence, nextIn: policy.changesIn)) }
        return found
    }

    private var ceilingSentence: String { "At most \(policy.max) machines, the maximum \(policy.ceiling.phrase)." }

    private func difference(_ shortage: ScalingShortage) -> Difference {
        let who =
            shortage.jobs.isEmpty
            ? "agent\(shortage.count == 1 ? "" : "s") on standby" : "job\(shortage.count == 1 ? "" : "s")"
        let image = shortage.image.map { $0.isEmpty ? "" : " of image '\($0)'" } ?? ""
        let head = "No machine\(image) for \(shortage.count) \(who)."
        return Difference(nil, "\(head) \(shortage.obstacle.sentence)", nextIn: time(of: shortage.obstacle))
    }

    /// Until it may be over; nil when that takes an event.
    private func time(of obstacle: ScalingObstacle) -> Duration? {
        switch obstacle {
        case .throttled(let time), .backingOff(let time, _): time
        case .quota: snapshot.provider.quotaEndsIn
        case .probing: rows.filter { $0.phase == .creating || $0.phase == .booting }.map(timeLeft).min()
        case .paused, .draining, .deleting, .atMax, .burst, .trial, .noVersion, .noImage: nil
        }
    }

    private var imageDifferences: [Difference] {
        snapshot.images.flatMap { image in
            var found: [Difference] = []
            if let candidate = image.candidate {
                found.append(Difference(nil, "\(candidate.image.version) is on trial.", nextIn: candidate.backoff))
            }
            if image.wanted == nil {
                let problem = image.problem ?? "its selector finds none."
                found.append(Difference(nil, ScalingObstacle.noVersion(image: image.name, problem).sentence))
            }
            return found
        }
    }

    private var strayDifferences: [Difference] {
        plan.actions.compactMap { action in
            guard case .destroy(let machine, let reason) = action else { return nil }
            return Difference(nil, "Machine '\(machine)' is no row's (\(reason.text)) and is removed.")
        }
    }

    /// Until a machine that is on its way is given up.
    private func timeLeft(_ row: InstanceFacts) -> Duration { policy.deadline(in: row.phase) - row.age }

    func difference(of row: InstanceFacts) -> Difference? {
        let limit = timeLeft(row)
        switch row.phase {
        case .planned: return tell(row, "is about to be made")
        case .creating: return tell(row, "is being made", nextIn: row.retryIn ?? limit)
        case .booting: return tell(row, "starts, its agent is not online yet", nextIn: limit)
        case .recycling: return tell(row, "is made anew, its agent is not online yet", nextIn: row.retryIn ?? limit)
        case .used: return tell(row, "had its job")
        case .saved: return tell(row, "is kept for study until somebody deletes it")
        case .deleting: return tell(row, "is being removed", nextIn: row.retryIn)
        case .idle: return idleDifference(row)
        case .busy: return busyDifference(row)
        case .gone: return nil
        }
    }

    private func idleDifference(_ row: InstanceFacts) -> Difference? {
        if row.isSilent { return tell(row, "is idle, and its agent is silent") }
        if row.isDisabled { return tell(row, "is idle, and its agent is disabled") }
        if isStale(row) { return tell(row, "is idle and \(staleness(of: row)): it is replaced when nothing waits") }
        return nil
    }

    private func busyDifference(_ row: InstanceFacts) -> Difference? {
        if row.leaseExpired { return tell(row, "is busy, and the lease of its job has expired") }
        if let wish = row.wish {
            return tell(row, "is busy; \(wish.by) asked to \(wish.kind.rawValue) it after its job")
        }
        if row.isDisabled { return tell(row, "is busy, and its agent is disabled: it goes after its job") }
        guard isStale(row) else { return nil }
        // Where machines are used again, one of an old version that is not withdrawn takes jobs as long as any wait.
        let staysForJobs = policy.recycle == .reuse && !isTooOld(row)
        let end = staysForJobs ? "it is replaced when nothing waits" : "it goes after its job"
        return tell(row, "is busy and \(staleness(of: row)): \(end)")
    }

    private func staleness(of row: InstanceFacts) -> String { isCurrent(row) ? "too old" : "of an old image" }

    private func tell(_ row: InstanceFacts, _ what: String, nextIn: Duration? = nil) -> Difference {
        var sentence = "Machine \(row.number) \(what)."
        if let failure = row.failure {
            let attempts = row.attempts > 1 ? " (\(row.attempts) attempts)" : ""
            sentence += " Last failure\(attempts): \(failure)"
        }
        return Difference(row.number, sentence, age: row.age, nextIn: nextIn)
    }
}
