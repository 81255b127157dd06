/// Rule 3: a machine that had its job is made anew, or goes.
extension ScalingDraft {
    mutating func recycleUsed() {
        for row in rows where row.phase == .used {
            if row.wish?.kind == .save {
                decide(.save(row.number, .person(row.wish?.by ?? "")))
            } else if let reason = whyNotAgain(row) {
                decide(.delete(row.number, reason))
            } else {
                decide(.reimage(row.number, .used))
            }
        }
    }

    private func whyNotAgain(_ row: InstanceFacts) -> ScalingReason? {
        if let wish = row.wish, wish.kind == .delete { return .person(wish.by) }
        if let ending { return ending }
        if row.isDisabled { return .disabled }
        if isWithdrawn(row) { return .withdrawnImage }
        if !isCurrent(row) { return .oldImage }
        if isTooOld(row) { return .tooOld }
        if staying > policy.max { return .overMaximum(policy.ceiling) }
        if candidateNeedsRoom { return .makesRoomForCandidate }
        let mayReimage = policy.recycle == .reimage || row.wish?.kind == .reimage
        return mayReimage && snapshot.state == .active && row.providerID != nil ? nil : .used
    }

    /// Why every machine goes; nil when they stay.
    var ending: ScalingReason? {
        switch snapshot.state {
        case .draining: .draining
        case .deleting: .poolDeleted
        case .active, .paused: nil
        }
    }

    /// A job was chosen to meet a candidate, and there is neither a machine of it nor a place for one, nor will there be.
    private var candidateNeedsRoom: Bool {
        guard snapshot.state == .active, policy.canaryMachines > 0, occupied >= policy.max else { return false }
        guard !rows.contains(where: { $0.phase == .deleting }), strays == 0 else { return false }
        return snapshot.images.contains { image in
            guard let candidate = image.candidate, candidate.failures == 0 else { return false }
            let hasOne = rows.contains { $0.image.digest == candidate.image.digest && $0.image.name == image.name }
            return !hasOne && snapshot.waiting.contains { isChosen($0, for: candidate, of: image) }
        }
    }
}
