public import RoostModel

/// Settings of an elastic pool in Roost's own words; in changes, what is nil stays as it is.
public struct ElasticSettingsWire: Codable, Sendable, Hashable {
    public struct Image: Codable, Sendable, Hashable {
        public var name: String?
        public var gallery: String?
        public var definition: String?
        public var selector: String?
        public var capabilities: [String: String]?
        public var standby: Int?
        public var excluded: [String]?

        public init(
            name: String? = nil,
            gallery: String? = nil,
            definition: String? = nil,
            selector: String? = nil
        ) {
            self.name = name
            self.gallery = gallery
            self.definition = definition
            self.selector = selector
        }
    }

    public struct Schedule: Codable, Sendable, Hashable {
        public var name: String?
        /// Such as `monday`.
        public var days: [String]?
        /// `08:00`.
        public var startTime: String?
        public var endTime: String?
        /// `UTC`, `UTC+08:00`.
        public var timeZone: String?
        public var max: Int?
        public var standby: Int?

        public init() {}
    }

    public struct Canary: Codable, Sendable, Hashable {
        /// Without it a new version is taken at once.
        public var enabled: Bool?
        public var share: Int?
        public var machines: Int?
        public var jobs: Int?
        public var tolerance: Int?
        public var slowdown: Int?

        public init() {}
    }

    public var max: Int?
    public var standby: Int?
    public var idleDelaySeconds: Int?
    /// `reimage`, `delete` or `reuse`.
    public var recycle: String?
    public var maxSaved: Int?
    /// 0 takes the limit away.
    public var timeToLiveSeconds: Int?
    /// 0 lets it be learnt.
    public var bootDeadlineSeconds: Int?
    public var burst: Int?
    /// Jobs that a machine runs at once.
    public var slots: Int?
    public var canary: Canary?
    public var interactiveUI: Bool?
    public var schedules: [Schedule]?
    /// 0 takes the limit away.
    public var machineHoursPerDay: Int?
    public var machineHoursPerMonth: Int?
    public var images: [Image]?
    /// 0 takes the limit away.
    public var milliProcessors: Int?
    public var memory: Int?
    public var processes: Int?
    /// `server` or `host`.
    public var network: String?

    public init() {}
}

extension ElasticSettingsWire {
    public init(_ settings: ElasticPoolSettings) {
        self.init()
        max = settings.max
        standby = settings.standby
        idleDelaySeconds = settings.idleDelay.wholeSeconds
        recycle = settings.recycle.rawValue
        maxSaved = settings.maxSaved
        timeToLiveSeconds = settings.timeToLive?.wholeSeconds
        if case .fixed(let time) = settings.bootDeadline { bootDeadlineSeconds = time.wholeSeconds }
        burst = settings.burst
        slots = settings.slots
        canary = Canary(settings.canary)
        interactiveUI = settings.interactiveUI
        schedules = settings.schedules.isEmpty ? nil : settings.schedules.map(Schedule.init)
        machineHoursPerDay = settings.budget.machineHoursPerDay
        machineHoursPerMonth = settings.budget.machineHoursPerMonth
        images = settings.images.isEmpty ? nil : settings.images.map(Image.init)
        milliProcessors = settings.size.milliProcessors
        memory = settings.size.memory
        processes = settings.size.processes
        network = settings.network.rawValue
    }

    /// Puts what is given into settings.
    ///
    /// - Returns: words that mean nothing, all of them; nothing else is judged here.
    public func change(_ settings: inout ElasticPoolSettings) -> [ElasticSettingFlaw] {
        var flaws: [ElasticSettingFlaw] = []
        settings.max = max ?? settings.max
        settings.standby = standby ?? settings.standby
        if let idleDelaySeconds { settings.idleDelay = .seconds(idleDelaySeconds) }
        settings.maxSaved = maxSaved ?? settings.maxSaved
        if let time = timeToLiveSeconds { settings.timeToLive = time == 0 ? nil : .seconds(time) }
        if let time = bootDeadlineSeconds { settings.bootDeadline = time == 0 ? .learnt : .fixed(.seconds(time)) }
        settings.burst = burst ?? settings.burst
        settings.slots = slots ?? settings.slots
        settings.interactiveUI = interactiveUI ?? settings.interactiveUI
        if let hours = machineHoursPerDay { settings.budget.machineHoursPerDay = hours == 0 ? nil : hours }
        if let hours = machineHoursPerMonth { settings.budget.machineHoursPerMonth = hours == 0 ? nil : hours }
        if let milliProcessors { settings.size.milliProcessors = milliProcessors == 0 ? nil : milliProcessors }
        if let memory { settings.size.memory = memory == 0 ? nil : memory }
        if let processes { settings.size.processes = processes == 0 ? nil : processes }
        if let images { settings.images = images.map(\.image) }
        canary?.change(&settings.canary)
        settings.recycle = Self.word(recycle, "recycle", &flaws) ?? settings.recycle
        settings.network = Self.word(network, "network", &flaws) ?? settings.network
        if let schedules {
            settings.schedules = schedules.enumerated().compactMap { place, schedule in
                schedule.schedule("schedules[\(place + 1)]", &flaws)
            }
        }
        return flaws
    }

