import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Who has which role on what: Roost's own form, and the one of Azure DevOps.
func addRoleRoutes(to table: RouteTable) {
    table.get("roost/roles", access: .person) { call in
        let on = try call.query["on"].map { try call.secured($0) }
        let found = call.plane.roles(on: on).filter { call.sees($0.on) }
        return try call.list(found.map(call.view))
    }
    table.get("roost/roles/check", access: .person) { call in try call.roleCheck() }
    table.put("roost/roles", access: .scope(.full)) { call in
        let wanted = try await call.decode(RoleAssignmentWire.self)
        let on = try call.secured(wanted.on ?? "")
        try call.require(.manage, on: on)
        let given = try await call.plane.assignRole(
            call.role(wanted.role ?? ""),
            to: call.holder(wanted.holder ?? ""),
            on: on,
            by: call.caller
        )
        return try call.answer(call.view(given))
    }
    table.delete("roost/roles", access: .scope(.full)) { call in
        let on = try call.secured(call.query["on"] ?? "")
        try call.require(.manage, on: on)
        try await call.plane.removeRole(of: call.holder(call.query["holder"] ?? ""), on: on, by: call.caller)
        return call.nothing
    }
    addSecurityRoleRoutes(to: table)
}

/// The form that clients of Azure DevOps use.
private func addSecurityRoleRoutes(to table: RouteTable) {
    let base = "securityroles/scopes/{scopeId}"
    let assignments = "\(base)/roleassignments/resources/{resourceId}"
    table.get("\(base)/roledefinitions", access: .person) { call in
        try call.list(call.securedKind().roles.map(call.definition))
    }
    table.get(assignments, access: .person) { call in
        let on = try call.securedByPath()
        guard call.sees(on) else { throw call.mayNotSee(on) }
        return try call.list(call.assignments(on))
    }
    table.put(assignments, access: .scope(.full)) { call in
        let on = try call.securedByPath()
        try call.require(.manage, on: on)
        for wanted in try await call.decodeList(SecurityRoleRequestWire.self) {
            let holder = try call.holder(wanted)
            _ = try await call.plane.assignRole(call.role(wanted.roleName ?? ""), to: holder, on: on, by: call.caller)
        }
        return try call.list(call.assignments(on))
    }
    table.put("\(assignments)/{identityId}", access: .scope(.full)) { call in
        let on = try call.securedByPath()
        try call.require(.manage, on: on)
        let wanted = try await call.decode(SecurityRoleRequestWire.self)
        let holder = try call.holder(id: call.text("identityId"))
        _ = try await call.plane.assignRole(call.role(wanted.roleName ?? ""), to: holder, on: on, by: call.caller)
        let made = try call.assignments(on).first { $0.identity?.id == call.identity(holder.description).id }
        return try call.answer(made)
    }
    table.delete("\(assignments)/{identityId}", access: .scope(.full)) { call in
        let on = try call.securedByPath()
        try call.require(.manage, on: on)
        let holder = try call.holder(id: call.text("identityId"))
        try await call.plane.removeRole(of: holder, on: on, by: call.caller)
        return call.nothing
    }
}

extension Call {
    fileprivate func view(_ assignment: RoleAssignment) -> RoleAssignmentWire {
        var wire = RoleAssignmentWire(
            holder: assignment.holder.description,
            role: assignment.role.rawValue,
            on: assignment.on.description
        )
        wire.name = plane.name(of: assignment.on)
        wire.givenBy = assignment.givenBy
        wire.givenAt = assignment.givenAt
        return wire
    }

    fileprivate func mayNotSee(_ on: Secured) -> ControlError {
        .roleMissing(holder: principal?.roleHolder ?? .everyone, permission: .view, on: on, name: plane.name(of: on))
    }

    /// What somebody may do with a thing; everybody may ask for themselves.
    fileprivate func roleCheck() throws -> Response {
        let on = try secured(query["on"] ?? "organization")
        let own = principal?.roleHolder
        let asked = try query["holder"].map { try holder($0) } ?? own
        guard let asked else { throw ControlError.forbidden(what: "ask for roles", needs: "the token of a person") }
        if asked != own { try require(.manage, on: on) }
        let chain = plane.chain(of: on)
        return try answer(
            RoleCheckWire(
                holder: asked.description,
                on: on.description,
                name: plane.name(of: on),
                permissions: Permission.allCases.filter(plane.permissions(of: asked, on: chain).contains)
                    .map(\.rawValue),
                because: plane.read { $0.roles.reasons(of: asked, on: chain) }.map(view)
            )
        )
    }

    // MARK: What requests name

    fileprivate func role(_ name: String) throws(ControlError) -> Role {
        if let role = Role(name: name) { return role }
        throw .invalid(
            what: "The role '\(name.prefix(60))'",
            problem: "there is none of that name",
            advice: "Give one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))."
        )
    }

    fileprivate func holder(_ text: String) throws(ControlError) -> RoleHolder {
        if let holder = RoleHolder(text) { return holder }
        throw .invalid(
            what: "The holder '\(text.prefix(80))' of a role",
            problem: "it is nobody who can have roles",
            advice: "Write user:NAME, identity:ID or everyone."
        )
    }

