public import RoostModel

/// Where chunks go to.
public protocol ChunkSink: Sendable {
    /// Which of some chunks are not there yet; those that are stay there for a day at least.
    func missing(_ chunks: [ChunkID]) async throws -> Set<ChunkID>
    /// Takes a chunk in its stored form (``ChunkCodec``); one that is there already is no error.
    func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws
}

/// Where chunks come from.
public protocol ChunkSource: Sendable {
    /// A chunk in its stored form.
    ///
    /// - Parameters:
    ///   - chunk: its name.
    ///   - isSuspect: what came before did not have the right hash, so the far side should look whether its own copy has.
    /// - Returns: bytes, to be checked by the caller.
    /// - Throws: ``ChunkFault`` when the far side has no good copy, any error when it cannot be asked.
    func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8]
}

/// How far a transfer is.
public struct TransferProgress: Hashable, Sendable {
    /// Bytes of files.
    public var total = 0
    /// Bytes of files that are there, however they came.
    public var done = 0
    /// Bytes that travelled.
    public var travelled = 0
    public var files = 0

    public init() {}
}
