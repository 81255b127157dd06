import FoundationEssentials
import RoostModel

/// Versions to plan with.
enum ImageGround {
    static let start = Date(timeIntervalSinceReferenceDate: 0)
    static let definition = ImageDefinitionKey("agents", "debian")

    static func key(_ text: String) -> ImageVersionKey {
        ImageVersionKey(definition, ImageVersionNumber(text) ?? ImageVersionNumber(0, 0, 0))
    }

    /// A version that was just made.
    static func fresh(
        _ number: String,
        home: String = "west",
        targets: [TargetRegion] = [TargetRegion("west")],
        source: String? = nil,
        seeds: [ReplicaKey] = [],
        size: Int = 100,
        change: (inout ImageVersion.Publishing) -> Void = { _ in }
    ) -> ImageVersion {
        var publishing = ImageVersion.Publishing(targets: targets)
        change(&publishing)
        return ImageVersion(
            key: key(number),
            location: home,
            content: ContentReference(space: "s", manifest: [], files: 1, size: size),
            seeds: seeds,
            provenance: ImageProvenance(source: source),
            publishing: publishing,
            createdAt: start,
            createdBy: "x"
        )
    }

    /// A version all of whose copies are there.
    static func published(
        _ number: String,
        targets: [TargetRegion] = [TargetRegion("west")],
        source: String? = nil,
        change: (inout ImageVersion.Publishing) -> Void = { _ in }
    ) -> ImageVersion {
        let version = fresh(number, targets: targets, source: source, change: change)
        return version.replicas.reduce(version) { $0.applying(.verified($1.key, hash: "h"), at: start) }
    }
}
