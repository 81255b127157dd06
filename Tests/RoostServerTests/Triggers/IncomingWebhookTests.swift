import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import RoostClient
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Messages of other systems", .timeLimit(.minutes(6)))
struct IncomingWebhookTests {
    private static let yaml = [
        "azure-pipelines.yml": """
        trigger: none
        parameters:
        - name: word
          type: string
          default: none
        resources:
          webhooks:
          - webhook: release
            connection: builds
            filters:
            - path: action
              value: released
            - path: repository.name
              value: app
        steps:
        - script: echo ${{ parameters.release.version }} ${{ parameters.word }}
          displayName: version ${{ parameters.release.version }}
        """
    ]
    private static let secret = "a-secret-of-the-sender"
    private static let released = #"{"action": "released", "version": "1.2.3", "repository": {"name": "app"}}"#

    private static func with(
        _ body: @Sendable @escaping (TriggerGround, ServiceConnectionWire) async throws -> Void
    )
        async throws
    {
        try await TriggerGround.with(yaml) { ground in
            await ground.triggers.readTriggers(of: ground.pipeline.id)
            let made = try await ground.cluster.client.createServiceConnection(
                project: ground.project,
                draft(["webhookname": "released", "secret": secret, "header": "X-Sign"])
            )
            try await body(ground, made)
        }
    }

    private static func draft(_ parameters: [String: String]) -> ServiceConnectionWire {
        ServiceConnectionWire(
            name: "builds",
            type: "incomingwebhook",
            authorization: EndpointAuthorizationWire(scheme: "None", parameters: parameters)
        )
    }

