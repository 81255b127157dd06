import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Vault, Consul and AWS Secrets Manager as their published references describe them, and some pages, on one port.
final class ScriptedStores: Sendable {
    struct Seen: Sendable {
        var line: String
        var headers: [String: String]
        var body: String
    }

    private let seen = Mutex<[Seen]>([])
    let address: String

    static func with(_ body: @Sendable (ScriptedStores) async throws -> Void) async throws {
        let port = AsyncStream.makeStream(of: Int.self)
        let box = Mutex<ScriptedStores?>(nil)
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
        let stores = ScriptedStores(address: "http://127.0.0.1:\(number)")
        box.withLock { $0 = stores }
        let result: Result<Void, any Error>
        do { result = .success(try await body(stores)) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        _ = await serving.result
        try result.get()
    }

    private init(address: String) { self.address = address }

    /// In order.
    var requests: [Seen] { seen.withLock { $0 } }

    private struct Script: RouterMiddleware {
        typealias Context = BasicRequestContext
        let stores: @Sendable () -> ScriptedStores?

        func handle(
            _ request: Request,
            context: BasicRequestContext,
            next: (Request, BasicRequestContext) async throws -> Response
        ) async throws -> Response {
            let body = String(buffer: try await request.body.collect(upTo: 1 << 16))
            var headers = Dictionary(
                request.headers.map { ($0.name.canonicalName, $0.value) },
                uniquingKeysWith: { first, second in "\(first), \(second)" }
            )
            headers["host"] = request.head.authority
            let seen = Seen(line: "\(request.method) \(request.uri)", headers: headers, body: body)
            stores()?.seen.withLock { $0.append(seen) }
            let (status, text) = answer(seen)
            var fields: HTTPFields = [.contentType: "application/json"]
            if status == 302 { fields[.location] = "/page" }
            return Response(
                status: .init(code: status),
                headers: fields,
                body: ResponseBody(byteBuffer: ByteBuffer(string: text))
            )
        }

        private func answer(_ seen: Seen) -> (Int, String) {
            if seen.line.hasPrefix("GET /v1/kv/") { return consul(seen) }
            if seen.line.hasPrefix("GET /v1/") { return vault(seen) }
            if seen.line == "POST /" { return aws(seen) }
            switch seen.line {
            case "PUT /page": return (200, "\(seen.headers["x-mine"] ?? "")/\(seen.body)")
            case "GET /page": return (200, "a page")
            case "GET /moved": return (302, "")
            default: return (404, "")
            }
        }

        // https://developer.hashicorp.com/vault/api-docs/secret/kv
        private func vault(_ seen: Seen) -> (Int, String) {
            let token = seen.headers["x-vault-token"] ?? ""
            guard token == "v-token" else { return (403, #"{"errors":["permission denied for \#(token)"]}"#) }
            switch seen.line {
            case "GET /v1/secret/data/app":
                return (
                    200,
                    #"{"request_id":"r","lease_id":"","renewable":false,"data":{"data":{"user":"ann","port":8080,"on":true,"list":[1]},"metadata":{"created_time":"2020-01-01T00:00:00Z","version":2}},"wrap_info":null,"warnings":null,"auth":null}"#
                )
            case "GET /v1/old/my%20app":
                return (200, #"{"lease_duration":2764800,"data":{"user":"bob"},"warnings":null}"#)
            case "GET /v1/sys": return (503, #"{"errors":["Vault is sealed"]}"#)
            default:
                return (404, #"{"errors":[],"warnings":["Invalid path for a versioned K/V secrets engine."]}"#)
            }
        }

        // https://developer.hashicorp.com/consul/api-docs/kv
        private func consul(_ seen: Seen) -> (Int, String) {
            guard seen.headers["x-consul-token"] == "c-token" else { return (403, "ACL not found") }
            switch seen.line {
            case "GET /v1/kv/app/web%20port?ns=team":
                return (
                    200,
                    #"[{"LockIndex":0,"Key":"app/web port","Flags":0,"Value":"ODA4MA==","CreateIndex":10,"ModifyIndex":10}]"#
                )
            case "GET /v1/kv/empty?ns=team":
                return (200, #"[{"LockIndex":0,"Key":"empty","Flags":0,"Value":null,"CreateIndex":1,"ModifyIndex":1}]"#)
            default: return (404, "")
            }
        }

        // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
        private func aws(_ seen: Seen) -> (Int, String) {
            guard seen.headers["x-amz-target"] == "secretsmanager.GetSecretValue",
                seen.headers["content-type"] == "application/x-amz-json-1.1",
                seen.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=AKID/") == true
            else {
                return (
                    400,
                    #"{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}"#
                )
            }
            let asked = (try? JSONSerialization.jsonObject(with: Data(seen.body.utf8))) as? [String: String] ?? [:]
            let texts = [
                "plain": "text", "one": #"{"k":"v"}"#, "several": #"{"user":"ann","port":8080,"deep":{"a":1}}"#,
                "list": "[1]",
            ]
            guard asked["VersionStage"] == "AWSCURRENT", let name = asked["SecretId"], let text = texts[name] else {
                return (
                    400,
                    #"{"__type":"ResourceNotFoundException","Message":"Secrets Manager can't find the specified secret."}"#
                )
            }
            let answer = [
                "ARN": "arn:aws:secretsmanager:us-west-2:123456789012:secret:\(name)-a1b2c3", "Name": name,
                "SecretString": text, "VersionId": "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1",
            ]
            let data = (try? JSONSerialization.data(withJSONObject: answer)) ?? Data()
            return (200, String(decoding: data, as: UTF8.self))
        }
    }
}
