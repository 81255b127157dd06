import FoundationEssentials
import RoostModel
import RoostWire

extension ControlState {
    /// The images of a pool with their versions as they stand now.
    func scalingImages(
        of elastic: ElasticState,
        _ usage: ElasticUsage,
        _ change: borrowing ControlChange
    ) -> [ScalingImage] {
        let (uptime, delay) = (ElasticMemory.uptime(change.tick), elastic.settings.idleDelay)
        return versions(of: elastic, usage, change).map { image in
            var image = image
            image.lastingSurplus = elastic.memory.surplus.lasting(of: image.name, at: uptime, delay: delay)
            image.surplusChangesIn = elastic.memory.surplus.changesIn(of: image.name, at: uptime, delay: delay)
            return image
        }
    }

    private func versions(
        of elastic: ElasticState,
        _ usage: ElasticUsage,
        _ change: borrowing ControlChange
    ) -> [ScalingImage] {
        let settings = elastic.settings
        func standby(_ place: Int) -> Int { settings.standby(ofImage: place, at: change.now, usage: usage) }
        guard !settings.images.isEmpty else {
            let version = ScalingVersion(.init(), capabilities: elastic.row.offers[""])
            return [ScalingImage(standby: standby(0), wanted: version)]
        }
        return settings.images.enumerated().map { place, image in
            let roll = elastic.roll(image.name)
            func version(_ made: ElasticInstance.Image, isOnTrial: Bool = false) -> ScalingVersion {
                scalingVersion(made, of: image, isOnTrial: isOnTrial, elastic, change.tick)
            }
            var problem: String?
            let found = selection(of: image, elastic)
            if roll.wanted == nil, case .failure(let obstacle) = found.wanted { problem = obstacle.summary }
            return ScalingImage(
                name: image.name,
                standby: standby(place),
                wanted: roll.wanted.map { version($0) },
                problem: problem,
                candidate: roll.candidate.map { version($0, isOnTrial: true) },
                others: found.others(besides: roll).map { version($0) },
                quarantined: roll.quarantined
            )
        }
    }

    private func scalingVersion(
        _ made: ElasticInstance.Image,
        of image: ElasticImage,
        isOnTrial: Bool,
        _ elastic: ElasticState,
        _ tick: Date
    ) -> ScalingVersion {
        let trouble = elastic.memory.images[made.digest]
        let rest = trouble?.until.map { $0.timeIntervalSince(tick) } ?? 0
        return ScalingVersion(
            made,
            capabilities: capabilities(of: made, elastic),
            offer: ElasticOffer.capabilities(of: image, version: made, isOnTrial: isOnTrial),
            failures: trouble?.failures ?? 0,
            backoff: rest > 0 ? .seconds(rest) : nil
        )
    }

    /// What agents on a version will say: what they did say, else what is known of every agent and what the version says.
    private func capabilities(of made: ElasticInstance.Image, _ elastic: ElasticState) -> Capabilities? {
        if let told = elastic.row.offers[made.digest] { return told }
        guard let key = made.key, let version = images[key] else { return nil }
        var capabilities: Capabilities = ["Agent.OS": "Linux"]
        for (name, value) in version.capabilities { capabilities[name] = value }
        capabilities[ImageRecord.capability] = key.description
        return capabilities
    }

    /// Where each image of a pool stands, for people.
    func standing(of elastic: ElasticState) -> [ElasticStatusWire.Image] {
        elastic.settings.images.map { image in
            let roll = elastic.roll(image.name)
            var problem: String?
            if case .failure(let found) = selection(of: image, elastic).wanted { problem = found.summary }
            let own = elastic.instances.values.filter { $0.image.name.lowercased() == image.name.lowercased() }
            return ElasticStatusWire.Image(
                name: image.name,
                wanted: roll.wanted?.version,
                problem: problem,
                candidate: roll.candidate?.version,
                withdrawn: roll.withdrawals.map { "\($0.image.version): \($0.finding.sentence)" },
                machines: own.reduce(into: [:]) { $0[$1.image.version, default: 0] += 1 }
            )
        }
    }

    // MARK: Rolling

    /// Lets the images of a pool follow their galleries: a newer version is tried, or taken.
    mutating func followImages(of pool: PoolID, _ change: inout ControlChange) {
        guard let elastic = elastic[pool] else { return }
        let now = change.now
        for image in elastic.settings.images {
            let version = try? selection(of: image, elastic).wanted.get()
            roll(image.name, in: pool, &change) { $0.follow(version, elastic.settings.canary, at: now) }
        }
        forgetOffers(of: pool, &change)
    }

    /// What agents of versions offered that nothing is made of any more is not kept.
    private mutating func forgetOffers(of pool: PoolID, _ change: inout ControlChange) {
        guard let elastic = elastic[pool], elastic.row.offers.count > 1 else { return }
        var known = Set(elastic.instances.values.map(\.image.digest)).union([""])
        for image in elastic.settings.images {
            let roll = elastic.roll(image.name)
            let others = selection(of: image, elastic).others(besides: roll)
            known.formUnion((others + [roll.wanted, roll.candidate].compactMap(\.self)).map(\.digest))
        }
        let offers = elastic.row.offers.filter { known.contains($0.key) }
        guard offers.count != elastic.row.offers.count else { return }
        self.elastic[pool]?.row.offers = offers
        putElastic(pool, &change)
    }

