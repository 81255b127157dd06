/// Rule 5: what is too much goes, the oldest first; busy machines never.
extension ScalingDraft {
    /// Gives up rows for which nothing was asked yet, before anything is made.
    mutating func cancelPlanned() {
        for row in rows where row.phase == .planned && !supply.claimed.contains(row.number) {
            if let ending {
                cancel(row, ending)
            } else if !isCurrent(row) {
                cancel(row, .oldImage)
            } else if isExcess(row, allowing: surge(for: row)) {
                cancel(row, .excess)
            } else if let image = imageWithoutRoom {
                cancel(row, .makesRoom(forImage: image))
            }
        }
    }

    private mutating func cancel(_ row: InstanceFacts, _ reason: ScalingReason) {
        decide(.cancel(row.number, reason))
        supply.free[row.number] = nil
    }

    /// The image of a job for which there is no room; nil when all have room.
    private var imageWithoutRoom: String? {
        let unmet = supply.unmet.filter { $0.fit.choice != nil || $0.fit.candidate != nil }
        guard unmet.count.dividedUp(by: policy.slots) > max(0, policy.max - occupied) else { return nil }
        return unmet.first.flatMap { ($0.fit.candidate ?? $0.fit.choice)?.image }
    }

    /// What may come besides standby: one machine, while one of its image is to be replaced.
    private func surge(for row: InstanceFacts) -> Int {
        let replaces =
            isCurrent(row)
            && rows.contains { other in
                other.phase == .idle && other.image.name == row.image.name && isStale(other)
            }
        return replaces ? policy.slots : 0
    }

    /// Whether the image has enough without this one.
    private func isExcess(_ row: InstanceFacts, allowing surge: Int = 0) -> Bool {
        guard let image = image(row.image.name) else { return true }
        if isCandidate(row) { return machines(of: row.image) > standingCandidates(of: image) }
        // The roll-out counts on idle machines alone, and so does the one that it makes.
        return unclaimed(of: image.name, besideJobs: surge == 0) - policy.slots >= image.standby + surge
    }

    mutating func shrink() {
        if let ending {
            endAll(because: ending)
            return
        }
        dropExcess()
        dropOverMaximum()
        makeRoom()
    }

    private mutating func endAll(because reason: ScalingReason) {
        for row in rows {
            switch row.phase {
            case .idle: decide(.delete(row.number, reason))
            case .creating, .booting, .recycling, .saved:
                if snapshot.state == .deleting { decide(.delete(row.number, reason)) }
            case .planned, .busy, .used, .deleting, .gone: break
            }
        }
    }

    /// Idle ones that no job claims: first those to be replaced, then the oldest.
    var spareIdle: [InstanceFacts] {
        rows.filter { $0.phase == .idle && !supply.claimed.contains($0.number) }.sorted { left, right in
            if isStale(left) != isStale(right) { return isStale(left) }
            return (right.age, left.number) < (left.age, right.number)
        }
    }

    mutating func drop(_ row: InstanceFacts, _ reason: ScalingReason) {
        decide(.delete(row.number, reason))
        supply.free[row.number] = nil
    }

    private mutating func dropExcess() {
        for image in snapshot.images {
            surplus[image.name] = ScalingSurplus(agents: unclaimed(of: image.name) - image.standby)
        }
        for row in spareIdle where row.age >= policy.idleDelay {
            guard let surplus = surplus[row.image.name], !isCandidate(row) else {
                if isExcess(row) { drop(row, .excessIdle) }
                continue
            }
            let most = min(surplus.agents, image(row.image.name)?.lastingSurplus ?? surplus.agents)
            let dropped = surplus.dropped + policy.slots
            guard dropped <= most else { continue }
            drop(row, .excessIdle)
            self.surplus[row.image.name]?.dropped = dropped
        }
    }

    private mutating func dropOverMaximum() {
        let over = staying - policy.max
        for row in spareIdle.prefix(max(0, over)) { drop(row, .overMaximum(policy.ceiling)) }
    }

    /// Jobs at the maximum, while machines of other images are idle: those go, standby or not.
    private mutating func makeRoom() {
        let short = shortages.filter { if case .atMax = $0.obstacle { !$0.jobs.isEmpty } else { false } }
        guard let image = short.first?.image, snapshot.state == .active else { return }
        let jobs = short.reduce(0) { $0 + $1.count }
        let leaving = rows.count { $0.phase == .deleting } + strays
        let needed = jobs.dividedUp(by: policy.slots) - leaving
        for row in spareIdle.prefix(max(0, needed)) { drop(row, .makesRoom(forImage: image)) }
    }
}