    /// A thing by its id or by its name; what is in a project is written `kind:project/name`.
    fileprivate func secured(_ text: String) throws -> Secured {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let kind = parts.first.flatMap { name in
            SecuredKind.allCases.first { $0.rawValue.lowercased() == name.lowercased().filter(\.isLetter) }
        }
        guard let kind, let found = try secured(kind, parts.count > 1 ? parts[1] : "") else {
            throw ControlError.invalid(
                what: "'\(text.prefix(120))'",
                problem: "it is nothing that roles are given on",
                advice:
                    "Write organization, pools, pool:NAME, provider:NAME, project:NAME, or KIND:PROJECT/NAME for a pipeline, "
                    + "environment, service-connection, variable-group or secure-file."
            )
        }
        return found
    }

    private func secured(_ kind: SecuredKind, _ name: String) throws -> Secured? {
        switch kind {
        case .organization: return name.isEmpty ? .organization : nil
        case .pools: return name.isEmpty ? .pools : nil
        case .pool:
            let known = plane.read { $0.poolNamed(name)?.id } ?? Int(name).map { PoolID($0) }
            return try known.map { .pool(try plane.pool($0).id) }
        case .project: return .project(try plane.project(name).id)
        case .provider: return try provider(name)
        default: return try inProject(kind, name)
        }
    }

    /// One that the server has, or had when a role was given on it.
    private func provider(_ name: String) throws -> Secured {
        let wanted = Secured.provider(name)
        if plane.roles(on: wanted).isEmpty { _ = try plane.provider(wanted.id) }
        return wanted
    }

    private func inProject(_ kind: SecuredKind, _ text: String) throws -> Secured? {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            // An id alone, as lists of roles show it.
            return Secured("\(kind.rawValue):\(text)").flatMap { known in plane.read { $0.isThere(known) } ? known : nil
            }
        }
        let (project, name) = (try plane.project(parts[0]).id, parts[1])
        switch kind {
        case .pipeline:
            let wanted = name.lowercased()
            return plane.read { state in
                state.pipelines.values.first {
                    $0.project == project && ($0.name.lowercased() == wanted || $0.id.description == wanted)
                }?.id
            }.map { .pipeline($0) }
        case .environment: return .environment(try plane.environment(name, in: project).id)
        case .variableGroup: return .variableGroup(try plane.variableGroup(name, in: project).id)
        case .secureFile: return .secureFile(try plane.secureFile(name, in: project).id.uuidString)
        case .serviceConnection:
            if let task = plane.taskConnection(name, in: project) { return .serviceConnection(task.id.uuidString) }
            return .serviceConnection(try plane.serviceConnection(name, in: project).id.description)
        case .organization, .pools, .pool, .project, .provider: return nil
        }
    }

    // MARK: Azure DevOps' form

    /// Kinds by the names of their scopes there.
    private static let scopes: [String: SecuredKind] = [
        "distributedtask.globalagentpoolrole": .pools, "distributedtask.agentpoolrole": .pool,
        "distributedtask.environmentreferencerole": .environment,
        "distributedtask.serviceendpointrole": .serviceConnection,
        "distributedtask.variablegroup": .variableGroup, "distributedtask.securefile": .secureFile,
    ]

    fileprivate func securedKind() throws -> SecuredKind {
        let scope = text("scopeId").lowercased()
        if let kind = Self.scopes[scope] { return kind }
        throw ControlError.invalid(
            what: "The scope '\(scope.prefix(80))'",
            problem: "no roles are given there",
            advice: "Give one of \(Self.scopes.keys.sorted().joined(separator: ", "))."
        )
    }

    /// Resources are numbers, or the project's id, a `_` or `$`, and the thing's.
    fileprivate func securedByPath() throws -> Secured {
        let kind = try securedKind()
        let resource = text("resourceId")
        let id = resource.split(whereSeparator: { $0 == "_" || $0 == "$" }).last.map(String.init) ?? resource
        let found = kind == .pools ? .pools : Secured("\(kind.rawValue):\(id)")
        guard let found, plane.read({ $0.isThere(found) }) else {
            throw RequestProblem.notFound(what: "\(kind.title) '\(resource.prefix(80))'")
        }
        return found
    }

    fileprivate func definition(_ role: Role) -> SecurityRoleAssignmentWire.Role {
        let scope = text("scopeId").lowercased()
        return SecurityRoleAssignmentWire.Role(
            displayName: role.title,
            name: role.title.filter { $0 != " " },
            identifier: "\(scope).\(role.title.filter { $0 != " " })",
            scope: scope
        )
    }

    fileprivate func assignments(_ on: Secured) throws -> [SecurityRoleAssignmentWire] {
        plane.chain(of: on).flatMap { place in
            plane.roles(on: place).map { assignment in
                SecurityRoleAssignmentWire(
                    identity: identity(assignment.holder.description),
                    role: definition(assignment.role),
                    isInherited: place != on
                )
            }
        }
    }

    fileprivate func holder(_ wanted: SecurityRoleRequestWire) throws -> RoleHolder {
        if let name = wanted.uniqueName { return .user(name.lowercased()) }
        return try holder(id: wanted.userId ?? "")
    }

    /// Ids of people follow from their names, so that they are looked for among those who are known.
    fileprivate func holder(id: String) throws -> RoleHolder {
        let wanted = id.lowercased()
        let people = plane.tokens(of: nil).map { RoleHolder.user($0.user.lowercased()) }
        let known = Set(people + plane.roles().map(\.holder) + [.everyone])
        guard let found = known.first(where: { identity($0.description).id == wanted }) else {
            throw RequestProblem.notFound(what: "identity '\(id.prefix(80))'")
        }
        return found
    }
}
