import Glibc

/// Reads frames from a descriptor on a thread of its own.
enum FrameReader {
    /// The frames; the stream ends with the descriptor, or after a fault.
    static func frames(from descriptor: Int32) -> AsyncStream<Result<WorkerFrame, WorkerChannelFault>> {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<WorkerFrame, WorkerChannelFault>.self)
        let error = OwnThread.detached {
            do throws(WorkerChannelFault) {
                var decoder = WorkerChannel.Decoder()
                while let bytes = next(descriptor) {
                    for frame in try decoder.feed(bytes) { continuation.yield(.success(frame)) }
                }
            } catch {
                continuation.yield(.failure(error))
            }
            continuation.finish()
        }
        if error != 0 { continuation.finish() }
        return stream
    }

    /// The next bytes; nil at the end.
    private static func next(_ descriptor: Int32) -> [UInt8]? {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                filled = max(0, count)
            }
            if count > 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            return nil
        }
    }
}

/// The environment of this process.
public enum ProcessEnvironment {
    /// All its variables.
    public static func own() -> [String: String] {
        var values: [String: String] = [:]
        var place = environ
        while let entry = place.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                values[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            place += 1
        }
        return values
    }
}
