import Foundation
import HTTPTypes
import Hummingbird
import RoostModel

/// Where a person lets a program sign in: by a code from another device, or in the browser that the program opened.
extension DashboardRoutes {
    func addSignInPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/device") { request, _ in
            let asked = DashboardRequest(request, plane)
            guard approval(request) != nil else { return toLoginAndBack(request) }
            let code = request.uri.queryParameters["code"].map(String.init) ?? ""
            return html(asked, codePage(asked, code: code, isWrong: false))
        }
        form(router, "/device") { asked, _, form in
            guard let device = plane.signIns.device(userCode: form["code"], at: Date()) else {
                return .page(codePage(asked, code: form["code"], isWrong: true))
            }
            return .shown(confirmPage(asked, device))
        }
        for (word, isApproved) in [("approve", true), ("decline", false)] {
            router.post("/device/\(word)") { request, _ in try await decideDevice(request, isApproved) }
        }
        router.get("/:tenant/oauth2/v2.0/authorize") { request, _ in await authorize(request) }
        router.post("/:tenant/oauth2/v2.0/authorize") { request, _ in try await decideAuthorize(request) }
    }

    /// The person of the request's session.
    private func approval(_ request: Request) -> Approval? {
        request.cookies[DashboardRequest.sessionCookie].flatMap { plane.signedIn(cookie: $0.value) }
    }

    private func toLoginAndBack(_ request: Request) -> Response {
        let back = request.uri.path + (request.uri.query.map { "?\($0)" } ?? "")
        return .redirect(to: "/login?back=\(PercentCoding.encode(back))", type: .normal)
    }

    // MARK: Codes of devices

    private func codePage(_ asked: DashboardRequest, code: String, isWrong: Bool) -> Page {
        let t = asked.phrases
        let values: [String: Any] = ["t": t.table, "code": String(code.prefix(40)), "isWrong": isWrong]
        return Page(title: t["deviceTitle"], section: "", content: render("device", values))
    }

    private func confirmPage(_ asked: DashboardRequest, _ device: DeviceSignIn) -> Page {
        let values = consent(asked, device.client, device.scope).merging(
            [
                "code": device.userCode, "address": device.address, "hasAddress": true,
                "approve": "/device/approve", "decline": "/device/decline",
            ] as [String: Any]
        ) { $1 }
        return Page(title: asked.phrases["consentTitle"], section: "", content: render("consent", values))
    }

    /// What every page that asks for leave says.
    private func consent(_ asked: DashboardRequest, _ client: SignInClient, _ scope: RequestedScope) -> [String: Any] {
        let isService = scope.resource == AccessTokenClaims.serviceAudience
        return [
            "t": asked.phrases.table, "client": client.name, "clientID": client.id.uuidString.lowercased(),
            "user": asked.userName ?? "", "resource": isService ? "Roost" : scope.resource,
            "scopes": asked.scopes.map(\.rawValue).sorted().joined(separator: ", "), "staysIn": scope.wantsRefresh,
        ]
    }

    private func decideDevice(_ request: Request, _ isApproved: Bool) async throws -> Response {
        let asked = DashboardRequest(request, plane)
        guard let person = approval(request) else { return toLogin(request) }
        guard isOwnPage(request) else {
            return problem(asked, ControlError.forbidden(what: "do this", needs: "a form of this server"))
        }
        let form = try await DashboardForm(request)
        guard plane.signIns.decide(userCode: form["code"], isApproved ? person : nil, at: Date()) != nil else {
            return html(asked, codePage(asked, code: form["code"], isWrong: true), status: .badRequest)
        }
        let t = asked.phrases
        let values: [String: Any] = [
            "t": t.table, "title": t[isApproved ? "deviceApproved" : "deviceDeclined"],
            "hint": t[isApproved ? "deviceApprovedHint" : "deviceDeclinedHint"],
        ]
        return html(asked, Page(title: t["deviceTitle"], section: "", content: render("signindone", values)))
    }

    // MARK: Codes of browsers

    private func authorize(_ request: Request) async -> Response {
        let asked = DashboardRequest(request, plane)
        let wanted: AuthorizeRequest
        do { wanted = try AuthorizeRequest(request, plane) } catch { return refusal(asked, error) }
        guard approval(request) != nil else {
            if wanted.isSilent { return goBack(asked, wanted, ["error": "login_required"]) }
            return toLoginAndBack(request)
        }
        // A person is asked each time, so that no page can use a sign-in that is open.
        if wanted.isSilent { return goBack(asked, wanted, ["error": "consent_required"]) }
        let here = request.uri.path + (request.uri.query.map { "?\($0)" } ?? "")
        let values = consent(asked, wanted.client, wanted.scope).merging(
            [
                "hasAddress": true, "address": wanted.redirect.origin, "approve": here, "decline": here,
                "isBrowser": true,
            ]
                as [String: Any]
        ) { $1 }
        let page = Page(title: asked.phrases["consentTitle"], section: "", content: render("consent", values))
        var response = html(asked, page)
        allowForms(to: wanted.redirect, in: &response)
        return response
    }

    /// Browsers hold the answer to a form to the same rule as the form.
    private func allowForms(to redirect: RedirectAddress, in response: inout Response) {
        response.headers[.contentSecurityPolicy] = response.headers[.contentSecurityPolicy]?.replacing(
            "form-action 'self'",
            with: "form-action 'self' \(redirect.origin)"
        )
    }

    private func decideAuthorize(_ request: Request) async throws -> Response {
        let asked = DashboardRequest(request, plane)
        let wanted: AuthorizeRequest
        do { wanted = try AuthorizeRequest(request, plane) } catch { return refusal(asked, error) }
        guard let person = approval(request) else { return toLogin(request) }
        guard isOwnPage(request) else {
            return problem(asked, ControlError.forbidden(what: "do this", needs: "a form of this server"))
        }
        guard try await DashboardForm(request)["decision"] == "approve" else {
            return goBack(
                asked,
                wanted,
                ["error": "access_denied", "error_description": "AADSTS65004: The person declined."]
            )
        }
        let now = Date()
        guard let code = plane.signIns.makeCode(wanted.signIn(person, at: now), at: now) else {
            return goBack(asked, wanted, ["error": "temporarily_unavailable"])
        }
        return goBack(asked, wanted, ["code": code.exposed])
    }

    private func goBack(_ asked: DashboardRequest, _ wanted: AuthorizeRequest, _ values: [String: String]) -> Response {
        goBack(
            asked,
            wanted.redirect,
            values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            wanted.state,
            isPosted: wanted.isPosted
        )
    }

    /// Sends the browser to the program, with values in the address or in a form that sends itself.
    private func goBack(
        _ asked: DashboardRequest,
        _ redirect: RedirectAddress,
        _ values: [(String, String)],
        _ state: String?,
        isPosted: Bool
    ) -> Response {
        let all = values + (state.map { [("state", $0)] } ?? [])
        guard isPosted else { return .redirect(to: redirect.adding(all), type: .normal) }
        let t = asked.phrases
        let content: [String: Any] = [
            "t": t.table, "target": redirect.text, "fields": all.map { ["name": $0.0, "value": $0.1] },
        ]
        let page = Page(title: t["consentTitle"], section: "", content: render("signinreturn", content))
        var response = html(asked, page)
        allowForms(to: redirect, in: &response)
        return response
    }

    /// Before the redirect is known to be the program's own, nothing is sent there.
    private func refusal(_ asked: DashboardRequest, _ error: AuthorizeRefusal) -> Response {
        if case .toClient(let redirect, let state, let isPosted, let code, let text) = error {
            let values = [("error", code), ("error_description", text)]
            return goBack(asked, redirect, values, state, isPosted: isPosted)
        }
        return problem(asked, error)
    }
}

