import FoundationEssentials
import RoostModel

/// What is asked of a version; what is nil stays as it is, or is the default of a new one.
struct ImageVersionDraft: Sendable {
    var location: String?
    var targets: [TargetRegion]?
    var replicas: Int?
    var isExcludedFromLatest: Bool?
    var endOfLife: Date?
    var allowsRegionRemoval: Bool?
    var isKeptUntilEndOfLife: Bool?
    var tags: [String: String]?
    /// Chunks of the list of files that was uploaded.
    var upload: [ContentChunk]?
    /// A version whose content this is to be.
    var source: String?
    /// What the content must have.
    var contentHash: String?
    var provenance: ImageProvenance?
    var capabilities: [String: String]?

    /// Where it is to be published.
    func publishing(from known: ImageVersion.Publishing?, home: String) -> ImageVersion.Publishing {
        var result = known ?? ImageVersion.Publishing(targets: [TargetRegion(home)])
        result.targets = targets ?? result.targets
        result.replicas = replicas ?? result.replicas
        result.isExcludedFromLatest = isExcludedFromLatest ?? result.isExcludedFromLatest
        result.endOfLife = endOfLife ?? result.endOfLife
        result.allowsRegionRemoval = allowsRegionRemoval ?? result.allowsRegionRemoval
        result.isKeptUntilEndOfLife = isKeptUntilEndOfLife ?? result.isKeptUntilEndOfLife
        result.tags = tags ?? result.tags
        return result
    }
}
