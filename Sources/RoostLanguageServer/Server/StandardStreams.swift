import FoundationEssentials
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A language server on two descriptors: reads messages from one and writes answers to the other.
public struct StandardStreams: Sendable {
    private let input: Int32
    private let output: Int32
    private let settings: LanguageServer.Settings
    private let note: @Sendable (String) -> Void

    /// A server on two descriptors; what is wrong with the input is said to the client and as a note.
    public init(
        input: Int32 = 0,
        output: Int32 = 1,
        settings: LanguageServer.Settings,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.input = input
        self.output = output
        self.settings = settings
        self.note = note
    }

    /// Serves until the client says `exit` or is gone.
    ///
    /// - Returns: 0 after `shutdown` and `exit`, else 1.
    public func run() async -> Int32 {
        let writer = FrameWriter(output)
        let send: @Sendable (RPCReply) -> Void = { writer.write($0.frame) }
        let server = LanguageServer(settings: settings, send: send)
        let stream = MessageStream(send: send, note: note)
        for await event in Self.events(input, stream) {
            guard case .message(let message) = event else { break }
            if let id = stream.takeCancellation(of: message) {
                send(.error(id: id, .canceled))
            } else if let code = await server.handle(message) {
                return code
            }
        }
        note(stream.remainder ?? "The input ended without the notification 'exit'")
        return 1
    }

    /// Messages as they come.
    ///
    /// A thread of its own reads them: waiting for bytes must not hold up answers.
    private static func events(_ input: Int32, _ stream: MessageStream) -> AsyncStream<MessageStream.Event> {
        let (events, continuation) = AsyncStream<MessageStream.Event>.makeStream()
        let reader = Reader(input: input, stream: stream, continuation: continuation)
        reader.start()
        return events
    }

    /// Reads until the end of the input, on a thread that ends with the process.
    private final class Reader: Sendable {
        private let input: Int32
        private let stream: MessageStream
        private let continuation: AsyncStream<MessageStream.Event>.Continuation

        init(input: Int32, stream: MessageStream, continuation: AsyncStream<MessageStream.Event>.Continuation) {
            self.input = input
            self.stream = stream
            self.continuation = continuation
        }

        func start() {
            var thread = pthread_t()
            let pointer = Unmanaged.passRetained(self).toOpaque()
            let code = pthread_create(
                &thread,
                nil,
                { pointer in
                    if let pointer { Unmanaged<Reader>.fromOpaque(pointer).takeRetainedValue().run() }
                    return nil
                },
                pointer
            )
            if code == 0 {
                pthread_detach(thread)
            } else {
                Unmanaged<Reader>.fromOpaque(pointer).release()
                continuation.finish()
            }
        }

        private func run() {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = buffer.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                for message in stream.read(buffer[..<count]) { continuation.yield(.message(message)) }
            }
            continuation.yield(.end)
            continuation.finish()
        }
    }
}

/// Writes whole frames, one after the other, whoever sends them.
private final class FrameWriter: Sendable {
    private let output: Mutex<Int32>

    init(_ output: Int32) {
        self.output = Mutex(output)
        // A client that is gone shows as an error of the write, not as a signal that ends the process.
        signal(SIGPIPE, SIG_IGN)
    }

    func write(_ frame: [UInt8]) {
        output.withLock { output in
            var sent = 0
            while sent < frame.count {
                let count = frame[sent...].withUnsafeBytes { Self.writeSome(output, $0) }
                if count < 0, errno == EINTR { continue }
                // Nobody is there to be told; the end of the input ends the server.
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    private static func writeSome(_ output: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(output, bytes.baseAddress, bytes.count)
        #else
            Musl.write(output, bytes.baseAddress, bytes.count)
        #endif
    }
}
