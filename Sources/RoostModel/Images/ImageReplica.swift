/// One copy of a version's content: the region and the number of the copy there, from 1.
public struct ReplicaKey: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let region: String
    public let number: Int

    public init(_ region: String, _ number: Int) {
        self.region = region
        self.number = number
    }

    public var description: String { "\(region)/\(number)" }

    public static func < (left: ReplicaKey, right: ReplicaKey) -> Bool {
        (left.region, left.number) < (right.region, right.number)
    }
}

/// What is known of a copy.
public enum ReplicaState: Hashable, Sendable, Codable {
    /// Not there yet, or not as a whole; goes to each of the others.
    case waiting
    /// Read back as a whole, and its hash was the version's.
    case completed
    /// Tried, and the reason why not; goes back to ``waiting`` when the version is put again.
    case failed(String)
}

/// A copy and what is known of it.
public struct ImageReplica: Hashable, Sendable, Codable {
    public let key: ReplicaKey
    public var state: ReplicaState

    public init(_ key: ReplicaKey, _ state: ReplicaState = .waiting) {
        self.key = key
        self.state = state
    }
}

/// A region that a version is to be in.
public struct TargetRegion: Hashable, Sendable, Codable {
    public enum Storage: String, Hashable, Sendable, Codable, CaseIterable {
        case standardLocal = "Standard_LRS"
        case standardZones = "Standard_ZRS"
        case premiumLocal = "Premium_LRS"
        case premiumLocal2 = "PremiumV2_LRS"
    }

    public var name: String
    /// Copies in this region; nil is the version's own count.
    public var replicas: Int?
    /// Kept for clients; a region is a folder here, whatever it stands on.
    public var storage: Storage?
    /// Nobody in this region gets the version as the latest.
    public var isExcludedFromLatest: Bool

    public init(_ name: String, replicas: Int? = nil, storage: Storage? = nil, isExcludedFromLatest: Bool = false) {
        self.name = name
        self.replicas = replicas
        self.storage = storage
        self.isExcludedFromLatest = isExcludedFromLatest
    }

    public static let replicaLimit = 100
}
