public import FoundationEssentials

extension ElasticPoolSettings {
    /// The settings as they hold now; only here the wall clock counts.
    ///
    /// - Parameters:
    ///   - moment: now.
    ///   - usage: how long machines existed so far.
    ///   - starts: how long the last starts took, at most 50 of them.
    ///   - listLag: the provider's.
    /// - Returns: what the scaler goes by until ``ScalingPolicy/changesIn`` has passed.
    public func policy(
        at moment: Date,
        usage: ElasticUsage = ElasticUsage(),
        starts: [Duration] = [],
        listLag: Duration = .seconds(60)
    ) -> ScalingPolicy {
        let spent = budget.spent(usage)
        let schedule = schedules.first { $0.hours.isOpen(at: moment) }
        var ceiling = ScalingCeiling.settings
        if let schedule, schedule.max != nil { ceiling = .schedule(schedule.name) }
        if let spent { ceiling = spent }
        return ScalingPolicy(
            max: spent == nil ? schedule?.max ?? max : 0,
            ceiling: ceiling,
            idleDelay: idleDelay,
            recycle: recycle,
            bootDeadline: bootDeadline.time(after: starts),
            listLag: listLag,
            maxSaved: maxSaved,
            burst: burst,
            slots: slots,
            timeToLive: timeToLive,
            canaryShare: canary?.share ?? 0,
            canaryMachines: canary?.machines ?? 0,
            changesIn: changesIn(after: moment, usage)
        )
    }

    /// Agents of an image that shall wait for jobs now.
    ///
    /// The pool's number, or that of the schedule that is open, is the first image's, unless it has its own; a schedule of none is for all images.
    ///
    /// - Parameters:
    ///   - index: of the image; 0 for engines without images.
    ///   - moment: now.
    ///   - usage: how long machines existed so far.
    /// - Returns: the number; with 0 a machine is made only when a job waits.
    public func standby(ofImage index: Int, at moment: Date, usage: ElasticUsage = ElasticUsage()) -> Int {
        guard budget.spent(usage) == nil else { return 0 }
        let schedule = schedules.first { $0.hours.isOpen(at: moment) }
        if schedule?.standby == 0 { return 0 }
        let own = images.indices.contains(index) ? images[index].standby : nil
        let wanted = own ?? (index == 0 ? schedule?.standby ?? standby : 0)
        return Swift.min(wanted, (schedule?.max ?? max) * slots)
    }

    private func changesIn(after moment: Date, _ usage: ElasticUsage) -> Duration? {
        let hours = schedules.compactMap { $0.hours.nextChange(after: moment) }
        let dates = hours + (budget.isUnlimited ? [] : [moment.nextMidnight])
        let times = dates.map { Duration.milliseconds(Int64(($0.timeIntervalSince(moment) * 1_000).rounded(.up))) }
        return (times + budget.left(usage).map { $0 / Swift.max(1, max) }).filter { $0 > .zero }.min()
    }
}

extension ElasticPoolSettings.BootDeadline {
    /// How long a machine may be without its agent.
    ///
    /// - Parameter starts: how long the last starts took; fewer than 5 teach nothing.
    /// - Returns: the time.
    public func time(after starts: [Duration]) -> Duration {
        switch self {
        case .fixed(let time): return time
        case .learnt:
            let sorted = starts.suffix(50).sorted()
            guard sorted.count >= 5 else { return .seconds(600) }
            let slow = sorted[Swift.min(sorted.count - 1, (sorted.count * 95 + 99) / 100 - 1)]
            return Swift.min(Swift.max(slow * 4, .seconds(10)), .seconds(600))
        }
    }
}

extension ElasticBudget {
    var isUnlimited: Bool { machineHoursPerDay == nil && machineHoursPerMonth == nil }

    /// Which part of it is spent; nil when none is.
    func spent(_ usage: ElasticUsage) -> ScalingCeiling? {
        if let hours = machineHoursPerDay, usage.today >= .seconds(hours * 3_600) { return .budget(.day, hours: hours) }
        if let hours = machineHoursPerMonth, usage.thisMonth >= .seconds(hours * 3_600) {
            return .budget(.month, hours: hours)
        }
        return nil
    }

    /// What is left of each part.
    fileprivate func left(_ usage: ElasticUsage) -> [Duration] {
        let day = machineHoursPerDay.map { .seconds($0 * 3_600) - usage.today }
        let month = machineHoursPerMonth.map { .seconds($0 * 3_600) - usage.thisMonth }
        return [day, month].compactMap(\.self)
    }
}

extension Date {
    /// In UTC; months begin at one, too.
    fileprivate var nextMidnight: Date {
        Date(timeIntervalSince1970: ((timeIntervalSince1970 / 86_400).rounded(.down) + 1) * 86_400)
    }
}
