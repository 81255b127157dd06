import Crypto
import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostPipeline

extension TriggerService {
    /// Takes a message to every pipeline whose file of the default branch names the connection.
    ///
    /// - Parameters:
    ///   - payload: the message.
    ///   - text: the same, as it came; a run that it begins keeps it.
    ///   - connection: where it came in; its signature was checked.
    ///   - delivery: the sender's name of the message; nil when it has none.
    /// - Returns: what came of it for each resource; nothing for a message that was taken before.
    func take(
        _ payload: Value,
        _ text: String,
        from connection: ServiceConnection,
        delivery: String?
    ) async -> (answers: [HookAnswer], isRepeated: Bool) {
        if let delivery, !deliveries.isNew("\(connection.id) \(delivery)") { return ([], true) }
        var answers: [HookAnswer] = []
        for pipeline in plane.pipelines(in: connection.project) {
            let triggers = plane.read { $0.triggers.pipelines[pipeline.id]?.main?.triggers } ?? PipelineTriggers()
            for webhook in triggers.webhooks where equalIgnoringCase(webhook.connection, connection.name) {
                let verdict = planWebhook(payload, webhook, snapshot(pipeline, triggers))
                let arrival = ResourceArrival(
                    resource: TriggeringResource(alias: webhook.alias, category: .webhook, payload: text),
                    event: "a message for '\(connection.name)' as '\(webhook.alias)'"
                )
                answers.append(
                    HookAnswer(pipeline: pipeline, record: await carryOut(verdict, arrival, of: pipeline.id))
                )
            }
        }
        return (answers, false)
    }
}

extension IncomingWebhook {
    /// Whether a message is signed with the connection's secret.
    ///
    /// The header has the HMAC of the body, in hexadecimal: 40 digits are SHA-1, 64 are SHA-256; `sha1=` or `sha256=` may stand before it.
    ///
    /// - Returns: nil when it is; otherwise what is wrong.
    func refusal(of body: Data, header: (String) -> String?) -> SignatureProblem? {
        guard let secret else { return nil }
        guard let text = header(self.header), !text.isEmpty else { return .missing(header: self.header) }
        let digits = String(text.split(separator: "=", maxSplits: 1).last ?? "").lowercased()
        let key = SymmetricKey(data: Data(secret.exposed.utf8))
        let isValid: Bool
        if let code = HookSignature.bytes(digits) {
            isValid = HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key)
        } else if let code = HookSignature.bytes(digits, digits: 40) {
            isValid = HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: body, using: key)
        } else {
            isValid = false
        }
        return isValid ? nil : .wrong(header: self.header)
    }

    enum SignatureProblem: Hashable, Sendable {
        case missing(header: String)
        case wrong(header: String)
    }
}
