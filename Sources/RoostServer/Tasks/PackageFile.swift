import Crypto
import Foundation
import NIOCore
import RoostContent
import RoostModel

/// The body of a request in a file, until it has been looked at.
final class PackageFile {
    let path: String
    private(set) var size = 0
    private(set) var sha256 = ""

    /// Writes a body into a new file of the data folder; holds one part at a time.
    ///
    /// - Throws: ``TaskPackageError/tooLarge(limit:)``.
    init(_ body: some AsyncSequence<ByteBuffer, any Error>, folder: String, limit: Int) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        path = "\(folder)/\(UUID().uuidString.lowercased()).zip"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw ZipFault.notWritable(path: path, reason: "the data folder takes no files") }
        defer { try? file.close() }
        var hash = SHA256()
        do {
            for try await part in body {
                size += part.readableBytes
                guard size <= limit else { throw TaskPackageError.tooLarge(limit: limit) }
                hash.update(data: part.readableBytesView)
                try file.write(contentsOf: Data(part.readableBytesView))
            }
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
        sha256 = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Gives the file in pieces of a size that a chunk may have.
    func pieces(_ take: ([UInt8]) async throws -> Void) async throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ZipFault.unreadable(path: path, reason: "it is gone")
        }
        defer { try? file.close() }
        while let part = try file.read(upToCount: ContentChunk.limit), !part.isEmpty { try await take([UInt8](part)) }
    }
}