extension Phrases {
    /// English and Chinese.
    static let aboutSignIns: [String: (String, String)] = [
        "deviceTitle": ("Sign in on a device", "在设备上登录"),
        "deviceHint": (
            "Enter the code that the program shows you. Only enter a code that you asked for yourself.",
            "请输入程序显示的代码。请只输入您自己请求的代码。"
        ),
        "deviceCode": ("Code", "代码"), "continue": ("Continue", "继续"),
        "deviceWrong": ("This code is wrong, has expired or was used.", "此代码不正确、已过期或已被使用。"),
        "consentTitle": ("Let a program sign in?", "允许程序登录？"),
        "consentHint": (
            "The program will act as you, with the rights below. If you did not begin this yourself, decline.",
            "该程序将以您的身份并使用以下权限进行操作。如果不是您本人发起的，请拒绝。"
        ),
        "program": ("Program", "程序"), "signsInAs": ("Signs in as", "登录身份"), "askedFrom": ("Asked from", "请求来源"),
        "uses": ("For", "用于"), "rights": ("Rights", "权限"),
        "staysIn": (
            "It stays signed in until you end it, or it is not used for 90 days.", "在您结束它或 90 天未使用之前，它将保持登录状态。"
        ),
        "returning": ("Back to the program", "返回程序"),
        "returningHint": ("Press the button if nothing happens.", "如果没有反应，请按按钮。"),
        "letIn": ("Let it sign in", "允许登录"), "decline": ("Decline", "拒绝"),
        "deviceApproved": ("The program is signed in.", "程序已登录。"),
        "deviceApprovedHint": ("You can close this page and go back to it.", "您可以关闭此页面并返回程序。"),
        "deviceDeclined": ("The program was refused.", "已拒绝该程序。"),
        "deviceDeclinedHint": ("You can close this page.", "您可以关闭此页面。"),
    ]
}
