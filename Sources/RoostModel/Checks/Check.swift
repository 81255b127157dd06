public import FoundationEssentials

/// A check; positive.
public struct CheckID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// What must hold before a stage that uses an environment begins.
public struct Check: Hashable, Sendable, Codable {
    public var id: CheckID
    public var environment: EnvironmentID
    public var kind: CheckKind
    /// After so long without an outcome it counts as timed out.
    public var timeoutInMinutes: Int
    public var createdAt: Date
    public var createdBy: String
    public var modifiedAt: Date
    public var modifiedBy: String
    /// Rises with each change; 1 when new.
    public var version: Int

    /// As in Azure DevOps: 30 days.
    public static let defaultTimeout = 43_200

    public init(
        id: CheckID,
        environment: EnvironmentID,
        kind: CheckKind,
        timeoutInMinutes: Int = Check.defaultTimeout,
        createdAt: Date,
        createdBy: String,
        modifiedAt: Date? = nil,
        modifiedBy: String? = nil,
        version: Int = 1
    ) {
        self.id = id
        self.environment = environment
        self.kind = kind
        self.timeoutInMinutes = timeoutInMinutes
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.modifiedAt = modifiedAt ?? createdAt
        self.modifiedBy = modifiedBy ?? createdBy
        self.version = version
    }
}

/// What a check asks for.
public enum CheckKind: Hashable, Sendable, Codable {
    case approval(ApprovalPolicy)
    /// One stage at a time.
    case exclusiveLock
    case branchControl(BranchControl)
    case businessHours(BusinessHours)
    case requiredTemplate([RequiredTemplate])
    /// A person permits the pipeline to use a thing; never configured, it comes with things that are not open to all.
    case permission(ProtectedResource)

    /// As people know it.
    public var title: String {
        switch self {
        case .approval: "Approval"
        case .exclusiveLock: "Exclusive Lock"
        case .branchControl: "Branch control"
        case .businessHours: "Business Hours"
        case .requiredTemplate: "Required template"
        case .permission: "Permission"
        }
    }
}

/// Who must agree.
public struct ApprovalPolicy: Hashable, Sendable, Codable {
    /// Names of users.
    public var approvers: [String]
    /// How many of them must agree; 0 is all.
    public var minimumCount: Int
    /// They are asked one after the other.
    public var isInOrder: Bool
    /// Shown to them.
    public var instructions: String
    /// Whether who asked for the run may be among them.
    public var requesterMayApprove: Bool

    public init(
        approvers: [String],
        minimumCount: Int = 0,
        isInOrder: Bool = false,
        instructions: String = "",
        requesterMayApprove: Bool = true
    ) {
        self.approvers = approvers
        self.minimumCount = minimumCount
        self.isInOrder = isInOrder
        self.instructions = instructions
        self.requesterMayApprove = requesterMayApprove
    }

    /// How many must agree.
    public var needed: Int {
        minimumCount <= 0 || isInOrder ? approvers.count : min(minimumCount, approvers.count)
    }
}

/// Runs of which branches may pass.
public struct BranchControl: Hashable, Sendable, Codable {
    /// Full refs; `*` stands for anything.
    public var allowedBranches: [String]

    public init(allowedBranches: [String]) { self.allowedBranches = allowedBranches }

    /// Whether a run of a branch may pass.
    ///
    /// - Parameter branch: a full ref.
    /// - Returns: whether one of the patterns names it.
    public func allows(_ branch: String) -> Bool {
        allowedBranches.contains { pattern in
            let full = pattern.hasPrefix("refs/") || pattern == "*" ? pattern : "refs/heads/\(pattern)"
            return Self.matches(Array(branch.utf8)[...], Array(full.utf8)[...])
        }
    }

    /// Walks both texts; at a `*` the rest is tried at every place, the last star alone, which keeps it linear in practice.
    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var text = text
        var pattern = pattern
        var star: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
        while let character = text.first {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                star = (text, pattern)
            } else if pattern.first == character {
                text = text.dropFirst()
                pattern = pattern.dropFirst()
            } else if let last = star {
                text = last.text.dropFirst()
                pattern = last.pattern
                star = (text, pattern)
            } else {
                return false
            }
        }
        return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

/// A file that the pipeline must extend.
public struct RequiredTemplate: Hashable, Sendable, Codable {
    /// Name of the repository, such as `team/templates`; empty is the pipeline's own.
    public var repository: String
    /// A full ref; empty is any.
    public var ref: String
    public var path: String

    public init(repository: String = "", ref: String = "", path: String) {
        self.repository = repository
        self.ref = ref
        self.path = path
    }
}