    /// Counts how a job ended on a machine.
    mutating func countJob(_ request: RequestID, of instance: ElasticInstance, _ change: inout ControlChange) {
        guard let canary = elastic[instance.pool]?.settings.canary,
            let job = jobOfRequest[request].flatMap({ job($0) }), case .finished(let result) = job.state,
            [.succeeded, .succeededWithIssues, .failed, .abandoned].contains(result)
        else { return }
        let now = change.now
        let time = (job.finishedAt ?? now).timeIntervalSince(job.startedAt ?? job.finishedAt ?? now)
        roll(instance.image.name, in: instance.pool, &change) {
            $0.finished(
                "\(job.pipeline)/\(job.stage)/\(job.name)",
                on: instance.image.digest,
                failed: result == .failed || result == .abandoned,
                took: .seconds(max(0, time)),
                canary,
                at: now
            )
        }
    }

    /// Counts a machine that came up, or did not.
    mutating func countStart(of instance: ElasticInstance, failed: Bool, _ change: inout ControlChange) {
        guard let canary = elastic[instance.pool]?.settings.canary else { return }
        let now = change.now
        roll(instance.image.name, in: instance.pool, &change) {
            $0.started(instance.image.digest, failed: failed, canary, at: now)
        }
    }

    /// A person ends a trial.
    mutating func decide(_ verdict: RollVerdict, of image: String, in pool: PoolID, _ change: inout ControlChange) {
        let now = change.now
        roll(image, in: pool, &change) { $0.decide(verdict, at: now) }
    }

    /// A person lets a version be tried again; what failed before counts no longer.
    mutating func readmit(_ digest: String, of image: String, in pool: PoolID, _ change: inout ControlChange) {
        elastic[pool]?.memory.images[digest] = nil
        roll(image, in: pool, &change) { $0.readmit(digest) }
    }

    private mutating func roll(
        _ image: String,
        in pool: PoolID,
        _ change: inout ControlChange,
        _ body: (inout ElasticRoll) -> RollChange?
    ) {
        guard !image.isEmpty, let elastic = elastic[pool] else { return }
        let before = elastic.roll(image)
        var roll = before
        let news = body(&roll)
        guard roll != before else { return }
        self.elastic[pool]?.row.rolls[image.lowercased()] = roll
        putElastic(pool, &change)
        guard let news else { return }
        change.log(news.level, .configurationJob, in: pool, nil, news.sentence)
        change.dirtyElastic.insert(pool)
        // Which jobs an agent may take has changed.
        for instance in elastic.instances.values {
            guard let now = self.elastic[pool] else { continue }
            for id in instance.agents {
                guard var agent = agents[id] else { continue }
                agent.userCapabilities = now.offer(of: instance)
                put(agent, &change)
            }
        }
    }

    // MARK: Matching

    /// What the matcher counts on: machines that a pool could make.
    func machineTemplates(of elastic: ElasticState) -> [MachineTemplate] {
        guard !elastic.settings.images.isEmpty else {
            return [MachineTemplate(name: elastic.pool.provider, capabilities: elastic.row.offers[""])]
        }
        return elastic.settings.images.flatMap { image in
            let roll = elastic.roll(image.name)
            func template(_ made: ElasticInstance.Image, isOnTrial: Bool = false) -> MachineTemplate {
                let version = scalingVersion(made, of: image, isOnTrial: isOnTrial, elastic, .distantPast)
                return MachineTemplate(name: made.version, version: version, isTrial: isOnTrial)
            }
            // While an image has no version nobody knows what it will offer: its jobs wait.
            guard let wanted = roll.wanted else { return [MachineTemplate(name: image.name, capabilities: nil)] }
            return [template(wanted)] + (roll.candidate.map { [template($0, isOnTrial: true)] } ?? [])
                + selection(of: image, elastic).others(besides: roll).map { template($0) }
        }
    }

    /// Tells the matcher what machines a pool could make now; news may let jobs go or fail.
    mutating func refreshTemplates(of pool: PoolID, _ change: inout ControlChange) {
        guard let elastic = elastic[pool] else { return }
        let templates = machineTemplates(of: elastic)
        guard poolQueues[pool]?.settings.templates != templates else { return }
        poolQueues[pool]?.settings.templates = templates
        change.dirtyPools.insert(pool)
    }

    /// What the matcher needs to know of a pool.
    func queueSettings(of pool: AgentPool) -> PoolQueueSettings {
        PoolQueueSettings(
            id: pool.id,
            name: pool.name,
            concurrencyLimit: pool.concurrencyLimit,
            templates: elastic[pool.id].map { machineTemplates(of: $0) } ?? [],
            prefersYoungest: elastic[pool.id] != nil,
            pause: pool.pause
        )
    }
}

/// Why an image of a pool has no version to make machines of.
enum ElasticImageProblem: Error, Hashable {
    case noGallery(String)
    case noDefinition(ImageDefinitionKey)
    case selector(String)
    case nothing(ImageDefinitionKey, ImageSelector, [ImageResolution.Passed])

    var summary: String {
        switch self {
        case .noGallery(let name): return "there is no gallery '\(name)'."
        case .noDefinition(let key): return "there is no image \(key)."
        case .selector(let text): return "'\(text)' selects nothing."
        case .nothing(let key, let selector, let passed):
            guard let first = passed.first else { return "\(key) has no version that is \(selector)." }
            let more = passed.count > 1 ? ", and \(passed.count - 1) more do not" : ""
            return "\(first.number) of \(key) does not fit because \(first.obstacle)\(more)."
        }
    }
}
