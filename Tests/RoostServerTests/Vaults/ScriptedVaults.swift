import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Azure's token endpoint and Key Vault, and HashiCorp Vault, as their published references describe them, on one port.
///
/// Azure: client `client` with the secret `client-hush` of the tenant `tenant` gets a token for `https://vault.azure.net`; the vault has `db`, refuses `closed`.
/// HashiCorp: the role `role` with `role-hush` gets a token; `kv/data/team/app` has the keys `user` and `port`.
final class ScriptedVaults: Sendable {
    /// `METHOD path`, in order.
    let seen = Mutex<[String]>([])
    let address: String

    static func with(_ body: @Sendable (ScriptedVaults) async throws -> Void) async throws {
        let port = AsyncStream.makeStream(of: Int.self)
        let box = Mutex<ScriptedVaults?>(nil)
        var logger = Logger(label: "scripted")
        logger.logLevel = .critical
        let router = Router()
        router.add(middleware: Script { box.withLock { $0 } })
        let app = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [app], logger: logger))
        let serving = Task { try await group.run() }
        var number = 0
        for await found in port.stream {
            number = found
            break
        }
        let vaults = ScriptedVaults(address: "http://127.0.0.1:\(number)")
        box.withLock { $0 = vaults }
        let result: Result<Void, any Error>
        do { result = .success(try await body(vaults)) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        _ = await serving.result
        try result.get()
    }

    private init(address: String) { self.address = address }

    private struct Script: RouterMiddleware {
        typealias Context = BasicRequestContext
        let vaults: @Sendable () -> ScriptedVaults?

        func handle(
            _ request: Request,
            context: BasicRequestContext,
            next: (Request, BasicRequestContext) async throws -> Response
        ) async throws -> Response {
            let body = try await request.body.collect(upTo: 1 << 16)
            vaults()?.seen.withLock { $0.append("\(request.method) \(request.uri)") }
            let (status, json) = Self.answer(request, String(buffer: body))
            return Response(
                status: .init(code: status),
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: json))
            )
        }

        private static func answer(_ request: Request, _ body: String) -> (Int, String) {
            switch (request.method, request.uri.path) {
            case (.post, "/tenant/oauth2/v2.0/token"):
                let wanted = [
                    "grant_type=client_credentials", "client_id=client", "client_secret=client-hush",
                    "scope=https%3A%2F%2Fvault.azure.net%2F.default",
                ]
                guard Set(body.split(separator: "&").map(String.init)) == Set(wanted) else {
                    return (
                        401, #"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret"}"#
                    )
                }
                return (200, #"{"token_type":"Bearer","expires_in":3599,"access_token":"azure-token"}"#)
            case (.get, "/secrets/db"), (.get, "/secrets/closed"), (.get, "/secrets/none"):
                return azureSecret(request)
            case (.post, "/v1/auth/approle/login"):
                let given = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: String]
                guard given == ["role_id": "role", "secret_id": "role-hush"] else {
                    return (400, #"{"errors":["invalid role or secret ID"]}"#)
                }
                return (200, #"{"auth":{"client_token":"hashi-token","lease_duration":1200,"renewable":true}}"#)
            case (.get, "/v1/kv/data/team/app"):
                guard request.headers[.init("X-Vault-Token") ?? .via] == "hashi-token" else {
                    return (403, #"{"errors":["permission denied"]}"#)
                }
                return (
                    200,
                    #"{"data":{"data":{"user":"hashi-user","port":5432},"metadata":{"version":3,"destroyed":false}}}"#
                )
            default: return (404, #"{"errors":[]}"#)
            }
        }

        private static func azureSecret(_ request: Request) -> (Int, String) {
            guard request.headers[.authorization] == "Bearer azure-token", request.uri.query == "api-version=7.4" else {
                return (
                    401, #"{"error":{"code":"Unauthorized","message":"AKV10000: Request is missing a Bearer token."}}"#
                )
            }
            switch request.uri.path {
            case "/secrets/db":
                return (
                    200,
                    #"{"value":"azure-db-hush","id":"https://team.vault.azure.net/secrets/db/0123","attributes":{"enabled":true}}"#
                )
            case "/secrets/closed":
                return (
                    403,
                    #"{"error":{"code":"Forbidden","message":"secret text here","innererror":{"code":"ForbiddenByRbac"}}}"#
                )
            default: return (404, #"{"error":{"code":"SecretNotFound","message":"A secret was not found"}}"#)
            }
        }
    }
}
