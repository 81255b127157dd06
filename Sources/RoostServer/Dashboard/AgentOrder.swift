import RoostModel

/// In which order a pool's page shows its agents, and which of them.
enum AgentOrder: String, CaseIterable {
    case name, state, version, disk, age

    /// What a page says of an agent in one word: `offline`, `draining`, `paused`, `busy` or `online`.
    static func state(_ view: AgentView) -> String {
        guard view.online else { return "offline" }
        guard !view.agent.enabled else { return view.assigned == nil ? "online" : "busy" }
        return view.agent.pause?.isDrain == true && view.assigned != nil ? "draining" : "disabled"
    }

    /// The disk as the agent told it.
    static func disk(_ agent: Agent) -> DiskSpace? {
        agent.systemCapabilities[DiskSpace.capability].flatMap { DiskSpace(text: $0) }
    }

    /// Whether each word of a search is in what the page says of the agent.
    static func matches(_ view: AgentView, _ search: String) -> Bool {
        let agent = view.agent
        let text = [
            agent.name, agent.osDescription, agent.version, agent.systemCapabilities["Roost.Version"] ?? "",
            agent.pause?.reason ?? "", state(view), view.assigned?.displayName ?? "",
        ].joined(separator: "\n").lowercased()
        return search.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }

    /// The agents in this order; those that are alike by name.
    func sorted(_ agents: [AgentView]) -> [AgentView] {
        switch self {
        case .name: agents
        case .state: agents.stablySorted { Self.rank($0) }
        case .version:
            agents.stablySorted { VersionOrder($0.agent.systemCapabilities["Roost.Version"] ?? $0.agent.version) }
        case .disk: agents.stablySorted { Self.disk($0.agent)?.free ?? Int.max }
        case .age: agents.stablySorted { $0.agent.createdAt }
        }
    }

    /// What somebody should look at first.
    private static func rank(_ view: AgentView) -> Int {
        ["offline", "draining", "disabled", "busy", "online"].firstIndex(of: state(view)) ?? 0
    }
}

/// A version by its numbers.
private struct VersionOrder: Comparable {
    let numbers: [Int]
    let text: String

    init(_ text: String) {
        numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        self.text = text
    }

    static func < (left: VersionOrder, right: VersionOrder) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        return left.text < right.text
    }
}

extension [AgentView] {
    /// Sorted by a key; what is alike stays in its order.
    fileprivate func stablySorted<Key: Comparable>(_ key: (AgentView) -> Key) -> [AgentView] {
        enumerated().map { (key($0.element), $0.offset, $0.element) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }
}
