public import FoundationEssentials

/// That somebody has a role on a thing.
public struct RoleAssignment: Hashable, Sendable, Codable {
    public var holder: RoleHolder
    public var role: Role
    public var on: Secured
    /// Who gave it, as audits name them.
    public var givenBy: String
    public var givenAt: Date

    public init(_ holder: RoleHolder, _ role: Role, on secured: Secured, givenBy: String, givenAt: Date) {
        self.holder = holder
        self.role = role
        on = secured
        self.givenBy = givenBy
        self.givenAt = givenAt
    }
}

/// All roles of an organization: one at most for each holder and thing.
public struct RoleBook: Hashable, Sendable {
    private var byThing: [Secured: [RoleHolder: RoleAssignment]] = [:]

    public init(_ assignments: some Sequence<RoleAssignment> = []) {
        for assignment in assignments { put(assignment) }
    }

    public mutating func put(_ assignment: RoleAssignment) {
        byThing[assignment.on, default: [:]][assignment.holder] = assignment
    }

    /// Takes a role away; nil when there was none.
    @discardableResult
    public mutating func remove(_ holder: RoleHolder, on secured: Secured) -> RoleAssignment? {
        byThing[secured]?.removeValue(forKey: holder)
    }

    public subscript(_ holder: RoleHolder, on secured: Secured) -> RoleAssignment? { byThing[secured]?[holder] }

    public var isEmpty: Bool { byThing.allSatisfy(\.value.isEmpty) }

    /// All, by thing and holder.
    public var assignments: [RoleAssignment] {
        byThing.values.flatMap(\.values)
            .sorted { ($0.on.description, $0.holder.description) < ($1.on.description, $1.holder.description) }
    }

    /// What somebody may do with a thing.
    ///
    /// - Parameters:
    ///   - holder: who asks; has all that everyone has, too.
    ///   - chain: the thing, then what it is in, up to the organization.
    /// - Returns: all permissions that any role gives on any of them.
    public func permissions(of holder: RoleHolder, on chain: [Secured]) -> Set<Permission> {
        guard let kind = chain.first?.kind else { return [] }
        var all: Set<Permission> = []
        for (index, place) in chain.enumerated() {
            guard let given = byThing[place], !given.isEmpty else { continue }
            for role in [given[holder]?.role, given[.everyone]?.role].compactMap(\.self) {
                all.formUnion(role.permissions(on: kind, isInherited: index > 0))
            }
        }
        return all
    }

    /// The roles by which somebody has what ``permissions(of:on:)`` gives, nearest first.
    public func reasons(of holder: RoleHolder, on chain: [Secured]) -> [RoleAssignment] {
        chain.flatMap { place in
            [byThing[place]?[holder], holder == .everyone ? nil : byThing[place]?[.everyone]].compactMap(\.self)
        }
    }

    /// Whether somebody is left who may do everything.
    public var hasAdministrator: Bool {
        byThing[.organization]?.values.contains { $0.role == .administrator } ?? false
    }
}
