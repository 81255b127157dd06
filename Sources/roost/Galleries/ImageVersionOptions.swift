import ArgumentParser
import RoostWire

/// A target region: `NAME`, `NAME=COUNT` or `NAME=COUNT=STORAGE`.
struct TargetRegionArgument: ExpressibleByArgument, Sendable {
    let region: ImageVersionWire.Region

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard (1...3).contains(parts.count), !parts.contains("") else { return nil }
        let count = parts.count > 1 ? Int(parts[1]) : nil
        guard parts.count == 1 || count != nil else { return nil }
        region = .init(
            name: parts[0],
            regionalReplicaCount: count,
            storageAccountType: parts.count > 2 ? parts[2] : nil
        )
    }
}

/// Where a version is published.
struct ImageVersionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A region it is to be in, with its replicas and its storage; may be repeated, and replaces those there were.",
            valueName: "name[=count[=storage]]"
        )
    )
    var targetRegion: [TargetRegionArgument] = []

    @Option(help: "Replicas in each region that says no number itself; 1 without it.")
    var replicaCount: Int?

    @Option(help: ArgumentHelp("Whether nobody gets it as the latest.", valueName: "true|false"))
    var excludeFromLatest: Bool?

    @Option(help: "A target region in which nobody gets it as the latest.")
    var excludeFromLatestIn: [String] = []

    @Option(help: ArgumentHelp("End of life, such as 2027-06-30; information only.", valueName: "date"))
    var endOfLifeDate: DateArgument?

    @Option(help: ArgumentHelp("Whether a region may be taken away that has it.", valueName: "true|false"))
    var allowDeletionOfReplicatedLocations: Bool?

    @Option(help: ArgumentHelp("Whether it is kept until its end of life.", valueName: "true|false"))
    var blockDeletionBeforeEndOfLife: Bool?

    @Option(help: ArgumentHelp("A tag.", valueName: "name=value"))
    var tag: [Assignment] = []

    func validate() throws {
        let names = Set(targetRegion.map { $0.region.name.lowercased() })
        if let other = excludeFromLatestIn.first(where: { !names.contains($0.lowercased()) }) {
            throw ValidationError("Give --target-region \(other), too: --exclude-from-latest-in is about one of them.")
        }
    }

    var draft: ImageVersionWire {
        var properties = ImageVersionWire.Properties()
        var publishing = ImageVersionWire.Publishing()
        if !targetRegion.isEmpty {
            let excluded = Set(excludeFromLatestIn.map { $0.lowercased() })
            publishing.targetRegions = targetRegion.map { argument in
                var region = argument.region
                region.excludeFromLatest = excluded.contains(region.name.lowercased())
                return region
            }
        }
        publishing.replicaCount = replicaCount
        publishing.excludeFromLatest = excludeFromLatest
        publishing.endOfLifeDate = endOfLifeDate?.date
        properties.publishingProfile = publishing
        var safety = ImageVersionWire.Safety()
        safety.allowDeletionOfReplicatedLocations = allowDeletionOfReplicatedLocations
        safety.blockDeletionBeforeEndOfLife = blockDeletionBeforeEndOfLife
        properties.safetyProfile = safety
        return ImageVersionWire(tags: tag.tags, properties: properties)
    }
}
