import Foundation
import Hummingbird
import RoostModel

/// Personal access tokens: a person's own, and for administrators those of all; the value is in one answer and nowhere else.
extension DashboardRoutes {
    func addTokenPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/tokens") { request, _ in
            let asked = DashboardRequest(request, plane)
            guard asked.principal != nil else { return toLogin(request) }
            do {
                try asked.require(.tokensManage, to: "see this page")
                let isAll = request.uri.queryParameters["of"] == "all"
                return html(asked, try tokensPage(asked, isAll: isAll, TokenForm()))
            } catch { return problem(asked, error) }
        }
        form(router, "/tokens") { try await makeToken($0, $2) }
        page(router, "/tokens/:token/revoke", needs: .tokensManage) { try revokePage($0, $1) }
        action(router, "/tokens/:token/revoke") { request, parameters, form in
            try request.require(.tokensManage, to: "revoke a token")
            let token = try token(parameters, request)
            try await plane.revokeToken(token.id, by: request.caller)
            if form["option"] == "on" { try await plane.endSignIns(begunWith: token.id, by: request.caller) }
            return backFromToken(of: token.user, request)
        }
    }

    private func backFromToken(of user: String, _ request: DashboardRequest) -> String {
        user.lowercased() == request.userName?.lowercased() ? "/tokens" : Self.path(ofUser: user)
    }

    private func token(_ parameters: Parameters, _ request: DashboardRequest) throws -> AccessToken {
        guard let id = parameters.get("token").flatMap({ UUID(uuidString: $0) }) else { throw DashboardPathError() }
        let token = try plane.token(TokenID(id))
        try requireOwn(token.user, request)
        return token
    }

    // MARK: The list

    /// What somebody wrote into the form, to be shown again when it cannot be.
    struct TokenForm {
        var name = ""
        var days = ""
        var scopes: Set<TokenScope> = []
        var problem: String?
    }

    struct TokenLine {
        var id: String
        var name: String
        var user: String
        var userPath: String
        var scopes: String
        var createdAt: String
        var created: String
        var expiresAt: String
        var expires: String
        var lastUsed: String
        var state: String
        var stateText: String
        var isGood: Bool
    }

    func lines(_ tokens: [AccessToken], _ t: Phrases) -> [TokenLine] {
        let now = Date()
        return tokens.map { token in
            let state = token.revokedAt != nil ? "revoked" : token.expiresAt <= now ? "expired" : "online"
            let words = ["revoked": "tokenRevoked", "expired": "tokenExpired", "online": "tokenGood"]
            return TokenLine(
                id: token.id.description,
                name: token.name.isEmpty ? "–" : token.name,
                user: token.user,
                userPath: Self.path(ofUser: token.user),
                scopes: t.rights(token.scopes),
                createdAt: token.createdAt.ISO8601Format(),
                created: t.age(token.createdAt, now: now),
                expiresAt: token.expiresAt.ISO8601Format(),
                expires: t.moment(token.expiresAt, now: now),
                lastUsed: token.lastUsedAt.map { t.day($0, now: now) } ?? t["never"],
                state: state,
                stateText: t[words[state] ?? ""],
                isGood: state == "online"
            )
        }
    }

    private struct ScopeBox {
        var id: String
        var field: String
        var scope: String
        var words: String
        var isChecked: Bool
    }

    private func tokensPage(_ request: DashboardRequest, isAll: Bool, _ form: TokenForm) throws -> Page {
        let t = request.phrases
        if isAll { try requireOwn("", request) }
        let life = plane.settings.tokenLife
        let longest = Int(life.seconds / 86_400)
        // Nobody hands out more than they have.
        let offered = TokenScope.all.filter { $0.isGranted(by: request.scopes) }
        let values: [String: Any] = [
            "t": t.table, "tabs": tabs(request, "/tokens"), "mayAll": managesOrganization(request),
            "showsUsers": isAll, "tokens": lines(plane.tokens(of: isAll ? nil : request.userName ?? ""), t),
            "policies": t.policies(life, plane.enrollmentPolicy), "mayMake": life > .zero,
            "name": form.name, "days": form.days.isEmpty ? "\(max(1, min(30, longest)))" : form.days,
            "longest": t.longest(life), "longestDays": max(1, longest),
            "hasProblem": form.problem != nil, "problem": form.problem ?? "",
            "scopes": offered.map { scope in
                ScopeBox(
                    id: "scope-\(scope.rawValue)",
                    field: "scope.\(scope.rawValue)",
                    scope: scope.rawValue,
                    words: t["scope.\(scope.rawValue)"],
                    isChecked: form.scopes.contains(scope)
                )
            },
        ]
        return Page(title: t["tokens"], section: "", content: render("tokens", values))
    }

    // MARK: A new one

    private func makeToken(_ request: DashboardRequest, _ fields: DashboardForm) async throws -> FormOutcome {
        try request.require(.tokensManage, to: "make a token")
        var form = TokenForm(name: fields["name"].trimmingCharacters(in: .whitespaces), days: fields["days"])
        form.scopes = Set(TokenScope.all.filter { fields["scope.\($0.rawValue)"] == "on" })
        do throws(ControlError) {
            let made = try await made(form, request)
            return .shown(madePage(made.token, made.value, request))
        } catch {
            form.problem = [error.summary, error.advice].compactMap(\.self).joined(separator: " ")
            return .page(try tokensPage(request, isAll: false, form))
        }
    }

    private func made(
        _ form: TokenForm,
        _ request: DashboardRequest
    ) async throws(ControlError) -> (token: AccessToken, value: Secret) {
        let t = request.phrases
        guard !form.name.isEmpty, form.name.count <= 100 else {
            throw .invalid(what: t["tokenName"], problem: t["tokenNameMissing"], advice: nil)
        }
        guard let days = Double(form.days), days.isFinite, days > 0, days < 40_000 else {
            throw .invalid(what: t["tokenDays"], problem: t["tokenDaysWrong"], advice: nil)
        }
        if let wider = form.scopes.first(where: { !$0.isGranted(by: request.scopes) }) {
            throw .forbidden(what: "make a token with the scope '\(wider)'", needs: "a token that has it")
        }
        return try await plane.createToken(
            user: request.userName ?? "",
            name: form.name,
            scopes: form.scopes,
            lifetime: .seconds(days * 86_400),
            by: request.caller
        )
    }

    private func madePage(_ token: AccessToken, _ value: Secret, _ request: DashboardRequest) -> Page {
        let t = request.phrases
        let values: [String: Any] = [
            "t": t.table, "tabs": tabs(request, "/tokens"), "name": token.name, "scopes": t.rights(token.scopes),
            "expiresAt": token.expiresAt.ISO8601Format(), "expires": t.moment(token.expiresAt, now: Date()),
            "value": value.exposed,
        ]
        return Page(title: t["tokenMade"], section: "", content: render("tokenmade", values))
    }

    // MARK: The end of one

    private func revokePage(_ request: DashboardRequest, _ parameters: Parameters) throws -> Page {
        let t = request.phrases
        let token = try token(parameters, request)
        let signIns = plane.openSignIns(of: token.user).count { $0.token == token.id.rawValue }
        return page(
            Question(
                title: t["revokeTitle"],
                lines: ["\(token.name) · \(token.user) · \(t.rights(token.scopes))", t["revokeHint"]],
                option: signIns == 0 ? nil : t["revokeSignIns"].replacing("{count}", with: "\(signIns)"),
                button: t["revoke"],
                action: "/tokens/\(token.id)/revoke",
                back: backFromToken(of: token.user, request)
            ),
            request
        )
    }
}
