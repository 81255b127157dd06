import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import RoostModel
import RoostPipeline
import RoostWire
import Synchronization

/// Where hosts of git tell of pushes and pull requests.
///
/// No credential is asked for: a message counts for the pipelines whose secret it is signed with.
func addHookRoutes(to table: RouteTable) {
    table.post("roost/hooks/{host}", .service(.optional), access: .anonymous) { call in
        let name = call.text("host").lowercased()
        guard let host = HookHost(rawValue: name) else {
            throw RequestProblem.notFound(
                what: "kind of host '\(name)'; known are \(HookHost.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        let body = Data(buffer: try await call.body())
        let signature = HookSignature(host, body: body, header: call.header)
        let project = try call.project()?.id
        let triggers = call.services.triggers
        guard triggers.hasPipeline(in: project, signedBy: signature.isMade) else {
            let problem = HookProblem(isOff: !call.plane.settings.triggers)
            throw ServiceFailure(problem.isOff ? .forbidden : .unauthorized, "VssUnauthorizedException", problem)
        }
        let event: HostEvent
        do { event = try host.event(call.hookContent(body), header: call.header) } catch {
            throw RequestProblem.malformed(place: nil, problem: "it is no message of \(host.rawValue)")
        }
        return try await call.answer(to: event, project, signature)
    }
}

/// Why a message of a host is refused.
private struct HookProblem: UserFacingError {
    let isOff: Bool

    var code: String { isOff ? "hook.triggers-off" : "hook.not-signed" }
    var summary: String {
        isOff ? "This server's triggers are turned off." : "No pipeline has a secret that this message is signed with."
    }
    var location: String? { nil }
    var advice: String? {
        isOff
            ? "Set 'triggers' to true in the server's configuration."
            : "Give the host the secret of the pipeline: 'roost pipeline set-triggers PIPELINE --new-webhook-secret'."
    }
}

extension Call {
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }

    /// The JSON of a message, which some hosts send as a form's field.
    func hookContent(_ body: Data) -> Data {
        guard header("Content-Type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true,
            let payload = QueryValues(String(decoding: body, as: UTF8.self))["payload"]
        else { return body }
        return Data(payload.utf8)
    }

    fileprivate func answer(
        to event: HostEvent,
        _ project: ProjectID?,
        _ signature: HookSignature
    ) async throws -> Response {
        let triggers = services.triggers
        // The work goes on when the host does not wait for it.
        let work = Task {
            await triggers.take(event, project: project, isSigned: signature.isMade)
        }
        guard let taken = await work.value(within: plane.settings.webhookPatience) else {
            let text = "It is being worked on; 'roost pipeline triggers PIPELINE' shows what came of it."
            return try answer(HookAnswerWire(status: "accepted", message: text), status: .accepted)
        }
        if taken.isRepeated {
            return try answer(
                HookAnswerWire(status: "repeated", message: "This message was taken before.", pipelines: [])
            )
        }
        let decisions = taken.answers.map { TriggerDecisionWire($0.record, $0.pipeline) }
        if decisions.isEmpty {
            return try answer(HookAnswerWire(status: "nothing", message: event.nothing, pipelines: []))
        }
        return try answer(HookAnswerWire(status: "taken", pipelines: decisions))
    }
}

extension HostEvent {
    /// Why nothing came of it.
    fileprivate var nothing: String {
        switch content {
        case .other(let what): "Nothing begins runs by '\(what)'."
        case .images, .package: "No pipeline that this message is signed for has a trigger for '\(repositoryName)'."
        case .comment(let comment): "Nothing begins runs by the comment of \(comment.author)."
        case .pushes, .pullRequest: "No pipeline that this message is signed for is of '\(repositoryName)'."
        }
    }
}

extension Task where Failure == Never {
    /// What it gives, when it does so within a time; it goes on all the same.
    func value(within time: Duration) async -> Success? {
        await withCheckedContinuation { continuation in
            let open = OpenAnswer(continuation)
            Task<Void, Never> { open.give(await self.value) }
            Task<Void, Never> {
                try? await Task<Never, Never>.sleep(for: time)
                open.give(nil)
            }
        }
    }
}

/// A continuation that takes the first of several answers.
private final class OpenAnswer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value?, Never>?>

    init(_ continuation: CheckedContinuation<Value?, Never>) { self.continuation = Mutex(continuation) }

    func give(_ value: Value?) {
        let first = continuation.withLock { held in
            defer { held = nil }
            return held
        }
        first?.resume(returning: value)
    }
}

extension TriggerDecisionWire {
    init(_ record: TriggerRecord, _ pipeline: Pipeline) {
        self.init(
            at: record.at,
            pipelineId: pipeline.id.rawValue,
            pipeline: pipeline.name,
            kind: record.kind,
            event: record.event,
            outcome: record.outcome.rawValue,
            reason: record.reason.sentence,
            code: record.reason.code,
            runId: record.run
        )
    }
}
