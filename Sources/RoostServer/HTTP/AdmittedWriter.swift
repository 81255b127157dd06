import HTTPTypes
import HummingbirdCore
import NIOCore

/// Writes a long answer for as long as the credential it was asked for with is good, so that nobody goes on reading who was shut out.
struct AdmittedWriter: ResponseBodyWriter {
    /// The credential is not good any more; the connection ends without the end of the answer.
    struct ShutOut: Error {}

    var inner: any ResponseBodyWriter
    let isAdmitted: @Sendable () -> Bool

    mutating func write(_ buffer: ByteBuffer) async throws {
        guard isAdmitted() else { throw ShutOut() }
        try await inner.write(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try await inner.finish(trailingHeaders) }
}
