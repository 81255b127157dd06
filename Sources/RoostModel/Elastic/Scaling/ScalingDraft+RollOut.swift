/// Rule 6: machines to be replaced are replaced one at a time, while nothing else is to be done.
extension ScalingDraft {
    mutating func rollOut() {
        guard snapshot.state == .active, snapshot.waiting.isEmpty, isQuiet else { return }
        let spare = spareIdle
        let stale = spare.filter(isStale)
        var ready: [String: Int] = [:]
        for row in spare where !isCandidate(row) { ready[row.image.name, default: 0] += 1 }
        if let row = stale.first(where: { isCovered(without: $0, ready) }) {
            drop(row, staleness(of: row))
        } else if let row = stale.first {
            replace(row)
        } else if !rows.contains(where: \.phase.isComing) {
            standCandidate()
        }
    }

    /// Nothing is on its way out and nothing was made.
    private var isQuiet: Bool {
        let makes = actions.contains { if case .create = $0 { true } else { false } }
        return !makes && strays == 0 && !rows.contains { $0.phase == .deleting }
    }

    private func staleness(of row: InstanceFacts) -> ScalingReason { isCurrent(row) ? .tooOld : .oldImage }

    /// Whether standby is there, and not only coming, without this one.
    private func isCovered(without row: InstanceFacts, _ ready: [String: Int]) -> Bool {
        guard let image = image(row.image.name) else { return true }
        let others = ready[image.name, default: 0] - (isCandidate(row) ? 0 : 1)
        return others * policy.slots >= image.standby
    }

    private mutating func replace(_ row: InstanceFacts) {
        guard !rows.contains(where: \.phase.isComing), let wanted = image(row.image.name)?.wanted else { return }
        if occupied >= policy.max {
            drop(row, staleness(of: row))
        } else if GrowthRoom(self).obstacle == nil, obstacle(of: wanted) == nil {
            _ = create(wanted.image, .surge)
        }
    }

    /// A machine of a candidate stands by besides the others, where that leaves a place free.
    private mutating func standCandidate() {
        for image in snapshot.images {
            guard let candidate = image.candidate, machines(of: candidate.image) < standingCandidates(of: image),
                policy.max - occupied >= 2, GrowthRoom(self).obstacle == nil, obstacle(of: candidate) == nil
            else { continue }
            _ = create(candidate.image, .candidate)
            return
        }
    }
}
