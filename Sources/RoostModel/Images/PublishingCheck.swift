/// What a change of where a version is published is refused for.
public enum PublishingFault: Hashable, Sendable {
    case noRegion
    case regionUnknown(String)
    case regionTwice(String)
    case homeMissing(String)
    case replicaCount(Int, region: String?)
    /// The safety profile keeps it there.
    case regionKept(String)
    case endOfLifeMissing
}

extension ImageVersion.Publishing {
    /// What is wrong with it; nil when all is well.
    ///
    /// - Parameters:
    ///   - home: the region in which the content arrives.
    ///   - known: regions there are.
    ///   - before: what it was; nil for a new version.
    /// - Returns: the first fault.
    public func fault(home: String, known: Set<String>, before: ImageVersion? = nil) -> PublishingFault? {
        guard !targets.isEmpty else { return .noRegion }
        var seen: Set<String> = []
        for target in targets {
            if !known.contains(target.name) { return .regionUnknown(target.name) }
            if !seen.insert(target.name).inserted { return .regionTwice(target.name) }
            if let count = target.replicas, !Self.counts.contains(count) {
                return .replicaCount(count, region: target.name)
            }
        }
        if !Self.counts.contains(replicas) { return .replicaCount(replicas, region: nil) }
        if !seen.contains(home) { return .homeMissing(home) }
        if isKeptUntilEndOfLife, endOfLife == nil { return .endOfLifeMissing }
        guard let before, !before.publishing.allowsRegionRemoval else { return nil }
        return before.publishing.targets.map(\.name)
            .first { !seen.contains($0) && before.isAvailable(in: $0) }.map { .regionKept($0) }
    }

    private static let counts = 1...TargetRegion.replicaLimit
}
