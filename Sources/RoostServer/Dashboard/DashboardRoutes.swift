import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import RoostModel
import RoostStore

/// The pages: server-rendered, kept up to date by a little script, usable without it.
struct DashboardRoutes: Sendable {
    let plane: ControlPlane
    let triggers: TriggerService
    let templates: DashboardTemplates
    /// Cookies are marked secure when people come over TLS.
    let isSecure: Bool

    /// How long a browser stays signed in.
    let sessionLifetime: Duration

    func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/") { _, _ in Response.redirect(to: "/runs", type: .normal) }
        router.get("/assets/roost.css") { _, _ in asset(templates.styleSheet, "text/css; charset=utf-8") }
        router.get("/assets/roost.js") { _, _ in asset(templates.script, "text/javascript; charset=utf-8") }
        router.get("/language/:language", use: switchLanguage)
        router.get("/login", use: loginPage)
        router.post("/login", use: login)
        router.post("/logout", use: logout)
        addPages(to: router)
        addEnvironmentPages(to: router)
        addGalleryPages(to: router)
        addConnectionPages(to: router)
        addImageTemplatePages(to: router)
        addArtifactPages(to: router)
        addValidationActions(to: router)
        addRequestActions(to: router)
        addTestPages(to: router)
        addSignInPages(to: router)
        addTokenPages(to: router)
        addOpenSignInPages(to: router)
        addUserPages(to: router)
        addActions(to: router)
        router.get("/runs/:run/events") { request, context in try await runEvents(request, context) }
        router.get("/runs/:run/logs/:log/follow") { request, context in try await followLog(request, context) }
        router.get("/runs/:run/logs/:log/text") { request, context in try await rawLog(request, context) }
        router.get("/changes") { request, _ in try await anyChange(request) }
    }

    private func addPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/runs") { try await runsPage($0, $1) }
        page(router, "/runs/:run") { try await runPage($0, $1) }
        page(router, "/runs/:run/logs/:log") { try await logPage($0, $1) }
        page(router, "/pipelines") { request, _ in try pipelinesPage(request) }
        page(router, "/pipelines/:pipeline") { try await pipelinePage($0, $1) }
        page(router, "/pipelines/:pipeline/run") { try await runFormPage($0, $1) }
        form(router, "/pipelines/:pipeline/run") { try await queueFromForm($0, $1, $2) }
        page(router, "/queue") { request, _ in queuePage(request) }
        page(router, "/pools") { request, _ in poolsPage(request) }
        page(router, "/pools/:pool") { try await poolPage($0, $1) }
        page(router, "/pools/:pool/agents/:agent") { try agentPage($0, $1) }
    }

    private func addActions<Context: RequestContext>(to router: some RouterMethods<Context>) {
        action(router, "/runs/:run/cancel") { request, context, _ in
            try request.require(.buildExecute, to: "cancel a run")
            let id = RunID(try context.number("run"))
            _ = try await plane.cancelRun(id, by: request.caller)
            return "/runs/\(id)"
        }
        for kind in [StageRequest.Kind.start, .skip] {
            action(router, "/runs/:run/\(kind.rawValue)-stage") { request, context, form in
                try request.require(.buildExecute, to: "\(kind.rawValue) a stage")
                let id = RunID(try context.number("run"))
                _ = try await plane.ask(kind, of: form["stage"], in: id, by: request.caller)
                return "/runs/\(id)"
            }
        }
        action(router, "/runs/:run/rerun") { request, context, _ in
            try request.require(.buildExecute, to: "queue a run")
            let run = try await plane.rerun(RunID(try context.number("run")), by: request.caller)
            return "/runs/\(run.id)"
        }
        action(router, "/pipelines/:pipeline/queue") { request, context, form in
            try request.require(.buildExecute, to: "queue a run")
            let id = PipelineID(try context.number("pipeline"))
            let branch = form["branch"]
            let wanted = RunRequest(pipeline: id, branch: branch.isEmpty ? nil : branch)
            return "/runs/\(try await plane.queueRun(wanted, by: request.caller).id)"
        }
        for (word, enabled) in [("enable", true), ("disable", false), ("drain", false)] {
            action(router, "/pools/:pool/agents/:agent/\(word)") { request, context, form in
                try request.require(.agentPoolsManage, to: "\(word) an agent")
                let pool = PoolID(try context.number("pool"))
                let agent = AgentID(try context.number("agent"))
                _ = try await plane.updateAgent(
                    agent,
                    in: pool,
                    enabled: enabled,
                    pause: PauseDraft(reason: form["reason"], drains: word == "drain"),
                    name: nil,
                    by: request.caller
                )
                return "/pools/\(pool)/agents/\(agent)"
            }
        }
        let states: [(String, ElasticPool.State)] = [("pause", .paused), ("resume", .active), ("drain", .draining)]
        for (word, state) in states {
            action(router, "/pools/:pool/\(word)") { request, context, form in
                try request.require(.agentPoolsManage, to: "\(word) a pool")
                let pool = PoolID(try context.number("pool"))
                guard plane.isElastic(pool) else {
                    let pause = PauseDraft(reason: form["reason"], drains: state == .draining)
                    _ = try await plane.updatePool(pool, enabled: state == .active, pause: pause, by: request.caller)
                    return "/pools/\(pool)"
                }
                _ = try await plane.setState(state, ofElasticPool: pool, by: request.caller)
                return "/pools/\(pool)"
            }
        }
        for kind in [ElasticInstance.Wish.Kind.reimage, .delete] {
            action(router, "/pools/:pool/machines/:machine/\(kind.rawValue)") { request, context, _ in
                try request.require(.agentPoolsManage, to: "\(kind.rawValue) a machine")
                let pool = PoolID(try context.number("pool"))
                let machine = try context.number("machine")
                _ = try await plane.wish(kind, ofMachine: machine, in: pool, by: request.caller)
                return "/pools/\(pool)"
            }
        }
    }

    // MARK: Shapes of routes

    /// A page's title, its section, its content, and the stream of its changes.
    struct Page {
        var title: String
        var section: String
        var content: String
        var stream: String?
    }

    func page<Context: RequestContext>(
        _ router: some RouterMethods<Context>,
        _ path: String,
        needs scope: TokenScope = .build,
        _ make: @escaping @Sendable (DashboardRequest, Parameters) async throws -> Page
    ) {
        router.get(RouterPath(path)) { request, context in
            let asked = DashboardRequest(request, plane)
            guard asked.principal != nil else { return toLogin(request) }
            do {
                try asked.require(scope, to: "see this page")
                try await checkRoles(asked.principal, context.parameters, .view)
                return html(asked, try await make(asked, context.parameters))
            } catch {
                return problem(asked, error)
            }
        }
    }

    func action<Context: RequestContext>(
        _ router: some RouterMethods<Context>,
        _ path: String,
        _ act: @escaping @Sendable (DashboardRequest, Parameters, DashboardForm) async throws -> String
    ) {
        form(router, path) { .path(try await act($0, $1, $2)) }
    }

    /// Where a form leads: to another page, or to itself with what is wrong.
    enum FormOutcome {
        case path(String)
        case page(Page)
        /// The next step of the same matter.
        case shown(Page)
    }

    func form<Context: RequestContext>(
        _ router: some RouterMethods<Context>,
        _ path: String,
        _ act: @escaping @Sendable (DashboardRequest, Parameters, DashboardForm) async throws -> FormOutcome
    ) {
        router.post(RouterPath(path)) { request, context in
            let asked = DashboardRequest(request, plane)
            guard asked.principal != nil else { return toLogin(request) }
            do {
                guard isOwnPage(request) else {
                    throw ControlError.forbidden(what: "do this", needs: "a form of this server")
                }
                try await checkRoles(asked.principal, context.parameters, .use)
                let form = try await DashboardForm(request)
                switch try await act(asked, context.parameters, form) {
                case .path(let path): return .redirect(to: path, type: .normal)
                case .page(let page): return html(asked, page, status: .badRequest)
                case .shown(let page): return html(asked, page)
                }
            } catch {
                return problem(asked, error)
            }
        }
    }

    /// Forms of other sites are refused: browsers say where a request comes from.
    func isOwnPage(_ request: Request) -> Bool {
        guard let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }) else { return true }
        return site == "same-origin" || site == "none"
    }

    // MARK: Answers

    func render(_ name: String, _ value: Any) -> String { templates.library.render(value, withTemplate: name) ?? "" }

    func html(_ request: DashboardRequest, _ page: Page, status: HTTPResponse.Status = .ok) -> Response {
        if request.wantsFragment { return text(page.content, "text/html; charset=utf-8") }
        let t = request.phrases
        let sections = [
            ("runs", "/runs"), ("pipelines", "/pipelines"), ("environments", "/environments"),
            ("connections", "/connections"), ("galleries", "/galleries"), ("imageTemplates", "/image-templates"),
            ("queue", "/queue"),
            ("pools", "/pools"),
        ]
        let frame = PageFrame(
            t: t.table,
            language: t.language.rawValue,
            otherLanguage: t.language.other.rawValue,
            otherLanguageName: t.language.other.name,
            title: page.title,
            assets: templates.assetsVersion,
            path: request.path,
            user: request.userName,
            stream: page.stream,
            sections: sections.map { .init(path: $0.1, name: t[$0.0], current: $0.0 == page.section) },
            content: page.content
        )
        return text(render("page", frame), "text/html; charset=utf-8", status)
    }

    func problem(_ request: DashboardRequest, _ error: any Error) -> Response {
        let known = error as? any UserFacingError
        let isMissing = known?.code.hasSuffix(".not-found") ?? (error is DashboardPathError)
        let content = render(
            "problem",
            [
                "t": request.phrases.table, "title": request.phrases[isMissing ? "notFound" : "problem"],
                "summary": known?.summary ?? "The server could not do this.", "advice": known?.advice ?? "",
            ] as [String: Any]
        )
        let page = Page(title: request.phrases[isMissing ? "notFound" : "problem"], section: "", content: content)
        return html(request, page, status: isMissing ? .notFound : .badRequest)
    }

    private func text(_ text: String, _ type: String, _ status: HTTPResponse.Status = .ok) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func asset(_ bytes: [UInt8], _ type: String) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    func toLogin(_ request: Request) -> Response {
        let back = request.method == .get ? request.uri.path : "/"
        return .redirect(to: "/login?back=\(back)", type: .normal)
    }

    // MARK: Signing in

    @Sendable private func loginPage(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let asked = DashboardRequest(request, plane)
        let cookie = request.cookies[DashboardRequest.sessionCookie]?.value
        return login(
            asked,
            back: request.uri.queryParameters["back"].map(String.init),
            problem: cookie.flatMap { asked.phrases.disabled(plane.authenticate(bearer: $0)) }
        )
    }

    private func login(_ request: DashboardRequest, back: String?, problem: String?) -> Response {
        let t = request.phrases
        let values: [String: Any] = [
            "t": t.table, "back": Self.ownPath(back), "problem": problem ?? "", "hasProblem": problem != nil,
            "otherLanguage": t.language.other.rawValue, "otherLanguageName": t.language.other.name,
        ]
        var asked = html(
            request,
            Page(title: t["login"], section: "", content: render("login", values)),
            status: problem == nil ? .ok : .unauthorized
        )
        asked.headers[.cacheControl] = "no-store"
        return asked
    }

    @Sendable private func login(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let asked = DashboardRequest(request, plane)
        let form = try await DashboardForm(request)
        let token = form["token"].filter { !$0.isWhitespace }
        guard isOwnPage(request),
            let session = try plane.issueDashboardSession(
                pat: token,
                lifetime: sessionLifetime,
                from: (context as? RoostRequestContext)?.clientAddress,
                program: BrowserName.read(request.headers[.userAgent])
            )
        else {
            let t = asked.phrases
            return login(
                asked,
                back: form["back"],
                problem: t.disabled(plane.authenticate(pat: token)) ?? t["loginFailed"]
            )
        }
        var response = Response.redirect(to: Self.ownPath(form["back"]), type: .normal)
        response.setCookie(
            cookie(DashboardRequest.sessionCookie, session.exposed, seconds: Int(sessionLifetime.seconds))
        )
        return response
    }

    @Sendable private func logout(_ request: Request, _ context: some RequestContext) async throws -> Response {
        if let cookie = request.cookies[DashboardRequest.sessionCookie]?.value,
            let grant = plane.signIn(ofCookie: cookie)
        {
            try await plane.revokeSignIn(grant.id, because: "signed out", by: DashboardRequest(request, plane).caller)
        }
        var response = Response.redirect(to: "/login", type: .normal)
        response.setCookie(cookie(DashboardRequest.sessionCookie, "", seconds: 0))
        return response
    }

    @Sendable private func switchLanguage(_ request: Request, _ context: some RequestContext) async throws -> Response {
        let language = context.parameters.get("language").flatMap(DashboardLanguage.init(rawValue:)) ?? .english
        var response = Response.redirect(
            to: Self.ownPath(request.uri.queryParameters["back"].map(String.init)),
            type: .normal
        )
        response.setCookie(cookie(DashboardRequest.languageCookie, language.rawValue, seconds: 31_536_000))
        return response
    }

    private func cookie(_ name: String, _ value: String, seconds: Int) -> Cookie {
        Cookie(
            name: name,
            value: value,
            maxAge: seconds,
            path: "/",
            secure: isSecure,
            httpOnly: true,
            sameSite: .strict
        )
    }

    /// A path of this server, whatever was asked, so that nobody is sent elsewhere.
    private static func ownPath(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), !path.contains("\n"),
            !path.contains("\r")
        else { return "/" }
        return path
    }
}

/// A path with a part that is no number.
struct DashboardPathError: Error {}

extension Parameters {
    func number(_ name: String) throws -> Int {
        guard let text = get(name), let number = Int(text), number > 0 else { throw DashboardPathError() }
        return number
    }
}
