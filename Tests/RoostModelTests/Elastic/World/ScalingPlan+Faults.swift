import RoostModel

extension ScalingPlan {
    /// What no plan may be, whatever the snapshot; in words.
    func faults(of snapshot: ScalingSnapshot) -> [String] {
        killings(of: snapshot) + conclusions(of: snapshot) + excess(of: snapshot) + silences(of: snapshot)
    }

    private func killings(of snapshot: ScalingSnapshot) -> [String] {
        let busy = snapshot.instances.filter {
            $0.phase == .busy && !$0.leaseExpired && $0.wish?.force != true && !snapshot.hasEnded($0)
        }
        let numbers = Set(busy.map(\.number))
        return actions.compactMap { action in
            switch action {
            case .delete(let number, _), .reimage(let number, _), .cancel(let number, _), .save(let number, _),
                .forget(let number, _), .fence(let number, _), .loseJob(_, let number, _):
                numbers.contains(number) ? "\(action.text) while it is busy" : nil
            case .create, .adopt, .destroy, .retry, .explain: nil
            }
        }
    }

    private func conclusions(of snapshot: ScalingSnapshot) -> [String] {
        guard snapshot.listing == nil else { return [] }
        return actions.compactMap { action in
            switch action {
            case .destroy, .adopt, .forget: "\(action.text) without a listing"
            default: nil
            }
        }
    }

    private func excess(of snapshot: ScalingSnapshot) -> [String] {
        var occupied = snapshot.instances.count { $0.phase.occupies }
        var creates = 0
        for action in actions {
            switch action {
            case .create: (occupied, creates) = (occupied + 1, creates + 1)
            case .cancel, .forget: occupied -= 1
            default: break
            }
        }
        return creates > 0 && occupied > snapshot.policy.max
            ? ["\(actions.text): more than \(snapshot.policy.max)"] : []
    }

    /// Each waiting job has its sentence.
    private func silences(of snapshot: ScalingSnapshot) -> [String] {
        snapshot.waiting.compactMap { job in
            prospects[job.request]?.sentence.isEmpty == false ? nil : "nothing is said of job \(job.request)"
        }
    }
}

extension ScalingSnapshot {
    /// The provider knows for certain that the machine has ended.
    fileprivate func hasEnded(_ row: InstanceFacts) -> Bool {
        guard provider.endsAreCertain, let listing else { return false }
        return listing.contains { machine in
            let hasEnded = if case .failed = machine.state { true } else { machine.state == .stopped }
            return hasEnded && machine.tag.instance == row.number && machine.tag.generation == row.generation
        }
    }
}
