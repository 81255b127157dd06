import FoundationEssentials

extension ElasticInstance {
    enum CodingKeys: String, CodingKey {
        case pool, number, generation, providerID, image, phase, since, reason, createdAt, slots, agents, jobs
        case attempts, lastFailure, nextAttempt, wish, unlisted
    }

    /// From before machines could run several jobs at once.
    private enum OldKeys: String, CodingKey {
        case agent
    }

    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            pool: try box.decode(PoolID.self, forKey: .pool),
            number: try box.decode(Int.self, forKey: .number),
            image: try box.decode(Image.self, forKey: .image),
            slots: try box.decodeIfPresent(Int.self, forKey: .slots) ?? 1,
            at: try box.decode(Date.self, forKey: .since),
            because: try box.decode(String.self, forKey: .reason)
        )
        generation = try box.decode(Int.self, forKey: .generation)
        providerID = try box.decodeIfPresent(String.self, forKey: .providerID)
        phase = try box.decode(ElasticPhase.self, forKey: .phase)
        createdAt = try box.decode(Date.self, forKey: .createdAt)
        jobs = try box.decode([RequestID].self, forKey: .jobs)
        attempts = try box.decode(Int.self, forKey: .attempts)
        lastFailure = try box.decodeIfPresent(String.self, forKey: .lastFailure)
        nextAttempt = try box.decodeIfPresent(Date.self, forKey: .nextAttempt)
        wish = try box.decodeIfPresent(Wish.self, forKey: .wish)
        unlisted = try box.decode(Int.self, forKey: .unlisted)
        let old = try decoder.container(keyedBy: OldKeys.self).decodeIfPresent(AgentID.self, forKey: .agent)
        agents = try box.decodeIfPresent([AgentID].self, forKey: .agents) ?? old.map { [$0] } ?? []
    }
}
