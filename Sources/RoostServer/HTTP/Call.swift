import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import RoostModel

/// A request that was let through, as handlers see it.
struct Call: Sendable {
    let request: Request
    let context: RoostRequestContext
    let route: Route
    let form: Route.Form
    let query: QueryValues
    let negotiation: Negotiation
    let services: RouteServices

    var plane: ControlPlane { services.plane }
    var principal: Principal? { context.principal }
    var caller: Caller { Caller(context.principal, signIn: context.signIn, requestID: context.requestID) }

    // MARK: The path

    /// A parameter of the path as it stands there.
    func raw(_ name: String) -> Substring { context.parameters[name[...]] ?? "" }

    /// A parameter of the path, decoded.
    func text(_ name: String) -> String {
        PercentCoding.decode(raw(name))
    }

    func number(_ name: String) throws(RequestProblem) -> Int {
        let raw = raw(name)
        guard let number = Int(raw) else { throw .badParameter(name: name, value: text(name), expected: "number") }
        return number
    }

    func uuid(_ name: String) throws(RequestProblem) -> UUID {
        guard let id = UUID(uuidString: String(raw(name))) else {
            throw .badParameter(name: name, value: text(name), expected: "UUID")
        }
        return id
    }

    // MARK: Organization and project

    private func isOrganization(_ part: Substring) -> Bool {
        let name = services.configuration.organization
        return part.utf8.count == name.utf8.count && part.lowercased() == name.lowercased()
    }

    /// Refuses another organization, and something unknown before `_apis`.
    func checkPrefix() throws {
        guard case .service(let part) = route.place, part != .scope else { return }
        switch form {
        case .bare: return
        case .one:
            guard part == .ignored, !isOrganization(raw("a")) else { return }
            guard (try? plane.project(text("a"))) != nil else {
                throw RequestProblem.notFound(what: "organization or project '\(text("a"))'")
            }
        case .two:
            guard isOrganization(raw("a")) else { throw RequestProblem.notFound(what: "organization '\(text("a"))'") }
        }
    }

    /// The project before `_apis`, when one is named.
    func project() throws -> Project? {
        switch form {
        case .bare: return nil
        case .one: return isOrganization(raw("a")) ? nil : try plane.project(text("a"))
        case .two: return try plane.project(text("b"))
        }
    }

    /// The project before `_apis`, which must be named.
    ///
    /// A project of the organization's name needs no second mention.
    func requiredProject() throws -> Project {
        if let project = try project() { return project }
        if form == .one, let project = try? plane.project(text("a")) { return project }
        throw RequestProblem.needsProject(path: request.uri.path)
    }

    // MARK: The body

    /// The whole body.
    ///
    /// - Throws: ``RequestProblem/bodyTooLarge(limit:)``; what is above the limit is not kept.
    func body() async throws -> ByteBuffer {
        let limit = services.configuration.bodyLimit
        do {
            return try await request.body.collect(upTo: limit.bytes)
        } catch is NIOTooManyBytesError {
            throw RequestProblem.bodyTooLarge(limit: limit)
        }
    }

    /// The body's JSON.
    func decode<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let buffer = try await body()
        return try JSONBody.decode(type, from: Data(buffer: buffer))
    }

    /// A list in the body: `{count, value}` or a bare array.
    func decodeList<Item: Decodable>(_ type: Item.Type) async throws -> [Item] {
        let bytes = Data(buffer: try await body())
        let first = bytes.first { !" \t\r\n\u{FEFF}".utf8.contains($0) }
        if first == UInt8(ascii: "[") { return try JSONBody.decode([Item].self, from: bytes) }
        return try JSONBody.decode(Wrapped<Item>.self, from: bytes).value ?? []
    }

    private struct Wrapped<Item: Decodable>: Decodable { var value: [Item]? }

    // MARK: Answers

    func answer(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        try JSONAnswer.one(value, negotiation, status: status)
    }

    func list(_ values: [some Encodable]) throws -> Response { try JSONAnswer.list(values, negotiation) }

    /// What clients of the protocol take for "nothing".
    var nothing: Response { Response(status: .noContent) }

    /// Text or bytes.
    func bytes(_ bytes: [UInt8], type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The agent behind a listener's token.
    ///
    /// - Throws: ``ControlError/forbidden(what:needs:)`` for all others.
    func listener() throws(ControlError) -> (agent: AgentID, pool: PoolID) {
        guard case .agent(let agent, let pool) = principal else {
            throw .forbidden(what: "speak for an agent", needs: "the token of its listener")
        }
        return (agent, pool)
    }

    /// The job behind a job's token; nil for all others.
    var job: JobID? {
        if case .job(let id, _, _, _) = principal { id } else { nil }
    }
}
