import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

/// Serves one repository for fetching, through `git http-backend` (git-http-backend(1)), whose answer goes out as it comes.
struct GitBackend: Sendable {
    /// So many at once: each may keep a processor busy.
    static let slots = Slots(8)
    /// What a client says of the commits it has; large repositories with many names need some megabytes.
    static let bodyLimit = 64 << 20

    let folder: String

    /// The names of the repository, for a request with the header `Git-Protocol`.
    func advertisement(version: String?) -> Response {
        var environment = environment("GET", "/info/refs", version)
        environment["QUERY_STRING"] = "service=git-upload-pack"
        return response("application/x-git-upload-pack-advertisement", environment, nil)
    }

    /// The pack that a client asks for.
    ///
    /// - Parameters:
    ///   - body: what the client wants and has.
    ///   - encoding: the header `Content-Encoding` of the request.
    ///   - version: its header `Git-Protocol`.
    /// - Returns: an answer that goes out as git makes it.
    func pack(_ body: ByteBuffer, encoding: String?, version: String?) -> Response {
        var environment = environment("POST", "/git-upload-pack", version)
        environment["CONTENT_TYPE"] = "application/x-git-upload-pack-request"
        environment["CONTENT_LENGTH"] = String(body.readableBytes)
        environment["HTTP_CONTENT_ENCODING"] = encoding
        return response("application/x-git-upload-pack-result", environment, body)
    }

    private func environment(_ method: String, _ path: String, _ version: String?) -> [String: String] {
        var environment = GitProcess.environment
        environment["GIT_PROJECT_ROOT"] = folder
        environment["PATH_INFO"] = path
        environment["GIT_HTTP_EXPORT_ALL"] = "1"
        environment["REQUEST_METHOD"] = method
        environment["GIT_PROTOCOL"] = version.flatMap { $0.hasPrefix("version=") ? $0 : nil }
        let settings = [
            ("safe.directory", "*"), ("http.receivepack", "false"), ("uploadpack.allowFilter", "true"),
            ("uploadpack.allowAnySHA1InWant", "true"),
        ]
        environment["GIT_CONFIG_COUNT"] = String(settings.count)
        for (index, (key, value)) in settings.enumerated() {
            environment["GIT_CONFIG_KEY_\(index)"] = key
            environment["GIT_CONFIG_VALUE_\(index)"] = value
        }
        return environment
    }

    private func response(_ type: String, _ environment: [String: String], _ input: ByteBuffer?) -> Response {
        let body = ResponseBody { writer in
            var writer: any ResponseBodyWriter = writer
            try await Self.slots.use { () async -> Result<Void, any Error> in
                do { return .success(try await Self.serve(environment, input, to: &writer)) } catch {
                    return .failure(error)
                }
            }.get()
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: type, .cacheControl: "no-cache"], body: body)
    }

    private static func serve(
        _ environment: [String: String],
        _ input: ByteBuffer?,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "http-backend"]
        process.environment = environment
        process.standardInput = try input.map(temporaryFile) ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let pid = process.processIdentifier
        defer { process.waitUntilExit() }
        // Not the pipe's own descriptor, which Foundation closes.
        let descriptor = dup(output.fileHandleForReading.fileDescriptor)
        do {
            try await copy(descriptor, to: &writer)
        } catch {
            GitProcess.stop(pid)
            throw error
        }
    }

    private static func copy(_ descriptor: CInt, to writer: inout any ResponseBodyWriter) async throws {
        let channel = try await NIOPipeBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .takingOwnershipOfDescriptor(input: descriptor) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
                }
            }
        var head = CGIHead()
        try await channel.executeThenClose { inbound, _ in
            for try await var bytes in inbound {
                if !head.isOver { try head.take(&bytes) }
                if bytes.readableBytes > 0 { try await writer.write(bytes) }
            }
        }
        guard head.isOver else { throw GitReadError.ended }
    }

    /// A file without a name, so that the client's words need no thread that writes them.
    private static func temporaryFile(_ bytes: ByteBuffer) throws -> FileHandle {
        let path = FileManager.default.temporaryDirectory.appending(path: "roost-\(UUID().uuidString)")
        try Data(bytes.readableBytesView).write(to: path, options: .withoutOverwriting)
        defer { try? FileManager.default.removeItem(at: path) }
        return try FileHandle(forReadingFrom: path)
    }
}

/// The head of a CGI program's answer (RFC 3875 §6.2), which is taken off its bytes.
struct CGIHead {
    private(set) var isOver = false
    private var bytes: [UInt8] = []

    /// Takes what belongs to the head.
    ///
    /// - Throws: ``GitReadError/unexpected(_:)`` when the program answers with a failure.
    mutating func take(_ buffer: inout ByteBuffer) throws {
        while !isOver, let byte = buffer.readInteger(as: UInt8.self) {
            bytes.append(byte)
            isOver = bytes.suffix(4).elementsEqual("\r\n\r\n".utf8)
            if bytes.count > 1 << 16 { throw GitReadError.unexpected("the head has no end") }
        }
        guard isOver else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        // A head without a status is a success.
        if text.hasPrefix("Status:"), !text.hasPrefix("Status: 2") {
            throw GitReadError.unexpected(String(text.prefix { !$0.isNewline }))
        }
    }
}
