import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// One server-sent event (HTML standard §9.2), its data on one line.
struct ServerEvent: Sendable {
    let bytes: ByteBuffer

    /// With text that has no line ends.
    init(_ name: String, text: String) { bytes = ByteBuffer(string: "event: \(name)\ndata: \(text)\n\n") }

    /// With a value in JSON.
    init(_ name: String, _ data: some Encodable, id: Int? = nil) throws {
        var text = ByteBuffer()
        if let id { text.writeString("id: \(id)\n") }
        text.writeString("event: \(name)\ndata: ")
        text.writeBytes(try JSONAnswer.encoder.encode(data))
        text.writeString("\n\n")
        bytes = text
    }
}

/// Answers that go on until their source or the client ends, or the server stops.
enum EventStream {
    /// A comment is sent after this much silence, so that proxies keep the connection and a lost client is noticed.
    private static let heartbeat = Duration.seconds(15)

    /// A stream of events; the last one is `end`, after which clients need not come again.
    ///
    /// - Parameters:
    ///   - events: the source.
    ///   - first: events before those of the source.
    ///   - render: makes an event of the source's.
    /// - Returns: an answer that is written as events come.
    static func response<Source: AsyncSequence & Sendable>(
        _ events: Source,
        first: [ServerEvent] = [],
        render: @escaping @Sendable (Source.Element) throws -> ServerEvent
    ) -> Response where Source.Element: Sendable {
        let body = ResponseBody { writer in
            for event in first { try await writer.write(event.bytes) }
            try await write(events, to: &writer, render)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
            body: body
        )
    }

    /// Bytes as they come.
    static func raw(_ chunks: AsyncThrowingStream<[UInt8], any Error>) -> Response {
        let body = ResponseBody { writer in
            for try await chunk in chunks.cancelOnGracefulShutdown() where !chunk.isEmpty {
                try await writer.write(ByteBuffer(bytes: chunk))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: body
        )
    }

    private enum Piece: Sendable {
        case event(ByteBuffer)
        case silence
    }

    private static func write<Source: AsyncSequence & Sendable>(
        _ events: Source,
        to writer: inout any ResponseBodyWriter,
        _ render: @escaping @Sendable (Source.Element) throws -> ServerEvent
    ) async throws where Source.Element: Sendable {
        let (pieces, continuation) = AsyncThrowingStream<Piece, any Error>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await event in events.cancelOnGracefulShutdown() {
                        continuation.yield(.event(try render(event).bytes))
                    }
                    continuation.yield(.event(ServerEvent("end", text: "{}").bytes))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: heartbeat)
                    continuation.yield(.silence)
                }
            }
            for try await piece in pieces {
                switch piece {
                case .event(let bytes): try await writer.write(bytes)
                case .silence: try await writer.write(ByteBuffer(string: ": still here\n\n"))
                }
            }
            group.cancelAll()
        }
    }
}
