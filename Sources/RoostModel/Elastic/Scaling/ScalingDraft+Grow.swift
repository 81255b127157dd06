/// Rule 4: machines are made one by one, for jobs first, then for standby; what cannot be made is told.
extension ScalingDraft {
    mutating func grow() {
        var room = GrowthRoom(self)
        let (tried, others) = splitByTrial()
        for (job, choice) in tried { make(choice, for: job, &room) }
        for job in others {
            if let choice = job.fit.choice {
                make(choice, for: job, &room)
            } else if let candidate = job.fit.candidate {
                miss(candidate.image, job.request, .trial(image: candidate.image))
            } else {
                miss(nil, job.request, job.fit.obstacle)
            }
        }
        for image in snapshot.images { fillStandby(of: image, &room) }
        for shortage in shortages { decide(.explain(shortage)) }
    }

    /// Jobs that meet a candidate come first, as many as it may have machines.
    private func splitByTrial() -> (tried: [(ScalingSupply.Unmet, JobFit.Choice)], others: [ScalingSupply.Unmet]) {
        var left: [String: Int] = [:]
        for image in snapshot.images {
            guard let candidate = image.candidate, obstacle(of: candidate) == nil else { continue }
            left[image.name] = (policy.canaryMachines - machines(of: candidate.image)) * policy.slots
        }
        var tried: [(ScalingSupply.Unmet, JobFit.Choice)] = []
        var others: [ScalingSupply.Unmet] = []
        for job in supply.unmet {
            guard let candidate = job.fit.candidate, left[candidate.image, default: 0] > 0 else {
                others.append(job)
                continue
            }
            left[candidate.image, default: 0] -= 1
            tried.append((job, candidate))
        }
        return (tried, others)
    }

    private mutating func make(_ choice: JobFit.Choice, for job: ScalingSupply.Unmet, _ room: inout GrowthRoom) {
        if let number = spare(of: choice.version.image) {
            take(number, for: job.request)
        } else if let obstacle = obstacle(of: choice.version) ?? room.obstacle {
            miss(choice.image, job.request, obstacle)
        } else {
            room.take()
            take(create(choice.version.image, .jobWaits), for: job.request)
        }
    }

    /// A machine of this plan that can take one more job.
    private func spare(of image: ElasticInstance.Image) -> Int? {
        guard policy.slots > 1 else { return nil }
        return rows.last { row in
            row.image == image && row.number >= snapshot.nextNumber && supply.free[row.number, default: 0] > 0
        }?.number
    }

    private mutating func take(_ number: Int, for job: RequestID) {
        supply.free[number, default: 0] -= 1
        supply.claimed.insert(number)
        supply.prospects[job] = .coming(machine: number, .planned)
    }

    mutating func create(_ image: ElasticInstance.Image, _ reason: ScalingReason) -> Int {
        let number = takeNumber()
        decide(.create(number, image, reason))
        supply.free[number] = policy.slots
        return number
    }

    private mutating func miss(_ image: String?, _ job: RequestID, _ obstacle: ScalingObstacle) {
        supply.prospects[job] = .short(obstacle)
        if let index = shortages.firstIndex(where: {
            $0.image == image && $0.obstacle == obstacle && !$0.jobs.isEmpty
        }) {
            shortages[index].count += 1
            shortages[index].jobs.append(job)
        } else {
            shortages.append(ScalingShortage(image: image, count: 1, jobs: [job], obstacle: obstacle))
        }
    }

    private mutating func fillStandby(of image: ScalingImage, _ room: inout GrowthRoom) {
        let missing = image.standby - unclaimed(of: image.name)
        guard missing > 0, ending == nil else { return }
        for index in 0..<missing.dividedUp(by: policy.slots) {
            let trouble = image.wanted.map { obstacle(of: $0) ?? room.obstacle } ?? noVersion(of: image)
            if let trouble {
                let count = missing.dividedUp(by: policy.slots) - index
                guard trouble.isTrouble else { return }
                shortages.append(ScalingShortage(image: image.name, count: count, obstacle: trouble))
                return
            }
            guard let wanted = image.wanted else { return }
            room.take()
            _ = create(wanted.image, .standby)
        }
    }

    private func noVersion(of image: ScalingImage) -> ScalingObstacle {
        .noVersion(image: image.name, image.problem ?? "its selector finds none.")
    }

    /// Agents of an image that no job claims, there or coming; a candidate's are not among them.
    ///
    /// - Parameters:
    ///   - image: its name.
    ///   - isBesideJobs: also those of machines that run jobs.
    /// - Returns: how many.
    func unclaimed(of image: String, besideJobs isBesideJobs: Bool = true) -> Int {
        rows.reduce(0) { total, row in
            guard row.image.name == image, !isCandidate(row), row.phase != .deleting else { return total }
            guard isBesideJobs || row.phase != .busy else { return total }
            return total + supply.free[row.number, default: 0]
        }
    }
}

extension Int {
    func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / Swift.max(1, divisor) }
}
