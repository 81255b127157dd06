/// Why a version is not the one that is found.
public enum ImageObstacle: Hashable, Sendable, CustomStringConvertible {
    /// It was never whole in all its regions.
    case notPublished(state: String)
    case excludedFromLatest
    case excludedInRegion(String)
    case notInRegion(String)
    /// By itself or through the version named, from which it was built.
    case revoked(ImageVersionKey, reason: String)
    /// The consumer said that it does not want it.
    case unwanted

    public var description: String {
        switch self {
        case .notPublished(let state): "it is not published (\(state))"
        case .excludedFromLatest: "it is excluded from latest"
        case .excludedInRegion(let region): "it is excluded from latest in region '\(region)'"
        case .notInRegion(let region): "it is not in region '\(region)'"
        case .revoked(let source, let reason): "\(source) is revoked: \(reason)"
        case .unwanted: "it was excluded by who asks"
        }
    }
}

/// What a consumer asks for.
public struct ImageQuery: Hashable, Sendable {
    public var selector: ImageSelector
    /// Where the version must be.
    public var region: String
    /// Versions the consumer does not take.
    public var excluding: Set<ImageVersionNumber>

    public init(_ selector: ImageSelector, region: String, excluding: Set<ImageVersionNumber> = []) {
        self.selector = selector
        self.region = region
        self.excluding = excluding
    }
}

/// What is found, and what was passed over for it.
public struct ImageResolution: Hashable, Sendable {
    public struct Passed: Hashable, Sendable {
        public var number: ImageVersionNumber
        public var obstacle: ImageObstacle

        public init(_ number: ImageVersionNumber, _ obstacle: ImageObstacle) {
            self.number = number
            self.obstacle = obstacle
        }
    }

    /// Nil when nothing fits.
    public var version: ImageVersion?
    /// Higher versions that do not fit and why, the highest first.
    public var passed: [Passed]
}

/// Finds the version that a query asks for.
///
/// Highest by number, not by date; the end of life is information only. A version counts from the moment at which all its regions were verified, and goes on counting
/// in regions that have it while copies for others are made: adding a region must not give others an older image.
///
///     1.0.9, 1.0.10                     latest -> 1.0.10
///     2.0.0, then 1.0.11 by date        latest -> 2.0.0
///     2.0.0 excluded, 1.0.0             latest -> 1.0.0
///     all excluded                      nothing, never an excluded one
///
/// - Parameters:
///   - query: what is asked.
///   - versions: all of the definition.
///   - channels: of the definition.
///   - revoked: see ``revokedVersions(among:)``.
/// - Returns: one version at most.
public func resolveImage(
    _ query: ImageQuery,
    among versions: some Sequence<ImageVersion>,
    channels: [String: ImageVersionNumber] = [:],
    revoked: [ImageVersionKey: RevokedBy] = [:]
) -> ImageResolution {
    var result = ImageResolution(version: nil, passed: [])
    let candidates = versions.filter { query.selector.names($0.number, channels) }.sorted { $0.number > $1.number }
    for version in candidates {
        guard let obstacle = version.obstacle(for: query, revoked) else {
            result.version = version
            return result
        }
        result.passed.append(.init(version.number, obstacle))
    }
    return result
}

extension ImageSelector {
    fileprivate func names(_ number: ImageVersionNumber, _ channels: [String: ImageVersionNumber]) -> Bool {
        switch self {
        case .latest: true
        case .pinned(let major, let minor): number.major == major && (minor ?? number.minor) == number.minor
        case .exactly(let wanted): number == wanted
        case .channel(let name): channels[name] == number
        }
    }

    /// The highest of several is taken, so that some may be hidden from it.
    fileprivate var chooses: Bool {
        switch self {
        case .latest, .pinned: true
        case .exactly, .channel: false
        }
    }
}

extension ImageVersion {
    fileprivate func obstacle(for query: ImageQuery, _ revoked: [ImageVersionKey: RevokedBy]) -> ImageObstacle? {
        if let source = revoked[key] { return .revoked(source.version, reason: source.reason) }
        guard isPublished else { return .notPublished(state: state.name) }
        guard !query.excluding.contains(number) else { return .unwanted }
        if query.selector.chooses {
            if publishing.isExcludedFromLatest { return .excludedFromLatest }
            let target = publishing.targets.first { $0.name == query.region }
            if target?.isExcludedFromLatest ?? false { return .excludedInRegion(query.region) }
        }
        return isAvailable(in: query.region) ? nil : .notInRegion(query.region)
    }
}
