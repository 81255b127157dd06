public import FoundationEssentials

/// A definition: what all versions of an image have in common.
public struct ImageDefinition: Hashable, Sendable, Codable {
    /// Publisher, offer and sku; unique in the gallery, ignoring case.
    public struct Identifier: Hashable, Sendable, Codable, CustomStringConvertible {
        public var publisher: String
        public var offer: String
        public var sku: String

        public init(publisher: String, offer: String, sku: String) {
            self.publisher = publisher
            self.offer = offer
            self.sku = sku
        }

        public var description: String { "\(publisher)/\(offer)/\(sku)" }
        var folded: [String] { [publisher, offer, sku].map { $0.lowercased() } }
    }

    public enum System: String, Hashable, Sendable, Codable, CaseIterable { case linux = "Linux", windows = "Windows" }
    public enum SystemState: String, Hashable, Sendable, Codable, CaseIterable {
        case generalized = "Generalized", specialized = "Specialized"
    }
    public enum Generation: String, Hashable, Sendable, Codable, CaseIterable { case v1 = "V1", v2 = "V2" }
    public enum Architecture: String, Hashable, Sendable, Codable, CaseIterable { case x64, arm64 = "Arm64" }

    public struct Feature: Hashable, Sendable, Codable {
        public var name: String
        public var value: String
        /// Versions from this one on have it.
        public var startsAtVersion: ImageVersionNumber?

        public init(name: String, value: String, startsAtVersion: ImageVersionNumber? = nil) {
            self.name = name
            self.value = value
            self.startsAtVersion = startsAtVersion
        }
    }

    /// From least to most, either of which may be open.
    public struct Bounds: Hashable, Sendable, Codable {
        public var min: Int?
        public var max: Int?

        public init(min: Int? = nil, max: Int? = nil) {
            self.min = min
            self.max = max
        }
    }

    /// What may be changed after it was made.
    public struct Settings: Hashable, Sendable, Codable {
        public var description: String?
        public var eula: String?
        public var privacyStatement: String?
        public var releaseNotes: String?
        public var endOfLife: Date?
        public var processors: Bounds?
        /// In GB.
        public var memory: Bounds?
        public var disallowedDisks: [String] = []
        public var features: [Feature] = []
        public var tags: [String: String] = [:]

        public init() {}
    }

    /// As given; unique in the gallery, ignoring case.
    public let name: String
    public let gallery: String
    public let location: String
    public let identifier: Identifier
    public let system: System
    public let systemState: SystemState
    public let generation: Generation
    public let architecture: Architecture
    public var settings: Settings
    /// Names that point at versions, such as `stable`.
    public var channels: [String: ImageVersionNumber]
    public let createdAt: Date
    public let createdBy: String

    public init(
        name: String,
        gallery: String,
        location: String,
        identifier: Identifier,
        system: System,
        systemState: SystemState,
        generation: Generation,
        architecture: Architecture,
        settings: Settings,
        channels: [String: ImageVersionNumber] = [:],
        createdAt: Date,
        createdBy: String
    ) {
        self.name = name
        self.gallery = gallery
        self.location = location
        self.identifier = identifier
        self.system = system
        self.systemState = systemState
        self.generation = generation
        self.architecture = architecture
        self.settings = settings
        self.channels = channels
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    public var key: ImageDefinitionKey { ImageDefinitionKey(gallery, name) }

    /// The first property in which another definition differs that nobody may change; nil when there is none.
    public func fixedDifference(from other: ImageDefinition) -> (property: String, now: String, wanted: String)? {
        let pairs: [(String, String, String)] = [
            ("identifier", identifier.description, other.identifier.description),
            ("osType", system.rawValue, other.system.rawValue),
            ("osState", systemState.rawValue, other.systemState.rawValue),
            ("hyperVGeneration", generation.rawValue, other.generation.rawValue),
            ("architecture", architecture.rawValue, other.architecture.rawValue),
            ("location", location, other.location),
        ]
        return pairs.first { $0.1.lowercased() != $0.2.lowercased() }.map { (property: $0.0, now: $0.1, wanted: $0.2) }
    }

    /// The definition of a gallery that has the same publisher, offer and sku.
    public func twin(among others: some Sequence<ImageDefinition>) -> ImageDefinition? {
        others.first { $0.key != key && $0.key.gallery == key.gallery && $0.identifier.folded == identifier.folded }
    }

    /// What is wrong with it; nil when all is well.
    public var flaw: (problem: String, advice: String?)? {
        for (word, text) in [
            ("publisher", identifier.publisher), ("offer", identifier.offer), ("sku", identifier.sku),
        ] {
            guard !GalleryNames.isDefinition(text) else { continue }
            return ("its \(word) '\(text)' is no name", "Use letters, digits, '.', '_' and '-', at most 80.")
        }
        if let bounds = [settings.processors, settings.memory].compactMap(\.self).first(where: { $0.isReversed }) {
            return ("it recommends from \(bounds.min ?? 0) to \(bounds.max ?? 0)", "Give the smaller number first.")
        }
        if settings.features.contains(where: { $0.name.isEmpty || $0.value.isEmpty }) {
            return ("a feature has no name or no value", "Write it as NAME=VALUE.")
        }
        return nil
    }
}

extension ImageDefinition.Bounds {
    fileprivate var isReversed: Bool {
        guard let min, let max else { return (min ?? 0) < 0 || (max ?? 0) < 0 }
        return min > max || min < 0
    }
}
