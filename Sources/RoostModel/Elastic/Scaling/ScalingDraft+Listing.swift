/// Rule 1: what a listing says is followed; without one nothing is concluded from silence.
extension ScalingDraft {
    mutating func followListing() {
        guard let listing = snapshot.listing else { return }
        let machines = Dictionary(grouping: listing.filter { $0.tag.pool == snapshot.pool }, by: \.tag.instance)
        for number in machines.keys.sorted() {
            follow(machines[number, default: []].sorted { $0.id < $1.id }, of: number)
        }
        for row in rows where machines[row.number] == nil { missing(row) }
    }

    private mutating func follow(_ machines: [ListedMachine], of number: Int) {
        guard let row = row(number) else {
            for machine in machines { destroy(machine, .orphan) }
            return
        }
        let kept = keeper(among: machines, of: row)
        if kept.id == row.providerID { askAgain(kept, row) } else { adopt(kept, row) }
        judgeState(of: kept, row)
        // Which of the twins its agent is on is not known: none is touched while it runs a job.
        guard row.phase != .busy else { return }
        for machine in machines where machine.id != kept.id { destroy(machine, .twin) }
    }

    private mutating func destroy(_ machine: ListedMachine, _ reason: ScalingReason) {
        guard !snapshot.resting.contains(machine.id) else { return }
        decide(.destroy(machine: machine.id, reason))
    }

    /// The machine that stays the row's: one of its generation before an older one, then the one that it has, then the smallest name.
    private func keeper(among machines: [ListedMachine], of row: InstanceFacts) -> ListedMachine {
        machines.min { left, right in
            let ranks = [left, right].map { machine in
                (machine.tag.generation == row.generation ? 0 : 1, machine.id == row.providerID ? 0 : 1, machine.id)
            }
            return ranks[0] < ranks[1]
        } ?? machines[0]
    }

    private mutating func adopt(_ machine: ListedMachine, _ row: InstanceFacts) {
        decide(.adopt(row.number, machine: machine.id))
        if row.phase == .deleting, !row.isUnderWay { decide(.retry(row.number, .deleting)) }
    }

    /// What was answered as done, and is not to be seen once the time has passed that a listing may be late, is asked for again.
    private mutating func askAgain(_ machine: ListedMachine, _ row: InstanceFacts) {
        guard !row.isUnderWay, row.retryIn == nil, row.age >= policy.listLag else { return }
        switch row.phase {
        case .recycling where machine.tag.generation < row.generation,
            .deleting where machine.state != .deleting:
            decide(.retry(row.number, row.phase))
        default: break
        }
    }

    /// A machine that has ended goes, unless its agent speaks; one that runs a job is left to the lease.
    ///
    /// Where the provider's word is certain nothing is waited for: what its agent said a moment ago it said before the end, and its job ends with it.
    private mutating func judgeState(of machine: ListedMachine, _ row: InstanceFacts) {
        guard let words = machine.state.endWords, machine.tag.generation == row.generation else { return }
        let isCertain = snapshot.provider.endsAreCertain
        guard !row.isUnderWay, isCertain || !row.isHeard && !mayBeHeardAgain(row) else { return }
        switch row.phase {
        case .creating, .booting, .recycling: giveUp(row, because: .stopped(words))
        case .idle: decide(.delete(row.number, .stopped(words)))
        case .busy where isCertain:
            loseJobs(of: row, because: .stopped(words))
            decide(.delete(row.number, .stopped(words)))
        case .planned, .busy, .used, .saved, .deleting, .gone: break
        }
    }

    private mutating func missing(_ row: InstanceFacts) {
        guard !row.isUnderWay, row.phase != .planned else { return }
        if row.phase == .deleting {
            decide(.forget(row.number, .deleted))
            return
        }
        guard row.unlisted >= 1, row.age >= policy.listLag, !row.isHeard, !mayBeHeardAgain(row) else { return }
        if row.phase == .busy {
            // The listing may be wrong; that the lease has expired as well makes it certain.
            guard row.leaseExpired else { return }
            loseJobs(of: row, because: .lost)
        }
        decide(.forget(row.number, .lost))
    }

    /// After a start of the server: its agent was online before, and may have had no time to say so again.
    private func mayBeHeardAgain(_ row: InstanceFacts) -> Bool {
        isSettling && !row.isHeard && (row.phase == .idle || row.phase == .busy)
    }

    /// Shuts the agent out, then takes its jobs away.
    mutating func loseJobs(of row: InstanceFacts, because reason: ScalingReason) {
        decide(.fence(row.number, reason))
        for job in row.jobs.sorted() { decide(.loseJob(job, on: row.number, reason)) }
    }

    /// Keeps a machine that did not come up for study, where there is room for that; otherwise it goes.
    mutating func giveUp(_ row: InstanceFacts, because reason: ScalingReason) {
        let saved = rows.count { $0.phase == .saved }
        let canBeSaved = row.providerID != nil && row.phase != .creating && saved < policy.maxSaved
        decide(canBeSaved && snapshot.state == .active ? .save(row.number, reason) : .delete(row.number, reason))
    }
}

extension ListedMachine.State {
    /// What the provider says of a machine that has ended; nil for one that has not.
    fileprivate var endWords: String? {
        switch self {
        case .stopped: ""
        case .failed(let words): words
        case .creating, .running, .deleting: nil
        }
    }
}
