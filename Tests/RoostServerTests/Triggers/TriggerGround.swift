import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import RoostModel
import RoostStore
import RoostTesting
import RoostWire

@testable import RoostServer

/// A server, a pipeline of a real repository, an agent that does as it is told, and a host that sends messages.
struct TriggerGround: Sendable {
    let cluster: TestCluster
    let repository: ScratchRepository
    let pipeline: Pipeline
    let secret = Secret("a-secret-of-this-pipeline")

    var triggers: TriggerService { cluster.app.triggers }
    var plane: ControlPlane { cluster.plane }

    static func with(
        _ files: [String: String],
        dashboard: Bool = false,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @Sendable @escaping (TriggerGround) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(files)
        defer { repository.remove() }
        try await TestCluster.with(dashboard: dashboard, configure: configure) { cluster in
            var pipeline = try await cluster.pipeline(repository, name: "app")
            let secret = Secret("a-secret-of-this-pipeline")
            pipeline = try await cluster.plane.updatePipeline(pipeline.id, by: .system) {
                $0.triggers.webhookSecret = secret
                $0.repository.name = "team/app"
            }
            try await body(TriggerGround(cluster: cluster, repository: repository, pipeline: pipeline))
        }
    }

    /// Another pipeline of the same repository.
    func pipeline(_ name: String, yamlPath: String) async throws -> Pipeline {
        let made = try await cluster.pipeline(repository, name: name, yamlPath: yamlPath)
        return try await plane.updatePipeline(made.id, by: .system) { $0.repository.name = "team/app" }
    }

    // MARK: The host

    struct Answer: Sendable {
        var status: Int
        var body: HookAnswerWire
        var text: String

        var outcomes: [String] { (body.pipelines ?? []).map { "\($0.outcome ?? "") \($0.code ?? "")" } }
    }

    /// Sends a message of GitHub's shape, signed with the pipeline's secret.
    func hook(
        _ event: String,
        _ text: String,
        delivery: String = UUID().uuidString,
        secret: Secret? = nil
    ) async throws -> Answer {
        let key = SymmetricKey(data: Data((secret ?? self.secret).exposed.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return try await post(
            "github",
            text,
            [("X-GitHub-Event", event), ("X-GitHub-Delivery", delivery), ("X-Hub-Signature-256", "sha256=\(code)")]
        )
    }

    func post(_ host: String, _ text: String, _ headers: [(String, String)]) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(cluster.address)_apis/roost/hooks/\(host)")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: text))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(300))
        let bytes = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        let body = try? WireJSON.decode(HookAnswerWire.self, from: bytes)
        return Answer(
            status: Int(response.status.code),
            body: body ?? HookAnswerWire(),
            text: String(decoding: bytes, as: UTF8.self)
        )
    }

    /// A push of what was committed last.
    func push(_ before: String, ref: String = "refs/heads/main") async throws -> Answer {
        let after = try repository.git("rev-parse", ref)
        return try await hook("push", HookPayloads.gitHubPush(ref: ref, before: before, after: after))
    }

    // MARK: Runs

    /// All runs of a pipeline, oldest first.
    func runs(of other: Pipeline? = nil) async throws -> [Run] {
        try await plane.runs(.init(pipelines: [(other ?? pipeline).id], limit: 100)).map(\.run).reversed()
    }

    /// Waits until a pipeline has so many runs.
    func runs(_ count: Int, of other: Pipeline? = nil) async throws -> [Run] {
        let changes = plane.recentRunEvents()
        var known = try await runs(of: other)
        if known.count >= count { return known }
        for await _ in changes {
            known = try await runs(of: other)
            if known.count >= count { break }
        }
        return known
    }

    func agent() async throws -> SimulatedAgent {
        try await SimulatedAgent(
            cluster: cluster.address,
            registrar: cluster.client,
            pool: try cluster.defaultPool.id.rawValue,
            name: "one"
        )
    }
}
