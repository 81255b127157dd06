import RoostLanguage
import RoostModel

extension PlanBuilder {
    /// A pool with the texts that say what it is, for messages about jobs that run in it.
    struct DraftPool {
        let planned: PlannedPool
        var name: SyntaxScalar?
        var image: SyntaxScalar?
        var os: SyntaxScalar?

        /// Whether the image says what the agents are; an own pool runs what its agents run.
        var isHosted: Bool { name.map { HostedPool.isName($0.text) } ?? true }

        /// A system without agents that the pool asks for in so many words, and the word that does.
        var foreignSystem: (ForeignSystem, SyntaxScalar)? {
            if isHosted { return image.flatMap { image in ForeignSystem(image: image.text).map { ($0, image) } } }
            // The names of the service's old pools say it themselves.
            if let name, let system = ForeignSystem(pool: name.text) { return (system, name) }
            return os.flatMap { os in ForeignSystem(os: os.text).map { ($0, os) } }
        }
    }

    /// The `pool` of a block; nil when it says nothing.
    func pool(_ fields: Fields) -> DraftPool? {
        switch fields.node("pool") {
        case .scalar(let scalar):
            guard !scalar.string.isEmpty else { return nil }
            if equalIgnoringCase(scalar.text, "server") {
                var planned = PlannedPool()
                planned.isServer = true
                return DraftPool(planned: planned)
            }
            return DraftPool(planned: PlannedPool(name: scalar.planned), name: scalar)
        case .mapping(let mapping): return pool(mapping)
        case .sequence(let sequence):
            log.error(
                "pipeline.kind",
                "A sequence was not expected",
                at: sequence.place,
                advice: "'pool' is a name, or a mapping with name, vmImage and demands."
            )
            return nil
        case .unknown, nil: return nil
        }
    }

    private func pool(_ mapping: SyntaxMapping) -> DraftPool? {
        let fields = Fields(mapping, PipelineKeys.pool + PipelineKeys.loosePool, noun: "A pool", log)
        var pool = PlannedPool(
            name: fields.filled("name"),
            vmImage: fields.filled("vmImage"),
            demands: fields.texts("demands").compactMap(demand)
        )
        guard pool.name != nil || pool.vmImage != nil || !pool.demands.isEmpty else { return nil }
        let scalar: (String) -> SyntaxScalar? = { fields.mapping[$0]?.scalar.flatMap { $0.string.isEmpty ? nil : $0 } }
        var draft = DraftPool(planned: pool, name: scalar("name"), image: scalar("vmImage"), os: scalar("os"))
        if !draft.isHosted, let (system, scalar) = draft.foreignSystem {
            // Of an image it is known when the job is queued, because a leg of a matrix may name it.
            pool.demands.append(PlannedText(system.demand.description, place: scalar.planned.place))
            draft = DraftPool(planned: pool, name: draft.name, image: draft.image, os: draft.os)
        }
        return draft
    }

    /// A demand that can be understood; one with macros is looked at when they have values.
    private func demand(_ scalar: SyntaxScalar) -> PlannedText? {
        guard !scalar.text.contains("$(") else { return scalar.planned }
        do throws(InvalidDemand) {
            _ = try Demand(parsing: scalar.text)
            return scalar.planned
        } catch {
            log.error(error.code, error.summary, at: scalar.place, advice: error.advice)
            return nil
        }
    }

    // MARK: Systems without agents

    /// Notes a job that asks for an operating system that has no agents here, itself or in legs of its matrix.
    ///
    /// - Returns: whether that is so of the whole job.
    func noteForeignSystem(_ pool: DraftPool?, _ strategy: JobStrategy, job: String) -> Bool {
        if let (system, scalar) = pool?.foreignSystem {
            foreign(system, scalar, job, legs: [])
            return true
        }
        let legs = pool.map { foreignLegs($0, strategy) } ?? []
        if let image = pool?.image {
            for system in [ForeignSystem.windows, .macOS] {
                let names = legs.filter { $0.system == system }.map(\.leg)
                if !names.isEmpty { foreign(system, image, job, legs: names) }
            }
        }
        guard case .matrix(let all, _) = strategy, all.count == legs.count else {
            foreignJobs.noteWork()
            return false
        }
        return true
    }

    /// Legs whose variables name an image of such a system.
    private func foreignLegs(_ pool: DraftPool, _ strategy: JobStrategy) -> [(leg: String, system: ForeignSystem)] {
        guard pool.isHosted, let image = pool.image, case .matrix(let legs, _) = strategy,
            let variable = Self.macroName(image.text)
        else { return [] }
        return legs.compactMap { leg in
            let value = leg.variables.last { equalIgnoringCase($0.name, variable) }?.value.text
            return value.flatMap(ForeignSystem.init(image:)).map { (leg.name, $0) }
        }
    }

    /// `name` of a text that is `$(name)` and nothing else.
    private static func macroName(_ text: String) -> String? {
        guard text.hasPrefix("$("), text.hasSuffix(")") else { return nil }
        let name = text.dropFirst(2).dropLast()
        return name.contains("$(") || name.contains(")") ? nil : String(name)
    }

    private func foreign(_ system: ForeignSystem, _ scalar: SyntaxScalar, _ job: String, legs: [String]) {
        let whose =
            legs.isEmpty
            ? "The job \(job) asks"
            : "The leg\(legs.count == 1 ? "" : "s") \(legs.joined(separator: ", ")) of the job \(job) ask\(legs.count == 1 ? "s" : "")"
        foreignJobs.add(
            .error(
                "pool.foreign-system",
                "\(whose) for \(system.rawValue), and agents run on Linux only",
                at: scalar.place.span,
                advice:
                    "Use an image of Linux or a pool of your own, or leave the job out with a condition of '${{ if }}'."
            ),
            site: scalar.place.site
        )
    }
}

extension Fields {
    /// A text that is not empty.
    func filled(_ key: String) -> PlannedText? { planned(key).flatMap { $0.text.isEmpty ? nil : $0 } }
}
