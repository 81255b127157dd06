public import FoundationEssentials

/// Where one image of a pool stands: which version is wanted, which is on trial, which were withdrawn.
public struct ElasticRoll: Hashable, Sendable, Codable {
    public struct Withdrawal: Hashable, Sendable, Codable {
        public var image: ElasticInstance.Image
        public var finding: RollFinding
        public var at: Date
    }

    /// Name of the pool's image.
    public var image: String
    /// Machines are made of it; nil while there is none.
    public private(set) var wanted: ElasticInstance.Image?
    public private(set) var wantedSince: Date?
    /// How jobs end on the version that is wanted.
    public private(set) var record: JobRecord
    public private(set) var candidate: ElasticInstance.Image?
    public private(set) var trialSince: Date?
    public private(set) var trial: ImageTrial
    /// The newest last; at most 100.
    public private(set) var withdrawals: [Withdrawal]
    private var durations: UsualDurations

    public init(image: String) {
        self.image = image
        record = JobRecord()
        trial = ImageTrial()
        withdrawals = []
        durations = UsualDurations()
    }

    /// Digests of versions that are not taken.
    public var quarantined: Set<String> { Set(withdrawals.map(\.image.digest)) }

    /// What the image's selector finds now.
    ///
    /// A version that was withdrawn changes nothing, and the first of all is taken at once: there is nothing to compare it with.
    ///
    /// - Parameters:
    ///   - found: nil when it finds none, so that no machine can be made.
    ///   - canary: nil takes every version at once.
    ///   - moment: now.
    /// - Returns: what changed, for the pool's log.
    public mutating func follow(
        _ found: ElasticInstance.Image?,
        _ canary: CanarySettings?,
        at moment: Date
    ) -> RollChange? {
        guard let found else { return lose() }
        guard !quarantined.contains(found.digest) else { return endTrial() }
        if found.digest == wanted?.digest {
            wanted = found
            return endTrial()
        }
        if found.digest == candidate?.digest, canary != nil { return nil }
        guard canary != nil, let wanted else { return take(found, at: moment) }
        (candidate, trialSince, trial) = (found, moment, ImageTrial())
        return .onTrial(found, besides: wanted)
    }

    /// Counts a job that ended on a machine of the image, unless it was cancelled.
    ///
    /// - Parameters:
    ///   - job: its name and its pipeline's, the same for jobs that take about as long.
    ///   - digest: of the machine's version.
    ///   - failed: the job failed, or the machine did.
    ///   - time: that it took.
    ///   - canary: the pool's settings.
    ///   - moment: now.
    /// - Returns: what changed.
    public mutating func finished(
        _ job: String,
        on digest: String,
        failed: Bool,
        took time: Duration,
        _ canary: CanarySettings,
        at moment: Date
    ) -> RollChange? {
        if digest == wanted?.digest {
            record.count(failed: failed)
            if !failed { durations.note(job, took: time) }
            return nil
        }
        guard digest == candidate?.digest else { return nil }
        trial.jobs += 1
        if failed {
            trial.failed += 1
        } else if let usual = durations.usual(job) {
            trial.timed += 1
            if time > usual * (100 + canary.slowdown) / 100 + .seconds(1) { trial.slow += 1 }
        }
        return judge(canary, at: moment)
    }

    /// Counts a machine of the image that came online, or did not in time.
    ///
    /// Starts that failed for the provider's sake are not to be counted.
    ///
    /// - Parameters:
    ///   - digest: of the machine's version.
    ///   - failed: whether it did not come online.
    ///   - canary: the pool's settings.
    ///   - moment: now.
    /// - Returns: what changed.
    public mutating func started(
        _ digest: String,
        failed: Bool,
        _ canary: CanarySettings,
        at moment: Date
    ) -> RollChange? {
        guard digest == candidate?.digest else { return nil }
        if failed { trial.failedStarts += 1 } else { trial.starts += 1 }
        return judge(canary, at: moment)
    }

    /// A person ends the trial.
    ///
    /// - Parameters:
    ///   - verdict: promotes the candidate, or withdraws it.
    ///   - moment: now.
    /// - Returns: what changed; nil when none is on trial.
    public mutating func decide(_ verdict: RollVerdict, at moment: Date) -> RollChange? {
        guard let candidate else { return nil }
        switch verdict {
        case .goesOn: return nil
        case .promoted(let finding):
            _ = take(candidate, at: moment)
            return .promoted(candidate, finding)
        case .withdrawn(let finding):
            withdraw(candidate, finding, at: moment)
            return .withdrawn(candidate, finding)
        }
    }

    /// The withdrawal of a version.
    ///
    /// - Parameter version: as the image has it, or its number alone; nil is the one that was withdrawn last.
    /// - Returns: nil when there is none.
    public func withdrawal(of version: String?) -> Withdrawal? {
        guard let wanted = version?.lowercased() else { return withdrawals.last }
        return withdrawals.last { withdrawal in
            let name = withdrawal.image.version.lowercased()
            return name == wanted || name.hasSuffix("/\(wanted)")
        }
    }

    /// A version that was withdrawn may be tried again: it is when the selector finds it.
    ///
    /// - Parameter digest: of the version.
    /// - Returns: what changed; nil when it was not withdrawn.
    public mutating func readmit(_ digest: String) -> RollChange? {
        guard let last = withdrawals.last(where: { $0.image.digest == digest }) else { return nil }
        withdrawals.removeAll { $0.image.digest == digest }
        return .readmitted(last.image)
    }

    private mutating func judge(_ canary: CanarySettings, at moment: Date) -> RollChange? {
        decide(planRoll(trial, against: record, canary), at: moment)
    }

    private mutating func take(_ version: ElasticInstance.Image, at moment: Date) -> RollChange {
        let before = wanted
        // A candidate's jobs are a record already; how long jobs take stays known.
        record = version.digest == candidate?.digest ? JobRecord(jobs: trial.jobs, failed: trial.failed) : JobRecord()
        (wanted, wantedSince) = (version, moment)
        _ = endTrial()
        return .wanted(version, before: before)
    }

    private mutating func lose() -> RollChange? {
        guard let old = wanted else { return nil }
        (wanted, wantedSince) = (nil, nil)
        _ = endTrial()
        return .lost(old)
    }

    private mutating func endTrial() -> RollChange? {
        guard let old = candidate else { return nil }
        (candidate, trialSince, trial) = (nil, nil, ImageTrial())
        return .ended(old)
    }

    private mutating func withdraw(_ version: ElasticInstance.Image, _ finding: RollFinding, at moment: Date) {
        withdrawals.append(Withdrawal(image: version, finding: finding, at: moment))
        if withdrawals.count > 100 { withdrawals.removeFirst(withdrawals.count - 100) }
        _ = endTrial()
    }
}
