/// Jobs claim what is there before anything is made.
extension ScalingDraft {
    mutating func claimSupply() {
        var groups = supplyGroups
        for group in groups { for member in group.members { supply.free[member.number] = member.free } }
        var fits: [JobKind: JobFit] = [:]
        for job in queue {
            let kind = JobKind(demands: job.demands, chosen: candidates(for: job))
            let fit = fits[kind] ?? makeFit(kind, groups)
            fits[kind] = fit
            let next = fit.groups.compactMap { index in groups[index].place.map { (place: $0, index: index) } }
            guard let index = next.min(by: { $0.place < $1.place })?.index,
                let number = groups[index].take()
            else {
                supply.unmet.append(ScalingSupply.Unmet(request: job.request, fit: fit))
                continue
            }
            claim(number, for: job.request)
        }
    }

    /// The waiting jobs, the next first: by priority, then by how long they wait, then by id.
    private var queue: [WaitingJob] {
        snapshot.waiting.sorted { left, right in
            if left.priority != right.priority { return left.priority > right.priority }
            return (right.age, left.request) < (left.age, right.request)
        }
    }

    private mutating func claim(_ number: Int, for job: RequestID) {
        supply.free[number, default: 0] -= 1
        supply.claimed.insert(number)
        guard let row = row(number) else { return }
        let isThere = row.phase == .idle || row.phase == .busy
        supply.prospects[job] = isThere ? .idle(machine: number) : .coming(machine: number, row.phase)
    }

    private func candidates(for job: WaitingJob) -> [String] {
        guard snapshot.state == .active || snapshot.state == .paused else { return [] }
        return snapshot.images.compactMap { image in
            guard let candidate = image.candidate, isChosen(job, for: candidate, of: image) else { return nil }
            return image.name
        }
    }

    private var supplyGroups: [SupplyGroup] {
        let sources = rows.filter { freeSlots(of: $0) > 0 }.sorted { $0.isTaken(before: $1) }
        let places = Dictionary(sources.enumerated().map { ($1.number, $0) }) { first, _ in first }
        let grouped = Dictionary(grouping: sources) { [$0.image.name, $0.image.digest, isGivenUp($0) ? "-" : "+"] }
        return grouped.values.compactMap { rows in rows.first.map { group($0, rows, places) } }
    }

    private func isGivenUp(_ row: InstanceFacts) -> Bool { row.phase == .planned && !isCurrent(row) }

    private func group(_ first: InstanceFacts, _ rows: [InstanceFacts], _ places: [Int: Int]) -> SupplyGroup {
        SupplyGroup(
            image: first.image.name,
            digest: first.image.digest,
            isCandidate: isCandidate(first),
            isGivenUp: isGivenUp(first),
            version: version(of: first.image),
            members: rows.reversed().map { row in
                let isReady = row.phase == .idle || row.phase == .busy
                let place = places[row.number, default: 0]
                return SupplyGroup.Member(number: row.number, free: freeSlots(of: row), isReady: isReady, place: place)
            }
        )
    }

    /// Jobs that a machine can take, now or when it is up.
    private func freeSlots(of row: InstanceFacts) -> Int {
        guard ending == nil else { return 0 }
        if row.phase.isSupply { return row.slots ?? policy.slots }
        guard row.phase == .busy, !row.isDisabled, !row.leaseExpired, takesJobs(row) else { return 0 }
        return max(0, row.freeSlots)
    }

    /// What a machine is of; a version that is not known any more counts as its image's own.
    private func version(of image: ElasticInstance.Image) -> ScalingVersion? {
        guard let known = self.image(image.name) else { return nil }
        let versions = [known.wanted, known.candidate].compactMap(\.self) + known.others
        return versions.first { $0.image.digest == image.digest } ?? known.wanted
    }
}

extension ScalingDraft {
    private func makeFit(_ kind: JobKind, _ groups: [SupplyGroup]) -> JobFit {
        var fit = JobFit()
        for image in snapshot.images {
            consider(image, kind, &fit)
        }
        fit.groups = groups.indices.filter { index in
            let group = groups[index]
            if group.isGivenUp, fit.choice?.version.image.digest != group.digest { return false }
            guard !group.isCandidate || kind.chosen.contains(group.image) else { return false }
            return group.mayMeet(kind.demands)
        }
        return fit
    }

    /// The first image with a version that meets the demands is the job's.
    private func consider(_ image: ScalingImage, _ kind: JobKind, _ fit: inout JobFit) {
        guard fit.choice == nil else { return }
        let versions = ([image.wanted].compactMap(\.self) + image.others).filter { version in
            !image.quarantined.contains(version.image.digest) && version.mayMeet(kind.demands)
        }
        fit.choice = versions.first.map { JobFit.Choice(image: image.name, version: $0) }
        if fit.candidate == nil, kind.chosen.contains(image.name), let candidate = image.candidate {
            fit.candidate = JobFit.Choice(image: image.name, version: candidate)
        }
        if image.wanted == nil, fit.obstacle == .noImage {
            fit.obstacle = .noVersion(image: image.name, image.problem ?? "its selector finds none.")
        }
    }
}

extension InstanceFacts {
    /// The order in which jobs take machines: the youngest idle one, so that what is too much grows old; then the one that is up soonest.
    fileprivate func isTaken(before other: InstanceFacts) -> Bool {
        let (mine, others) = (readiness, other.readiness)
        if mine != others { return mine < others }
        if age != other.age { return phase == .idle ? age < other.age : age > other.age }
        return number < other.number
    }

    private var readiness: Int {
        switch phase {
        case .busy: 0
        case .idle: 1
        case .recycling: 2
        case .booting: 3
        case .creating: 4
        case .planned, .used, .saved, .deleting, .gone: 5
        }
    }
}
