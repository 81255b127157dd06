import Foundation
import HTTPTypes
import Hummingbird
import RoostModel

/// What a page needs to know of its request.
struct DashboardRequest {
    let path: String
    let query: String?
    let phrases: Phrases
    /// Nil when nobody is signed in.
    let principal: Principal?
    /// The sign-in that the browser is; nil when nobody is signed in.
    let signIn: UUID?
    /// The script asks for the changing part only.
    let wantsFragment: Bool

    static let sessionCookie = "roost_session"
    static let languageCookie = "roost_language"

    init(_ request: Request, _ plane: ControlPlane) {
        path = request.uri.path
        query = request.uri.query
        let chosen = request.cookies[Self.languageCookie].flatMap { DashboardLanguage(rawValue: $0.value) }
        phrases = Phrases(chosen ?? DashboardLanguage.preferred(request.headers[.acceptLanguage]))
        principal = request.cookies[Self.sessionCookie].flatMap { cookie in
            guard case .success(let principal) = plane.authenticate(bearer: cookie.value), case .user = principal else {
                return nil
            }
            return principal
        }
        signIn = request.cookies[Self.sessionCookie].flatMap { plane.signIn(ofCookie: $0.value)?.id }
        wantsFragment = HTTPField.Name("X-Roost-Fragment").map { request.headers[$0] != nil } ?? false
    }

    var userName: String? {
        if case .user(let name, _) = principal { return name }
        return nil
    }

    var scopes: Set<TokenScope> {
        if case .user(_, let scopes) = principal { return scopes }
        return []
    }

    var caller: Caller { Caller(principal, signIn: .session) }

    /// - Throws: ``ControlError/forbidden(what:needs:)``.
    func require(_ scope: TokenScope, to what: String) throws {
        guard scope.isGranted(by: scopes) else {
            throw ControlError.forbidden(what: what, needs: "a token with scope '\(scope)'")
        }
    }
}

/// The fields of a posted form.
struct DashboardForm {
    private let fields: [String: String]

    /// Forms of these pages are small.
    private static let limit = 262_144

    init(_ request: Request) async throws {
        let buffer = try await request.body.collect(upTo: Self.limit)
        var fields: [String: String] = [:]
        for pair in String(buffer: buffer).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
            fields[decoded[0]] = decoded.count > 1 ? decoded[1] : ""
        }
        self.fields = fields
    }

    subscript(name: String) -> String { fields[name] ?? "" }

    /// Nil when the form had no such field.
    func value(_ name: String) -> String? { fields[name] }
}
