import Foundation
import Hummingbird
import RoostModel

/// Open sign-ins: browsers and programs that act as a person, each with a button that ends it.
extension DashboardRoutes {
    func addOpenSignInPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/sign-ins") { request, _ in
            let asked = DashboardRequest(request, plane)
            guard asked.principal != nil else { return toLogin(request) }
            do {
                try asked.require(.tokensManage, to: "see this page")
                return html(asked, try signInsPage(asked, isAll: request.uri.queryParameters["of"] == "all"))
            } catch { return problem(asked, error) }
        }
        action(router, "/sign-ins/:signin/end") { request, parameters, form in
            try request.require(.tokensManage, to: "end a sign-in")
            guard let id = parameters.get("signin").flatMap({ UUID(uuidString: $0) }) else {
                throw DashboardPathError()
            }
            guard let grant = plane.signIn(id), grant.isOpen(at: Date()) else {
                throw ControlError.signInNotFound(id.uuidString.lowercased())
            }
            try requireOwn(grant.user, request)
            try await plane.revokeSignIn(id, because: "it was ended", by: request.caller)
            let back = form["back"]
            return back == "/sign-ins?of=all" || back == Self.path(ofUser: grant.user) ? back : "/sign-ins"
        }
        action(router, "/sign-ins/end-others") { request, _, _ in
            try request.require(.tokensManage, to: "end sign-ins")
            let (user, current) = (request.userName ?? "", request.signIn)
            try await plane.endSignIns(because: "all others were ended", by: request.caller) {
                $0.isOf(user) && $0.id != current
            }
            return "/sign-ins"
        }
    }

    struct SignInLine {
        var id: String
        var program: String
        var user: String
        var userPath: String
        var kind: String
        var address: String
        var createdAt: String
        var created: String
        var lastUsedAt: String
        var lastUsed: String
        var expiresAt: String
        var expires: String
        var isCurrent: Bool
        var back: String
    }

    func lines(_ signIns: [SignInGrant], _ request: DashboardRequest, back: String) -> [SignInLine] {
        let (t, now) = (request.phrases, Date())
        return signIns.map { grant in
            SignInLine(
                id: grant.id.uuidString.lowercased(),
                program: grant.clientName,
                user: grant.user,
                userPath: Self.path(ofUser: grant.user),
                kind: t["signIn.\(grant.signIn.rawValue)"],
                address: grant.address ?? "–",
                createdAt: grant.createdAt.ISO8601Format(),
                created: t.age(grant.createdAt, now: now),
                lastUsedAt: grant.lastUse.ISO8601Format(),
                lastUsed: t.age(grant.lastUse, now: now),
                expiresAt: grant.expiresAt.ISO8601Format(),
                expires: t.moment(grant.expiresAt, now: now),
                isCurrent: grant.id == request.signIn,
                back: back
            )
        }
    }

    private func signInsPage(_ request: DashboardRequest, isAll: Bool) throws -> Page {
        let t = request.phrases
        if isAll { try requireOwn("", request) }
        let open = plane.openSignIns(of: isAll ? nil : request.userName ?? "")
        let values: [String: Any] = [
            "t": t.table, "tabs": tabs(request, "/sign-ins"), "mayAll": managesOrganization(request),
            "showsUsers": isAll, "signIns": lines(open, request, back: isAll ? "/sign-ins?of=all" : "/sign-ins"),
            "mayEndOthers": !isAll && open.contains { $0.id != request.signIn },
        ]
        return Page(title: t["signIns"], section: "", content: render("signins", values))
    }
}
