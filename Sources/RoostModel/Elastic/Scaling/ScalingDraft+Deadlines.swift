/// Rule 2: nothing stays where it is for longer than it may, and what people asked for is done.
extension ScalingDraft {
    mutating func followDeadlines() {
        for row in rows {
            if followWish(of: row) || withdraw(row) || expire(row) { continue }
            retry(row)
        }
    }

    /// What a person asked to become of a machine that has no job, or whose job shall end.
    private mutating func followWish(of row: InstanceFacts) -> Bool {
        guard let wish = row.wish else { return false }
        let reason = ScalingReason.person(wish.by)
        switch (row.phase, wish.kind) {
        case (.planned, _): decide(.cancel(row.number, reason))
        case (.busy, let kind) where wish.force:
            loseJobs(of: row, because: reason)
            decide(kind == .save ? .save(row.number, reason) : .delete(row.number, reason))
        case (.creating, .delete), (.booting, .delete), (.idle, .delete), (.recycling, .delete), (.saved, .delete):
            decide(.delete(row.number, reason))
        case (.booting, .save), (.idle, .save), (.recycling, .save): decide(.save(row.number, reason))
        case (.idle, .reimage) where !isWithdrawn(row): decide(.reimage(row.number, reason))
        default: return false
        }
        return true
    }

    /// A machine of a version that was withdrawn gets no job any more; a busy one goes after those that it runs.
    private mutating func withdraw(_ row: InstanceFacts) -> Bool {
        guard isWithdrawn(row) else { return false }
        switch row.phase {
        case .planned: decide(.cancel(row.number, .withdrawnImage))
        case .creating, .booting, .idle, .recycling: decide(.delete(row.number, .withdrawnImage))
        case .busy, .used, .saved, .deleting, .gone: return false
        }
        return true
    }

    private mutating func expire(_ row: InstanceFacts) -> Bool {
        guard !isAwaited(row) else { return false }
        switch row.phase {
        case .creating, .booting, .recycling:
            guard row.age >= policy.deadline(in: row.phase) else { return false }
            giveUp(row, because: row.phase == .creating ? .notMade : .neverRegistered)
        case .busy:
            guard row.leaseExpired else { return false }
            loseJobs(of: row, because: .leaseExpired)
            decide(.delete(row.number, .leaseExpired))
        case .idle:
            guard row.isSilent || row.isDisabled else { return false }
            decide(.delete(row.number, row.isDisabled ? .disabled : .silent))
        case .planned, .used, .saved, .deleting, .gone: return false
        }
        return true
    }

    /// After a start of the server its agent has not had the time to be heard, and would be judged for that.
    func isAwaited(_ row: InstanceFacts) -> Bool {
        guard isSettling, !row.isHeard else { return false }
        switch row.phase {
        case .creating, .booting, .recycling: return row.age >= policy.deadline(in: row.phase)
        case .idle, .busy: return row.isSilent || row.leaseExpired
        case .planned, .used, .saved, .deleting, .gone: return false
        }
    }

    private mutating func retry(_ row: InstanceFacts) {
        guard let time = row.retryIn, time <= .zero, !row.isUnderWay, snapshot.provider.retryIn == nil else { return }
        switch row.phase {
        case .creating, .recycling, .deleting: decide(.retry(row.number, row.phase))
        case .planned, .booting, .idle, .busy, .used, .saved, .gone: break
        }
    }
}
