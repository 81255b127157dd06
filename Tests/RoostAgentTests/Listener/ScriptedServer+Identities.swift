import Foundation
import RoostModel
import RoostWire

@testable import RoostAgent

extension ScriptedServer {
    /// An authority at `/tenant-1`, a metadata endpoint at `/machine`, and the exchange of the organization.
    struct Identities: Sendable {
        static let client = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
        static let secret = "secret-of-an-app-2001"
        static let idToken = "id.token.of-another-issuer"
        static let machineSecret = "header-of-the-machine"

        /// Of the client, by which its assertions are checked.
        var certificateKey: AgentPublicKey?
        /// The token endpoint's refusal, in the place of all others.
        var flaw: (status: Int, error: String, message: String)?
        /// The exchange's.
        var exchangeFlaw: (status: Int, error: String, message: String)?
        /// Questions of a device that are answered with "not yet".
        var pending = 2
        /// What the metadata endpoint gives.
        var machineToken = ScriptedServer.identityToken
        var namesAuthority = true
        /// Fields of all forms, in order.
        var forms: [[String: String]] = []
    }

    var authority: String { "\(url.dropLast("/org/".count))/tenant-1" }

    static func identityAnswer(_ request: SocketRequest, _ state: Watched<State>) -> SocketServer.Answer? {
        switch request.path {
        case "/org/_apis/connectiondata" where request.method == "HEAD": return challenge(request, state)
        case "/tenant-1/oauth2/v2.0/token": return grant(form(request, state), request, state)
        case "/tenant-1/oauth2/v2.0/devicecode": return deviceCode(form(request, state))
        case "/org/_apis/roost/enrollment/exchange": return exchange(form(request, state), state)
        case "/machine": return machine(request, state)
        case "/metadata/identity/oauth2/token": return machine(request, state)
        default: return request.path.hasPrefix("/org/") ? nil : oauth(404, "", "There is nothing here.")
        }
    }

    private static func challenge(_ request: SocketRequest, _ state: Watched<State>) -> SocketServer.Answer {
        let authority = "http://\(request.headers["host"] ?? "")/tenant-1"
        let names = state.value.identities.namesAuthority
        return SocketServer.Answer(
            status: 401,
            headers: [
                "WWW-Authenticate: Basic realm=\"x\"",
                "WWW-Authenticate: Bearer\(names ? " authorization_uri=\(authority)" : "")",
            ]
        )
    }

    private static func form(_ request: SocketRequest, _ state: Watched<State>) -> [String: String] {
        let pairs = String(decoding: request.body, as: UTF8.self).split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            return (String(parts[0]), (parts.count > 1 ? String(parts[1]) : "").removingPercentEncoding ?? "")
        }
        let form = Dictionary(pairs) { first, _ in first }
        state.change { $0.identities.forms.append(form) }
        return form
    }

    private static func oauth(_ status: Int, _ error: String, _ message: String) -> SocketServer.Answer {
        var answer = json(OAuthErrorWire(error: error, error_description: message))
        answer.status = status
        return answer
    }

    private static var token: SocketServer.Answer {
        json(OAuthTokenWire(access_token: identityToken, expires_in: 3600, token_type: "Bearer"))
    }

    private static func grant(
        _ form: [String: String],
        _ request: SocketRequest,
        _ state: Watched<State>
    ) -> SocketServer.Answer {
        let script = state.value.identities
        if let flaw = script.flaw { return oauth(flaw.status, flaw.error, flaw.message) }
        if form["grant_type"]?.hasSuffix("device_code") == true { return poll(form, state) }
        guard form["client_id"] == Identities.client else {
            return oauth(400, "unauthorized_client", "AADSTS700016: There is no application 'x'.\r\nTrace ID: 1")
        }
        guard form["grant_type"] == "client_credentials", form["scope"] == IdentitySignIn.scope else {
            return oauth(400, "invalid_scope", "AADSTS70011: Wrong scope.")
        }
        if let assertion = form["client_assertion"] {
            return proves(assertion, "http://\(request.headers["host"] ?? "")\(request.path)", script)
                ? token : oauth(401, "invalid_client", "AADSTS700027: The certificate is not registered.")
        }
        return form["client_secret"] == Identities.secret
            ? token : oauth(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
    }

    private static func proves(_ assertion: String, _ audience: String, _ script: Identities) -> Bool {
        if assertion == Identities.idToken { return true }
        guard let key = script.certificateKey else { return false }
        let proved = try? ClientAssertion.verify(assertion, key: key, audience: audience, at: Date())
        return proved?.client.description == Identities.client
    }

    private static func deviceCode(_ form: [String: String]) -> SocketServer.Answer {
        guard form["scope"] == IdentitySignIn.scope else { return oauth(400, "invalid_scope", "Wrong scope.") }
        return json(
            DeviceCodeWire(
                device_code: "device-1",
                user_code: "ABCD-EFGH",
                verification_uri: "http://example/device",
                expires_in: 900,
                interval: 0,
                message: "Open http://example/device\u{1b}[31m and enter ABCD-EFGH"
            )
        )
    }

    private static func poll(_ form: [String: String], _ state: Watched<State>) -> SocketServer.Answer {
        guard form["device_code"] == "device-1" else { return oauth(400, "bad_verification_code", "Unknown code.") }
        guard state.value.identities.pending > 0 else { return token }
        state.change { $0.identities.pending -= 1 }
        return oauth(400, "authorization_pending", "AADSTS70016: Not yet.")
    }

    private static func exchange(_ form: [String: String], _ state: Watched<State>) -> SocketServer.Answer {
        if let flaw = state.value.identities.exchangeFlaw { return oauth(flaw.status, flaw.error, flaw.message) }
        guard form["subject_token_type"] == "urn:ietf:params:oauth:token-type:id_token",
            form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange", form["pool"] == "linux"
        else { return oauth(400, "invalid_request", "The form is wrong.") }
        return token
    }

    private static func machine(_ request: SocketRequest, _ state: Watched<State>) -> SocketServer.Answer {
        let isService = request.path == "/machine"
        guard request.headers["metadata"] == "true", request.query("resource") == IdentitySignIn.resource else {
            return oauth(400, "invalid_request", "The request is no machine's.")
        }
        guard !isService || request.headers["x-identity-header"] == Identities.machineSecret else {
            return oauth(401, "unauthorized", "The header is wrong.")
        }
        guard request.query("client_id") != "stranger" else {
            return oauth(400, "invalid_request", "Identity not found")
        }
        let body =
            #"{"access_token":"\#(state.value.identities.machineToken)","expires_on":"1790000000","expires_in":"3600"}"#
        return SocketServer.Answer(body: Array(body.utf8))
    }
}
