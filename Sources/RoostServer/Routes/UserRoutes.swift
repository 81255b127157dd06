import FoundationEssentials
import RoostModel
import RoostWire

/// People, as the server knows them; an administrator's matter.
func addUserRoutes(to table: RouteTable) {
    let manage = RouteAccess.scope(.full)
    let one = "roost/users/{user}"
    table.get("roost/users", access: manage) { call in
        try call.list(try await call.plane.users().map(call.view))
    }
    table.get(one, access: manage) { call in
        try call.answer(call.view(try await call.plane.user(call.text("user"))))
    }
    table.patch(one, access: manage) { call in
        let name = call.text("user")
        switch try await call.decode(UserWire.self).isEnabled {
        case true?: try await call.plane.enableUser(name, by: call.caller)
        case false?: try await call.plane.disableUser(name, by: call.caller)
        case nil: break
        }
        return try call.answer(call.view(try await call.plane.user(name)))
    }
}

extension Call {
    fileprivate func view(_ user: UserFacts) -> UserWire {
        var wire = UserWire(name: user.name, isEnabled: user.disabled == nil)
        wire.disabledAt = user.disabled?.at
        wire.disabledBy = user.disabled?.by
        wire.roles = user.roles.map { role in
            var view = RoleAssignmentWire(
                holder: role.holder.description,
                role: role.role.rawValue,
                on: role.on.description
            )
            view.name = plane.name(of: role.on)
            return view
        }
        wire.tokens = user.tokens
        wire.goodTokens = user.goodTokens
        wire.openSignIns = user.openSignIns
        wire.lastSeenAt = user.lastSeenAt
        wire.lastChangeAt = user.lastChangeAt
        if !user.made.isEmpty {
            wire.made = Dictionary(user.made.map { ($0.kind, $0.count) }) { first, _ in first }
        }
        return wire
    }
}