    fileprivate static func word<Word: RawRepresentable & CaseIterable>(
        _ text: String?,
        _ field: String,
        _ flaws: inout [ElasticSettingFlaw]
    ) -> Word? where Word.RawValue == String {
        guard let text else { return nil }
        if let word = Word.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return word }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        flaws.append(
            ElasticSettingFlaw(field: field, problem: "is '\(text.prefix(60))'", advice: "Use one of \(known).")
        )
        return nil
    }
}

extension ElasticSettingsWire.Image {
    fileprivate init(_ image: ElasticImage) {
        self.init(name: image.name, gallery: image.gallery, definition: image.definition, selector: image.selector)
        capabilities = image.capabilities.isEmpty ? nil : image.capabilities.dictionary
        standby = image.standby
        excluded = image.excluded.isEmpty ? nil : image.excluded.sorted()
    }

    fileprivate var image: ElasticImage {
        ElasticImage(
            name: name ?? definition ?? "",
            gallery: gallery ?? "",
            definition: definition ?? "",
            selector: selector ?? "latest",
            capabilities: Capabilities(capabilities ?? [:]),
            standby: standby,
            excluded: Set(excluded ?? [])
        )
    }
}

extension ElasticSettingsWire.Canary {
    fileprivate init(_ canary: CanarySettings?) {
        self.init()
        enabled = canary != nil
        share = canary?.share
        machines = canary?.machines
        jobs = canary?.jobs
        tolerance = canary?.tolerance
        slowdown = canary?.slowdown
    }

    fileprivate func change(_ canary: inout CanarySettings?) {
        guard enabled ?? true else {
            canary = nil
            return
        }
        var next = canary ?? CanarySettings()
        next.share = share ?? next.share
        next.machines = machines ?? next.machines
        next.jobs = jobs ?? next.jobs
        next.tolerance = tolerance ?? next.tolerance
        next.slowdown = slowdown ?? next.slowdown
        canary = next
    }
}

extension ElasticSettingsWire.Schedule {
    fileprivate init(_ schedule: ElasticSchedule) {
        self.init()
        name = schedule.name
        days = BusinessHours.Weekday.allCases.filter(schedule.hours.days.contains).map(\.rawValue)
        startTime = BusinessHours.time(schedule.hours.opensAt)
        endTime = BusinessHours.time(schedule.hours.closesAt)
        timeZone = schedule.hours.zone
        max = schedule.max
        standby = schedule.standby
    }

    fileprivate func schedule(_ field: String, _ flaws: inout [ElasticSettingFlaw]) -> ElasticSchedule? {
        let before = flaws.count
        let days = (days ?? BusinessHours.Weekday.allCases.map(\.rawValue)).compactMap { text in
            ElasticSettingsWire.word(text, "\(field).days", &flaws) as BusinessHours.Weekday?
        }
        func time(_ text: String, _ name: String) -> Int {
            if let minutes = BusinessHours.minutes(text) { return minutes }
            flaws.append(.init(field: "\(field).\(name)", problem: "is '\(text)'", advice: "Write it as 08:00."))
            return 0
        }
        let (opens, closes) = (time(startTime ?? "00:00", "startTime"), time(endTime ?? "24:00", "endTime"))
        let zone = BusinessHours.offset(timeZone ?? "UTC")
        if zone == nil {
            let problem = "is '\(timeZone ?? "")'"
            flaws.append(.init(field: "\(field).timeZone", problem: problem, advice: "Write it as UTC+08:00."))
        }
        guard flaws.count == before else { return nil }
        return ElasticSchedule(
            name: name ?? field,
            hours: BusinessHours(days: Set(days), opensAt: opens, closesAt: closes, minutesAheadOfUTC: zone ?? 0),
            max: max,
            standby: standby
        )
    }
}

extension Duration {
    fileprivate var wholeSeconds: Int { Int(components.seconds) }
}
