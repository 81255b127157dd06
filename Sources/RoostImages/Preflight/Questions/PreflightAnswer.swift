/// What is known of a question.
public enum PreflightAnswer: Sendable, Hashable {
    case found(PreflightFact)
    /// There is no such thing.
    case missing
    /// It could not be found out.
    case unknown(PreflightObstacle)
}

/// Why something could not be found out.
public struct PreflightObstacle: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Nobody is signed in, so that nothing of this cloud or server can be asked.
        case signIn
        /// Asking is not allowed.
        case forbidden
        /// There was no answer in time, or none that can be used.
        case unanswered
    }

    public var kind: Kind
    /// Stable, such as `timed-out`.
    public var code: String
    /// In a sentence without its full stop.
    public var reason: String
    /// Who was asked.
    public var address: String?
    public var advice: String?

    public init(_ kind: Kind, code: String, reason: String, address: String? = nil, advice: String? = nil) {
        self.kind = kind
        self.code = code
        self.reason = reason
        self.address = address
        self.advice = advice
    }
}

/// Something that was found out.
public enum PreflightFact: Sendable, Hashable {
    /// The subscription that signing in leads to; empty when it leads to none.
    case signedIn(subscription: String)
    /// Such as `Enabled`.
    case subscription(state: String)
    /// By their names, with what people call them.
    case regions([String: String])
    case resource(AzureResourceFact)
    case versions([ImageVersionFact])
    case networks([NetworkFact])
    case rights([RightsFact])
    case quota([QuotaFact])
    case sizes([MachineSizeFact])
    case place(PlaceFact)
    /// Absolute.
    case program(path: String)
    /// The number of the version that a selector means.
    case resolution(String)
}

/// A resource group, a resource or an image that somebody offers, as far as it matters here.
public struct AzureResourceFact: Sendable, Hashable {
    public var location: String?
    /// `Linux` or `Windows`.
    public var system: String?
    /// `Generalized` or `Specialized`.
    public var state: String?
    /// `V1` or `V2`.
    public var generation: String?
    /// `x64` or `Arm64`.
    public var architecture: String?
    public var features: [String: String]
    /// Whether it costs money, and a plan has to be named.
    public var hasPlan: Bool

    public init(
        location: String? = nil,
        system: String? = nil,
        state: String? = nil,
        generation: String? = nil,
        architecture: String? = nil,
        features: [String: String] = [:],
        hasPlan: Bool = false
    ) {
        self.location = location
        self.system = system
        self.state = state
        self.generation = generation
        self.architecture = architecture
        self.features = features
        self.hasPlan = hasPlan
    }
}

/// A version of an image in a gallery.
public struct ImageVersionFact: Sendable, Hashable {
    public var name: String
    /// Such as `Succeeded`.
    public var state: String
    public var isExcluded: Bool
    /// Regions that it is kept in; those in which `latest` passes it over are in `excludedRegions` too.
    public var regions: [String]
    public var excludedRegions: [String]

    public init(
        name: String,
        state: String = "Succeeded",
        isExcluded: Bool = false,
        regions: [String] = [],
        excludedRegions: [String] = []
    ) {
        self.name = name
        self.state = state
        self.isExcluded = isExcluded
        self.regions = regions
        self.excludedRegions = excludedRegions
    }
}

/// A virtual network.
public struct NetworkFact: Sendable, Hashable {
    public struct Subnet: Sendable, Hashable {
        public var name: String
        public var prefixes: [String]

        public init(name: String, prefixes: [String] = []) {
            self.name = name
            self.prefixes = prefixes
        }
    }

    public var group: String
    public var name: String
    public var location: String
    public var prefixes: [String]
    public var subnets: [Subnet]

    public init(group: String, name: String, location: String, prefixes: [String] = [], subnets: [Subnet] = []) {
        self.group = group
        self.name = name
        self.location = location
        self.prefixes = prefixes
        self.subnets = subnets
    }
}

/// What is used of something that there is not any amount of.
public struct QuotaFact: Sendable, Hashable {
    /// Such as `cores` or `standardDSv3Family`.
    public var name: String
    public var title: String
    public var used: Int
    public var limit: Int

    public init(name: String, title: String? = nil, used: Int, limit: Int) {
        self.name = name
        self.title = title ?? name
        self.used = used
        self.limit = limit
    }

    public var free: Int { max(0, limit - used) }
}

/// A size of machines.
public struct MachineSizeFact: Sendable, Hashable {
    public var name: String
    /// Under which its processors are counted.
    public var family: String
    public var processors: Int
    public var generations: [String]
    public var architecture: String
    /// Why it cannot be had, such as `NotAvailableForSubscription`.
    public var restriction: String?

    public init(
        name: String,
        family: String,
        processors: Int,
        generations: [String] = ["V1", "V2"],
        architecture: String = "x64",
        restriction: String? = nil
    ) {
        self.name = name
        self.family = family
        self.processors = processors
        self.generations = generations
        self.architecture = architecture
        self.restriction = restriction
    }
}

/// A place of a file system.
public struct PlaceFact: Sendable, Hashable {
    /// Whether something is there.
    public var isThere: Bool
    public var isFolder: Bool
    /// Of a file.
    public var bytes: Int
    /// Whether it, or else the nearest folder above it, may be written into.
    public var isWritable: Bool
    /// That folder.
    public var folder: String
    /// What its file system has room for.
    public var freeBytes: Int

    public init(isThere: Bool, isFolder: Bool, bytes: Int, isWritable: Bool, folder: String, freeBytes: Int) {
        self.isThere = isThere
        self.isFolder = isFolder
        self.bytes = bytes
        self.isWritable = isWritable
        self.folder = folder
        self.freeBytes = freeBytes
    }
}
