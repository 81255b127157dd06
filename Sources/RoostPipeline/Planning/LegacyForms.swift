import RoostLanguage

/// Puts files of the first years into the words of today: `phases`, `phase`, `queue` and `server`.
struct LegacyForms {
    let log: DiagnosticLog

    /// The root with jobs in the place of phases.
    func modernized(_ root: SyntaxMapping) -> SyntaxMapping {
        guard root["phases"] != nil || root["queue"] != nil || root["server"] != nil || hasPhases(root["jobs"]) else {
            return root
        }
        var result = root
        if let place = result.pairs.firstIndex(where: { $0.key.text == "phases" }), root["jobs"] == nil {
            result.pairs[place].key.text = "jobs"
        }
        for place in result.pairs.indices where result.pairs[place].key.text == "jobs" {
            guard case .sequence(var list) = result.pairs[place].value else { continue }
            list.items = list.items.map(job)
            result.pairs[place].value = .sequence(list)
        }
        return withPool(result)
    }

    private func hasPhases(_ jobs: SyntaxNode?) -> Bool {
        jobs?.sequence?.items.contains { $0.mapping?["phase"] != nil } ?? false
    }

    private func job(_ item: SyntaxNode) -> SyntaxNode {
        guard case .mapping(var mapping) = item, let place = mapping.pairs.firstIndex(where: { $0.key.text == "phase" })
        else { return item }
        mapping.pairs[place].key.text = "job"
        return .mapping(withPool(mapping))
    }

    /// The mapping with a pool, a strategy and limits instead of a queue.
    private func withPool(_ mapping: SyntaxMapping) -> SyntaxMapping {
        var result = mapping
        for key in ["queue", "server"] {
            guard let place = result.pairs.firstIndex(where: { $0.key.text == key }) else { continue }
            let pair = result.pairs.remove(at: place)
            result.pairs.insert(contentsOf: key == "queue" ? queue(pair) : server(pair), at: place)
        }
        return result
    }

    private func queue(_ pair: SyntaxPair) -> [SyntaxPair] {
        guard case .mapping(let mapping) = pair.value else { return [Self.renamed(pair, "pool")] }
        let fields = Fields(mapping, ["name", "demands"] + Self.jobKeys, noun: "A queue", log)
        let pool = fields.mapping.pairs.filter { ["name", "demands"].contains($0.key.text) }
        let rest = jobPairs(fields)
        guard !pool.isEmpty else { return rest }
        return [SyntaxPair(Self.key("pool", pair), .mapping(SyntaxMapping(pool, place: mapping.place)))] + rest
    }

    /// `server: true`, or a mapping of limits and a strategy.
    private func server(_ pair: SyntaxPair) -> [SyntaxPair] {
        let pool = SyntaxPair(
            Self.key("pool", pair),
            .scalar(SyntaxScalar("server", style: .singleQuoted, place: pair.key.place, isEvaluated: true))
        )
        switch pair.value {
        case .mapping(let mapping):
            return [pool] + jobPairs(Fields(mapping, Self.jobKeys, noun: "A server", log))
        case .scalar(let scalar): return CoreSchema.fieldBool(scalar.text) == false ? [] : [pool]
        case .sequence, .unknown: return [pool]
        }
    }

    private static let jobKeys = [
        "timeoutInMinutes", "cancelTimeoutInMinutes", "parallel", "matrix", "container", "workspace",
    ]

    /// Keys of a queue that belong to the job; `parallel` beside a matrix says how many legs run at once.
    private func jobPairs(_ fields: Fields) -> [SyntaxPair] {
        var pairs = fields.mapping.pairs.filter {
            ["timeoutInMinutes", "cancelTimeoutInMinutes", "container", "workspace"].contains($0.key.text)
        }
        var strategy = fields.mapping.pairs.filter { ["matrix", "parallel"].contains($0.key.text) }
        guard let first = strategy.first else { return pairs }
        if strategy.count > 1, let place = strategy.firstIndex(where: { $0.key.text == "parallel" }) {
            strategy[place] = Self.renamed(strategy[place], "maxParallel")
        }
        let mapping = SyntaxMapping(strategy, place: first.key.place)
        pairs.append(SyntaxPair(Self.key("strategy", first), .mapping(mapping)))
        return pairs
    }

    private static func renamed(_ pair: SyntaxPair, _ name: String) -> SyntaxPair {
        SyntaxPair(key(name, pair), pair.value)
    }

    /// A key that stands where another does.
    private static func key(_ name: String, _ pair: SyntaxPair) -> SyntaxScalar {
        SyntaxScalar(name, style: .singleQuoted, place: pair.key.place, isEvaluated: true)
    }
}