    private static func sign(_ text: String, _ secret: String = secret) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8)))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("a message that fits begins a run, which reads it as a parameter; a rerun has it again")
    func begins() async throws {
        try await Self.with { ground, made in
            #expect(made.authorization?.parameters?["secret"] == nil)
            let url = try #require(made.url)
            #expect(url.hasSuffix("/_apis/public/distributedtask/webhooks/released"))
            let answer = try await ground.send(url, Self.released, [("X-Sign", "sha256=\(Self.sign(Self.released))")])
            #expect(answer.status == 200)
            #expect(answer.outcomes == ["queued payloadFits"], "\(answer.text)")
            let run = try #require(try await ground.runs().first)
            #expect(run.reason == .resourceTrigger)
            #expect(run.plan.stages[0].jobs[0].steps.last?.displayName == "version 1.2.3")
            let variables = run.causeVariables
            #expect(variables["Resources.TriggeringAlias"] == "release")
            #expect(variables["Resources.TriggeringCategory"] == "webhook")
            let stored = try await ground.cluster.store.run(run.id)
            #expect(stored?.cause == run.cause)
            let again = try await ground.plane.rerun(run.id, by: .system)
            #expect(again.plan.stages[0].jobs[0].steps.last?.displayName == "version 1.2.3")
            // Another message is another plan, though commit and variables are the same.
            let other = Self.released.replacing("1.2.3", with: "2.0.0")
            _ = try await ground.send(url, other, [("X-Sign", Self.sign(other))])
            #expect(
                try await ground.runs().last?.plan.stages[0].jobs[0].steps.last?.displayName == "version 2.0.0"
            )
            // A person's run has no message.
            let manual = try await ground.cluster.queue(ground.pipeline)
            #expect(manual.plan.stages[0].jobs[0].steps.last?.displayName.contains("2.0.0") == false)
        }
    }

    @Test("a message that does not fit begins nothing and says which filter it was")
    func filtered() async throws {
        try await Self.with { ground, made in
            let url = try #require(made.url)
            let texts = [
                Self.released.replacing("released", with: "drafted"),
                Self.released.replacing(#""name""#, with: #""id""#),
            ]
            var answers: [HookAnswerWire] = []
            for text in texts {
                answers.append(try await ground.send(url, text, [("X-Sign", Self.sign(text))]).body)
            }
            #expect(
                answers.flatMap { $0.pipelines ?? [] }.map(\.reason) == [
                    "The filter 'action' wants 'released', and the message has 'drafted' there.",
                    "The filter 'repository.name' wants 'app', and the message has nothing there.",
                ]
            )
            #expect(try await ground.runs().isEmpty)
            let kept = try await ground.cluster.client.triggers(
                project: ground.project,
                pipeline: ground.pipeline.id.rawValue
            )
            #expect(kept.decisions?.map(\.code) == ["payloadLacks", "payloadDiffers"])
            #expect(kept.resources?.map(\.source) == ["builds"])
        }
    }

    @Test("a message that is not signed, badly signed, no JSON or for nobody is refused and begins nothing")
    func refused() async throws {
        try await Self.with { ground, made in
            let url = try #require(made.url)
            let text = Self.released
            #expect(try await ground.send(url, text, []).status == 401)
            #expect(try await ground.send(url, text, [("X-Sign", Self.sign(text, "another-secret"))]).status == 401)
            #expect(try await ground.send(url, text, [("X-Sign", "x")]).status == 401)
            #expect(try await ground.send(url, "{", [("X-Sign", Self.sign("{"))]).status == 400)
            #expect(try await ground.send(url + "x", text, []).status == 404)
            #expect(try await ground.runs().isEmpty)
        }
    }

    @Test("SHA-1 counts too, as older senders sign; without a secret every message counts; a repeated one does not")
    func signatures() async throws {
        try await Self.with { ground, made in
            let url = try #require(made.url)
            let key = SymmetricKey(data: Data(Self.secret.utf8))
            let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(Self.released.utf8), using: key)
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let headers = [("X-Sign", "sha1=\(code)"), ("X-GitHub-Delivery", "1")]
            #expect(try await ground.send(url, Self.released, headers).outcomes == ["queued payloadFits"])
            #expect(try await ground.send(url, Self.released, headers).body.status == "repeated")
            let client = ground.cluster.client
            _ = try await client.updateServiceConnection(
                project: ground.project,
                id: try #require(made.id),
                ServiceConnectionWire(
                    authorization: EndpointAuthorizationWire(scheme: "None", parameters: ["secret": ""])
                )
            )
            #expect(try await ground.send(url, Self.released, []).outcomes == ["queued payloadFits"])
            try await client.deleteServiceConnection(project: ground.project, id: try #require(made.id))
            #expect(try await ground.send(url, Self.released, []).status == 404)
            #expect(try await client.serviceConnections(project: ground.project).isEmpty)
        }
    }

    @Test("connections have names of their own and secrets that are shown once")
    func connections() async throws {
        try await Self.with { ground, made in
            let client = ground.cluster.client
            await #expect(throws: ClientError.self) {
                try await client.createServiceConnection(project: ground.project, Self.draft(["webhookname": "other"]))
            }
            var weak = Self.draft(["webhookname": "weak", "secret": "short"])
            weak.name = "weak"
            let draft = weak
            await #expect(throws: ClientError.self) {
                try await client.createServiceConnection(project: ground.project, draft)
            }
            var other = Self.draft(["webhookname": "other"])
            other.name = "other"
            other.makeSecret = true
            let second = try await client.createServiceConnection(project: ground.project, other)
            #expect((second.authorization?.parameters?["secret"]?.count ?? 0) > 20)
            let all = try await client.serviceConnections(project: ground.project)
            #expect(all.map(\.name) == ["builds", "other"])
            #expect(all.allSatisfy { $0.authorization?.parameters?["secret"] == nil && $0.id != nil })
            #expect(all.first?.id == made.id)
            let stored = try await ground.cluster.store.load().serviceConnections
            #expect(Set(stored.compactMap(\.webhook?.name)) == ["released", "other"])
        }
    }
}

extension TriggerGround {
    var project: String { (try? plane.project(pipeline.project.description).name) ?? "" }

    func send(_ url: String, _ text: String, _ headers: [(String, String)]) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: text))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
        let bytes = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        return Answer(
            status: Int(response.status.code),
            body: (try? WireJSON.decode(HookAnswerWire.self, from: bytes)) ?? HookAnswerWire(),
            text: String(decoding: bytes, as: UTF8.self)
        )
    }
}
