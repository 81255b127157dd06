import Foundation
import HTTPTypes
import Hummingbird
import RoostModel

extension DashboardRoutes {
    /// A sign at each change of a run, and one at its end; the page then asks for what changed.
    func runEvents(_ request: Request, _ context: some RequestContext) async throws -> Response {
        try await requireReader(request, context.parameters)
        let events = try await plane.events(run: RunID(try context.parameters.number("run")))
        return stream(request) { writer in
            var isFirst = true
            for await event in events {
                // The page was rendered a moment ago: what it shows needs no sign.
                defer { isFirst = false }
                if isFirst { continue }
                if case .lines = event { continue }
                try await writer.write(Self.event("change", ""))
            }
            try await writer.write(Self.event("end", ""))
        }
    }

    /// A sign whenever any run, or an agent of the pool asked for, changes.
    func anyChange(_ request: Request) async throws -> Response {
        try await requireReader(request, Parameters())
        let runs = plane.recentRunEvents()
        let pools = request.uri.queryParameters["pool"].flatMap { Int($0) }.map { plane.agentEvents(pool: PoolID($0)) }
        return stream(request) { writer in
            let (signs, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in runs { continuation.yield() }
                    continuation.finish()
                }
                if let pools { group.addTask { for await _ in pools { continuation.yield() } } }
                for await _ in signs { try await writer.write(Self.event("change", "")) }
                group.cancelAll()
            }
        }
    }

    /// A log from its beginning, and what comes.
    func followLog(_ request: Request, _ context: some RequestContext) async throws -> Response {
        try await requireReader(request, context.parameters)
        let run = RunID(try context.parameters.number("run"))
        let log = LogID(try context.parameters.number("log"))
        let bytes = try await plane.followLog(run: run, log: log, from: 0)
        return stream(request) { writer in
            for try await chunk in bytes {
                try await writer.write(Self.event("bytes", Data(chunk).base64EncodedString()))
            }
            try await writer.write(Self.event("end", ""))
        }
    }

    /// A whole log as text.
    func rawLog(_ request: Request, _ context: some RequestContext) async throws -> Response {
        try await requireReader(request, context.parameters)
        let run = RunID(try context.parameters.number("run"))
        let log = LogID(try context.parameters.number("log"))
        let size = try await plane.logSize(run: run, log: log)
        let plane = plane
        let body = ResponseBody(contentLength: size) { writer in
            var offset = 0
            while offset < size {
                let chunk = try await plane.logBytes(run: run, log: log, range: offset..<min(size, offset + 1 << 18))
                guard !chunk.isEmpty else { break }
                offset += chunk.count
                try await writer.write(ByteBuffer(bytes: chunk))
            }
            try await writer.finish(nil)
        }
        var headers = HTTPFields()
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, body: body)
    }

    func requireReader(_ request: Request, _ parameters: Parameters) async throws {
        let asked = DashboardRequest(request, plane)
        guard asked.principal != nil else { throw HTTPError(.unauthorized) }
        try asked.require(.build, to: "see this")
        try await checkRoles(asked.principal, parameters, .view)
    }

    /// A stream of events that ends when its person is signed out.
    private func stream(
        _ request: Request,
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        let (plane, cookie) = (plane, request.cookies[DashboardRequest.sessionCookie]?.value ?? "")
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: ": here\n\n"))
                var admitted: any ResponseBodyWriter = AdmittedWriter(inner: writer) {
                    if case .success = plane.authenticate(bearer: cookie) { true } else { false }
                }
                try await write(&admitted)
                try await admitted.finish(nil)
            }
        )
    }

    private static func event(_ name: String, _ data: String) -> ByteBuffer {
        ByteBuffer(string: "event: \(name)\ndata: \(data)\n\n")
    }
}
