import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import RoostModel
import RoostWire

/// Carries a request to a vault out and answers it.
struct VaultAnswer: Sendable {
    let work: VaultWork
    let page: VaultPage
    let body: @Sendable () async throws -> Data

    func answer(_ asked: VaultRequest) async throws -> Response {
        switch asked {
        case .list, .listDeleted, .versions: return try await list(asked)
        case .set(let name):
            let draft = try await decode(SecretWire.self)
            guard let value = draft.value else { throw VaultError.badParameter("there is no value", at: "value") }
            let made = try await work.set(name, Secret(value), SecretFacts(draft))
            return Self.json(page.version(made, value: Secret(value)))
        case .get(let name, let version):
            let (found, value) = try await work.get(name, version: version)
            return Self.json(page.version(found, value: value))
        case .update(let name, let version):
            let facts = SecretFacts(try await decode(SecretWire.self))
            return Self.json(page.version(try await work.update(name, version: version, facts)))
        case .delete(let name): return Self.json(page.deleted(try await work.delete(name), isListed: false))
        case .getDeleted(let name): return Self.json(page.deleted(try await work.getDeleted(name), isListed: false))
        case .recover(let name): return Self.json(page.version(try await work.recover(name)))
        case .purge(let name):
            try await work.purge(name)
            return Response(status: .noContent)
        case .backup(let name): return Self.json(SecretBackupWire(value: try await work.backup(name)))
        case .restore:
            let backup = try await decode(SecretBackupWire.self)
            return Self.json(page.version(try await work.restore(backup.value)))
        }
    }

    private func list(_ asked: VaultRequest) async throws -> Response {
        let limit = try page.limit()
        if case .versions(let name) = asked {
            let found = try await work.versions(name, after: page.skipped, limit: limit)
            let path = "secrets/\(name)/versions"
            return Self.json(page.list(found, limit, path: path, place: { $0.version }, show: { page.version($0) }))
        }
        let deleted = asked == .listDeleted
        let found = try await work.list(deleted: deleted, after: page.skipped ?? "", limit: limit)
        let path = deleted ? "deletedsecrets" : "secrets"
        return Self.json(
            page.list(found, limit, path: path, place: { $0.key.name }) {
                deleted ? page.deleted($0, isListed: true) : page.listed($0)
            }
        )
    }

    private func decode<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        try JSONBody.decode(type, from: try await body())
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        let bytes = (try? JSONAnswer.encoder.encode(value)) ?? Data()
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
