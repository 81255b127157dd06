import Foundation
import Hummingbird
import RoostModel

/// People, for administrators: who there is, what they hold, and whether they may come in.
extension DashboardRoutes {
    func addUserPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/users", needs: .full) { request, _ in
            try requireOwn("", request)
            return try await usersPage(request)
        }
        page(router, "/users/:user", needs: .full) { try await userPage($0, $1) }
        page(router, "/users/:user/disable", needs: .full) { try await disablePage($0, $1) }
        for (word, isEnabled) in [("enable", true), ("disable", false)] {
            action(router, "/users/:user/\(word)") { request, parameters, _ in
                let user = try await user(parameters, request)
                if isEnabled {
                    try await plane.enableUser(user.name, by: request.caller)
                } else {
                    try await plane.disableUser(user.name, by: request.caller)
                }
                return Self.path(ofUser: user.name)
            }
        }
        action(router, "/users/:user/end-sign-ins") { request, parameters, _ in
            let user = try await user(parameters, request)
            let current = request.signIn
            try await plane.endSignIns(because: "all were ended", by: request.caller) {
                $0.isOf(user.name) && $0.id != current
            }
            return Self.path(ofUser: user.name)
        }
    }

    /// The person of the path, for those who manage the organization.
    private func user(_ parameters: Parameters, _ request: DashboardRequest) async throws -> UserFacts {
        try request.require(.full, to: "manage people")
        try requireOwn("", request)
        return try await plane.user(PercentCoding.decode(parameters.get("user") ?? ""))
    }

    private struct UserLine {
        var name: String
        var path: String
        var state: String
        var stateText: String
        var roles: String
        var goodTokens: Int
        var openSignIns: Int
        var lastSeen: String
        var lastChange: String
    }

    private func usersPage(_ request: DashboardRequest) async throws -> Page {
        let (t, now) = (request.phrases, Date())
        let rows = try await plane.users().map { user in
            UserLine(
                name: user.name,
                path: Self.path(ofUser: user.name),
                state: user.disabled == nil ? "online" : "disabled",
                stateText: t[user.disabled == nil ? "mayComeIn" : "isDisabled"],
                roles: user.isAdministrator ? t["administrator"] : "\(user.roles.count)",
                goodTokens: user.goodTokens,
                openSignIns: user.openSignIns,
                lastSeen: user.lastSeenAt.map { t.age($0, now: now) } ?? t["never"],
                lastChange: user.lastChangeAt.map { t.age($0, now: now) } ?? t["never"]
            )
        }
        let values: [String: Any] = ["t": t.table, "tabs": tabs(request, "/users"), "users": rows]
        return Page(title: t["people"], section: "", content: render("users", values))
    }

    private struct RoleLine {
        var on: String
        var role: String
    }

    private struct MadeLine {
        var kind: String
        var count: Int
    }

    private func userPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let (t, now) = (request.phrases, Date())
        let user = try await user(parameters, request)
        let path = Self.path(ofUser: user.name)
        let open = plane.openSignIns(of: user.name)
        let values: [String: Any] = [
            "t": t.table, "name": user.name, "path": path, "isDisabled": user.disabled != nil,
            "disabledText": user.disabled.map { t.disabledSince($0, now: now) } ?? "",
            "state": user.disabled == nil ? "online" : "disabled",
            "stateText": t[user.disabled == nil ? "mayComeIn" : "isDisabled"],
            "lastSeen": user.lastSeenAt.map { t.age($0, now: now) } ?? t["never"],
            "lastChange": user.lastChangeAt.map { t.age($0, now: now) } ?? t["never"],
            "roles": user.roles.map { role in
                let name = plane.name(of: role.on)
                return RoleLine(
                    on: name.isEmpty ? "\(role.on)" : "\(role.on.kind.title) \(name)",
                    role: role.role.rawValue
                )
            },
            "showsUsers": false, "tokens": lines(plane.tokens(of: user.name), t),
            "signIns": lines(open, request, back: path), "hasSignIns": open.contains { $0.id != request.signIn },
            "made": user.made.map { MadeLine(kind: t["made.\($0.kind)"], count: $0.count) },
        ]
        return Page(title: user.name, section: "", content: render("user", values))
    }

    private func disablePage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let t = request.phrases
        let user = try await user(parameters, request)
        let path = Self.path(ofUser: user.name)
        return page(
            Question(
                title: t["disableTitle"].replacing("{name}", with: user.name),
                lines: [t["disableHint"], t["madeHint"]],
                button: t["disablePerson"],
                action: "\(path)/disable",
                back: path
            ),
            request
        )
    }
}
