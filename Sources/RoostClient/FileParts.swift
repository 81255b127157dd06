import Glibc
import NIOCore

/// The bytes of a file in parts, for a body.
struct FileParts: AsyncSequence, Sendable {
    let path: String
    private static let part = 256 << 10

    /// Bytes of the file; nil when there is none.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    final class Iterator: AsyncIteratorProtocol {
        private let file: Int32

        init(_ path: String) { file = open(path, O_RDONLY | O_CLOEXEC) }

        deinit { if file >= 0 { close(file) } }

        func next() async throws -> ByteBuffer? {
            guard file >= 0 else { throw ReadFailure() }
            var buffer = ByteBufferAllocator().buffer(capacity: FileParts.part)
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: FileParts.part) { bytes in
                Swift.max(0, read(file, bytes.baseAddress, FileParts.part))
            }
            return count > 0 ? buffer : nil
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(path) }

    private struct ReadFailure: Error {}
}
