/// What is to be done next for a version's copies.
public enum ReplicaStep: Hashable, Sendable {
    /// The content is there already; it must be read back.
    case verify(ReplicaKey)
    /// The content comes from a good copy, and is read back then.
    case copy(from: ReplicaKey, to: ReplicaKey)
    /// There is nothing the copy could be made from.
    case giveUp(ReplicaKey, reason: String)
}

/// The next step of a version; nil when no copy waits.
///
/// The first copy of the home region is where an upload arrives, so it is read back first: all others are made from it, or from one in their own region.
///
///     home west, nothing done            -> verify(west/1)
///     west/1 completed, east waits       -> copy(west/1, east/1)
///     east/1 completed, east wants two   -> copy(east/1, east/2)
public func nextReplicaStep(of version: ImageVersion) -> ReplicaStep? {
    guard version.state.isAtWork, let next = version.replicas.first(where: { $0.state == .waiting })?.key else {
        return nil
    }
    let good = version.replicas.filter { $0.state == .completed }.map(\.key)
    if let source = good.first(where: { $0.region == next.region }) ?? good.first {
        return .copy(from: source, to: next)
    }
    let isArrival = next == ReplicaKey(version.location, 1)
    if isArrival, version.seeds.isEmpty || version.seeds.contains(next) { return .verify(next) }
    guard isArrival, let seed = version.seeds.first(where: { $0.region == next.region }) ?? version.seeds.first else {
        return .giveUp(next, reason: "there is no good copy to make it from")
    }
    return .copy(from: seed, to: next)
}

/// How far a version is in one region.
public struct RegionReplication: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case replicating = "Replicating", completed = "Completed", failed = "Failed"
    }

    public var region: String
    public var state: State
    /// 0 to 100.
    public var progress: Int
    public var details: String
}

/// How far a version is in each of its regions, in the order of its targets.
///
/// - Parameters:
///   - version: which.
///   - done: bytes of copies under way.
/// - Returns: one for each region.
public func replicationSummary(of version: ImageVersion, done: [ReplicaKey: Int]) -> [RegionReplication] {
    version.publishing.targets.map { target in
        let copies = version.replicas.filter { $0.key.region == target.name }
        let completed = copies.count { $0.state == .completed }
        let reasons = copies.compactMap { if case .failed(let reason) = $0.state { reason } else { nil } }
        let shares = copies.reduce(0.0) { total, copy in total + share(of: copy, version.content.size, done) }
        let state: RegionReplication.State =
            !reasons.isEmpty ? .failed : completed == copies.count ? .completed : .replicating
        // What is not verified is not whole, however many bytes are there.
        let limit = state == .completed ? 100 : 99
        return RegionReplication(
            region: target.name,
            state: state,
            progress: min(limit, copies.isEmpty ? 100 : Int(100 * shares / Double(copies.count))),
            details: reasons.first ?? "\(completed) of \(copies.count) replicas"
        )
    }
}

private func share(of copy: ImageReplica, _ size: Int, _ done: [ReplicaKey: Int]) -> Double {
    switch copy.state {
    case .completed: 1
    case .failed: 0
    case .waiting: size > 0 ? min(1, Double(done[copy.key] ?? 0) / Double(size)) : 0
    }
}
