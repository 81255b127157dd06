/// Names a blob: letters, digits, `-`, `_`, `.` in parts divided by `/`, such as `runs/17/logs/3`.
public struct BlobKey: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Nil when a part is empty, begins with a dot, or holds another character.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let allowed: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard parts.allSatisfy({ !$0.isEmpty && $0.first != "." && $0.allSatisfy(allowed) }) else { return nil }
        description = text
    }
}

/// Contents of logs and artifacts: appended, read by range, followed while they grow.
///
/// An append that returned survives `kill -9` at any byte: after a restart the blob ends with the last whole append (a torn one is cut off).
/// One writer per blob; any number of readers.
public protocol BlobStore: Sendable {
    /// Adds bytes at the end and returns the new size.
    ///
    /// - Parameters:
    ///   - bytes: what to add.
    ///   - key: the blob; made when there is none.
    ///   - offset: where the bytes belong. Bytes that are already there are not written again, so that a repeated append is
    ///     harmless; nil appends at the end. A gap is an error.
    /// - Returns: the size after the append.
    /// - Throws: ``StoreError``.
    func append(_ bytes: [UInt8], to key: BlobKey, at offset: Int?) async throws -> Int
    /// No more bytes come; followers end.
    func finish(_ key: BlobKey) async throws
    /// Bytes of a range, cut to what exists; empty when there is no such blob.
    func read(_ key: BlobKey, _ range: Range<Int>) async throws -> [UInt8]
    /// Nil when there is no such blob.
    func size(_ key: BlobKey) async throws -> Int?
    func isFinished(_ key: BlobKey) async throws -> Bool
    /// Chunks from an offset on, and new ones as they are appended, until the blob is finished.
    func follow(_ key: BlobKey, from offset: Int) -> AsyncThrowingStream<[UInt8], any Error>
    func delete(_ key: BlobKey) async throws
    /// All blobs whose key begins with `prefix/`.
    func deleteAll(under prefix: BlobKey) async throws
}
