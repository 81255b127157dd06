public import FoundationEssentials

/// Something on an agent's disk that takes room and can be removed as a whole.
public struct UpkeepItem: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The numbered folder of a pipeline.
        case workspace
        /// The agent's copy of a repository.
        case mirror
        /// The files of a repository as a checkout wrote them, beside its mirror.
        case tree
        /// A version of a task that is not built in.
        case task
        /// A version of a tool in the tool cache.
        case tool
        /// An image of containers.
        case image
        /// Pages of jobs' logs that nobody has uploaded.
        case log
        /// What a job left in the folder for temporary files.
        case temporary
    }

    /// Names an item among all of an agent.
    public struct ID: Hashable, Sendable, Codable, Comparable {
        public var kind: Kind
        public var name: String

        public init(_ kind: Kind, _ name: String) {
            self.kind = kind
            self.name = name
        }

        public static func < (left: ID, right: ID) -> Bool {
            (left.kind.rawValue, left.name) < (right.kind.rawValue, right.name)
        }
    }

    /// Whether it may be removed.
    public enum Use: Hashable, Sendable, Codable {
        case free
        /// A job uses it now.
        case held
        /// It is not the agent's to remove; why, behind the item's name.
        case kept(String)
    }

    /// What it is good for.
    public enum Standing: Hashable, Sendable, Codable {
        case current
        /// A newer version of the same is there.
        case superseded(by: String)
        /// Nothing leads to it any more.
        case abandoned
    }

    public var id: ID
    /// For people, such as the name of the pipeline; empty when the name says all.
    public var label: String
    /// On the disk.
    public var bytes: Int
    public var lastUse: Date
    /// Seconds that it takes to get it again, when somebody needs it.
    public var cost: Double
    public var use: Use
    public var standing: Standing
    /// Items without which it is of no use.
    public var leansOn: Set<ID>
    /// Removing it gives room on the disk that is looked after.
    public var isOnDisk: Bool

    public init(
        _ id: ID,
        label: String = "",
        bytes: Int,
        lastUse: Date,
        cost: Double = 0,
        use: Use = .free,
        standing: Standing = .current,
        leansOn: Set<ID> = [],
        isOnDisk: Bool = true
    ) {
        self.id = id
        self.label = label
        self.bytes = bytes
        self.lastUse = lastUse
        self.cost = cost
        self.use = use
        self.standing = standing
        self.leansOn = leansOn
        self.isOnDisk = isOnDisk
    }

    /// Such as `workspace 3 (widgets)`.
    public var title: String { "\(id.kind.rawValue) \(id.name)\(label.isEmpty ? "" : " (\(label))")" }

    /// How much is lost with each of its bytes: what it costs to get it again, the less the longer nobody has used it.
    ///
    /// The minute keeps an item that was used a moment ago from being worth more than everything else together.
    func worth(at now: Date) -> Double {
        guard standing == .current else { return 0 }
        return cost / Double(max(bytes, 1)) / (max(0, now.timeIntervalSince(lastUse)) + 60)
    }
}
