import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import RoostLanguage
import RoostModel
import RoostWire

/// Where other systems send messages for the `webhooks` of files.
///
/// No credential is asked for: the signature is that of the service connection's secret.
func addIncomingWebhookRoutes(to table: RouteTable) {
    table.post("public/distributedtask/webhooks/{webHookId}", .service(.ignored), access: .anonymous) { call in
        let name = call.text("webHookId")
        guard call.plane.settings.triggers else {
            throw ServiceFailure(.forbidden, "VssUnauthorizedException", WebhookProblem.off)
        }
        guard let connection = call.plane.serviceConnection(webhook: name) else {
            throw RequestProblem.notFound(what: "incoming webhook '\(name)'")
        }
        let body = Data(buffer: try await call.body())
        if let problem = connection.webhook?.refusal(of: body, header: call.header) {
            throw ServiceFailure(.unauthorized, "VssUnauthorizedException", WebhookProblem.signature(problem, name))
        }
        return try await call.answer(to: body, connection)
    }
}

/// Why a message is refused.
private enum WebhookProblem: UserFacingError {
    case off
    case signature(IncomingWebhook.SignatureProblem, String)

    var code: String {
        switch self {
        case .off: "hook.triggers-off"
        case .signature: "hook.not-signed"
        }
    }
    var summary: String {
        switch self {
        case .off: "This server's triggers are turned off."
        case .signature(.missing(let header), let name):
            "A message for the webhook '\(name)' needs the header \(header), and has none."
        case .signature(.wrong(let header), let name):
            "The header \(header) of a message for the webhook '\(name)' is not made with the connection's secret."
        }
    }
    var location: String? { nil }
    var advice: String? {
        switch self {
        case .off: "Set 'triggers' to true in the server's configuration."
        case .signature:
            "The header has the HMAC of the body with SHA-256 or SHA-1, in hexadecimal. Give the sender the same secret as the service connection."
        }
    }
}

extension Call {
    /// Most bytes of a message; a run that it begins keeps it.
    private static let webhookLimit = 1 << 20

    fileprivate func answer(to body: Data, _ connection: ServiceConnection) async throws -> Response {
        let text = String(decoding: hookContent(body), as: UTF8.self)
        guard text.utf8.count <= Self.webhookLimit else {
            throw RequestProblem.malformed(
                place: nil,
                problem: "it has \(text.utf8.count) bytes, and \(Self.webhookLimit) are the most"
            )
        }
        let payload: Value
        do throws(InvalidJSON) { payload = try Value(json: text) } catch {
            throw RequestProblem.malformed(place: nil, problem: error.description)
        }
        let triggers = services.triggers
        let delivery = header("X-GitHub-Delivery") ?? header("X-Gitea-Delivery") ?? header("X-Gitlab-Event-UUID")
        // The work goes on when the sender does not wait for it.
        let work = Task { await triggers.take(payload, text, from: connection, delivery: delivery) }
        guard let taken = await work.value(within: plane.settings.webhookPatience) else {
            let text = "It is being worked on; 'roost pipeline triggers PIPELINE' shows what came of it."
            return try answer(HookAnswerWire(status: "accepted", message: text), status: .accepted)
        }
        if taken.isRepeated {
            return try answer(
                HookAnswerWire(status: "repeated", message: "This message was taken before.", pipelines: [])
            )
        }
        guard !taken.answers.isEmpty else {
            let message =
                "No pipeline's file of the default branch has a webhook with 'connection: \(connection.name)'."
            return try answer(HookAnswerWire(status: "nothing", message: message, pipelines: []))
        }
        return try answer(
            HookAnswerWire(
                status: "taken",
                pipelines: taken.answers.map { TriggerDecisionWire($0.record, $0.pipeline) }
            )
        )
    }
}
