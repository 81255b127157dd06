/// What machines are made of, and whether that is still what they shall be made of.
extension ScalingDraft {
    func image(_ name: String) -> ScalingImage? { snapshot.images.first { $0.name == name } }

    func isWithdrawn(_ row: InstanceFacts) -> Bool {
        image(row.image.name)?.quarantined.contains(row.image.digest) ?? false
    }

    /// Of the version that new machines are made of, or of one that is on trial.
    ///
    /// While an image has no version at all, what is there counts: nothing better could be made.
    func isCurrent(_ row: InstanceFacts) -> Bool {
        guard let image = image(row.image.name) else { return false }
        guard let wanted = image.wanted else { return true }
        return row.image.digest == wanted.image.digest || isCandidate(row)
    }

    func isCandidate(_ row: InstanceFacts) -> Bool {
        guard let candidate = image(row.image.name)?.candidate else { return false }
        return row.image.digest == candidate.image.digest
    }

    func isTooOld(_ row: InstanceFacts) -> Bool { policy.timeToLive.map { row.lifetime >= $0 } ?? false }

    func takesJobs(_ row: InstanceFacts) -> Bool {
        row.takesJobs(in: snapshot.state, isWithdrawn: isWithdrawn(row), timeToLive: policy.timeToLive)
    }

    /// Shall be replaced.
    func isStale(_ row: InstanceFacts) -> Bool { !isCurrent(row) || isTooOld(row) }

    /// Whether a job may meet a candidate: chosen by its share, or because nothing else of the image meets its demands.
    func isChosen(_ job: WaitingJob, for candidate: ScalingVersion, of image: ScalingImage) -> Bool {
        guard candidate.mayMeet(job.demands) else { return false }
        if let wanted = image.wanted, !wanted.mayMeet(job.demands) { return true }
        return mayMeetCandidate(job.request, digest: candidate.image.digest, share: policy.canaryShare)
    }

    /// Machines of a version that are there or will be, without those that go.
    func machines(of version: ElasticInstance.Image) -> Int {
        rows.count { $0.image.name == version.name && $0.image.digest == version.digest && $0.phase != .deleting }
    }

    /// Machines of a candidate that stand by while it is on trial.
    func standingCandidates(of image: ScalingImage) -> Int {
        image.candidate != nil && image.standby > 0 && snapshot.state == .active ? policy.canaryMachines : 0
    }
}
