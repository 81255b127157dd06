extension ElasticPoolSettings {
    /// Refuses settings that cannot be.
    ///
    /// - Parameter withImages: whether the pool's engine makes machines of images.
    /// - Throws: ``InvalidElasticPool`` with all flaws.
    public func checked(withImages: Bool) throws(InvalidElasticPool) {
        let flaws = flaws(withImages: withImages)
        if !flaws.isEmpty { throw InvalidElasticPool(flaws: flaws) }
    }

    /// What cannot be, in the order of the settings.
    public func flaws(withImages: Bool) -> [ElasticSettingFlaw] {
        sizeFlaws + timeFlaws + (canary?.flaws ?? []) + scheduleFlaws + budget.flaws
            + imageFlaws(withImages: withImages) + machineFlaws
    }

    /// What is accepted and does nothing, one sentence each.
    public var warnings: [String] {
        guard interactiveUI else { return [] }
        return [
            "interactiveUI does nothing: jobs run without a desktop. Start a virtual display in the job if a test needs one."
        ]
    }

    private var sizeFlaws: [ElasticSettingFlaw] {
        var flaws = FlawList()
        flaws.need(max, in: 1...10_000, "max")
        flaws.need(standby, in: 0...Swift.max(0, max), "standby", advice: "Lower standby, or raise max.")
        flaws.need(maxSaved, in: 0...Swift.max(0, max), "maxSaved", advice: "Lower maxSaved, or raise max.")
        flaws.need(burst, in: 1...1_000, "burst")
        flaws.need(slots, in: 1...64, "slots")
        return flaws.flaws
    }

    private var timeFlaws: [ElasticSettingFlaw] {
        var flaws = FlawList()
        flaws.need(idleDelay, from: .zero, to: .seconds(30 * 86_400), "idleDelay")
        if let timeToLive { flaws.need(timeToLive, from: .seconds(60), to: .seconds(365 * 86_400), "timeToLive") }
        if case .fixed(let time) = bootDeadline {
            flaws.need(time, from: .seconds(1), to: .seconds(2 * 3_600), "bootDeadline")
        }
        return flaws.flaws
    }

    private var scheduleFlaws: [ElasticSettingFlaw] {
        schedules.enumerated().flatMap { index, schedule in
            schedule.flaws(at: "schedules[\(index + 1)]", in: self)
        }
    }

    private var machineFlaws: [ElasticSettingFlaw] {
        var flaws = FlawList()
        if let cpu = size.milliProcessors { flaws.need(cpu, in: 10...1_024_000, "size.milliProcessors") }
        if let memory = size.memory { flaws.need(memory, in: (16 << 20)...(1 << 44), "size.memory") }
        if let processes = size.processes { flaws.need(processes, in: 16...4_194_304, "size.processes") }
        return flaws.flaws
    }

    private func imageFlaws(withImages: Bool) -> [ElasticSettingFlaw] {
        var flaws = FlawList()
        if withImages, images.isEmpty {
            flaws.add("images", "is empty", "Name the gallery and the definition that machines are made of.")
        }
        if !withImages, !images.isEmpty {
            flaws.add("images", "cannot be set", "This engine makes machines out of no image; leave images out.")
        }
        var names: Set<String> = []
        for (index, image) in images.enumerated() {
            flaws.flaws += image.flaws(at: "images[\(index + 1)]", max: max)
            if !names.insert(image.name.lowercased()).inserted {
                let field = "images[\(index + 1)].name"
                flaws.add(field, "'\(image.name)' is there twice", "Give each image its own name.")
            }
        }
        return flaws.flaws
    }
}

extension CanarySettings {
    fileprivate var flaws: [ElasticSettingFlaw] {
        var flaws = FlawList()
        flaws.need(share, in: 1...50, "canary.share", advice: "5 to 10 is usual; without a canary leave it out.")
        flaws.need(machines, in: 1...100, "canary.machines")
        flaws.need(jobs, in: 5...10_000, "canary.jobs")
        flaws.need(tolerance, in: 5...90, "canary.tolerance")
        flaws.need(slowdown, in: 5...1_000, "canary.slowdown")
        return flaws.flaws
    }
}

extension ElasticSchedule {
    fileprivate func flaws(at field: String, in settings: ElasticPoolSettings) -> [ElasticSettingFlaw] {
        var flaws = FlawList()
        if hours.days.isEmpty { flaws.add("\(field).days", "is empty", "Name at least one day of the week.") }
        if !(0..<1_440).contains(hours.opensAt) || hours.closesAt > 1_440 || hours.opensAt >= hours.closesAt {
            flaws.add(
                "\(field).hours",
                "does not end after it begins",
                "Write times from 00:00 to 24:00; hours over midnight are two schedules."
            )
        }
        flaws.need(hours.minutesAheadOfUTC, in: -840...840, "\(field).zone")
        if max == nil, standby == nil { flaws.add(field, "changes nothing", "Give it a max, a standby or both.") }
        if let max { flaws.need(max, in: 0...10_000, "\(field).max") }
        let most = max ?? settings.max
        if let standby {
            flaws.need(standby, in: 0...Swift.max(0, most), "\(field).standby", advice: "Lower it, or raise its max.")
        }
        return flaws.flaws
    }
}

extension ElasticBudget {
    fileprivate var flaws: [ElasticSettingFlaw] {
        var flaws = FlawList()
        if let hours = machineHoursPerDay { flaws.need(hours, in: 1...1_000_000, "budget.machineHoursPerDay") }
        if let hours = machineHoursPerMonth { flaws.need(hours, in: 1...100_000_000, "budget.machineHoursPerMonth") }
        return flaws.flaws
    }
}

extension ElasticImage {
    fileprivate func flaws(at field: String, max: Int) -> [ElasticSettingFlaw] {
        var flaws = FlawList()
        if name.trimmingBlanks().isEmpty || name.utf8.count > 80 {
            flaws.add("\(field).name", "is no name", "Use 1 to 80 characters.")
        }
        if gallery.isEmpty { flaws.add("\(field).gallery", "is empty", "Name a gallery.") }
        if definition.isEmpty { flaws.add("\(field).definition", "is empty", "Name a definition of the gallery.") }
        if ImageSelector(selector) == nil {
            flaws.add(
                "\(field).selector",
                "'\(selector)' selects nothing",
                "Use latest, 1, 1.4, 1.4.2 or the name of a channel."
            )
        }
        for text in excluded.sorted() where ImageVersionNumber(text) == nil {
            flaws.add("\(field).excluded", "'\(text)' is no version", "Write it as 1.4.2.")
        }
        if let standby {
            flaws.need(standby, in: 0...Swift.max(0, max), "\(field).standby", advice: "Lower it, or raise max.")
        }
        return flaws.flaws
    }
}
