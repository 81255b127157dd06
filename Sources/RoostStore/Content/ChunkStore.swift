public import FoundationEssentials
public import RoostModel

/// Chunks of artifacts and caches by their hash, in spaces that share nothing.
///
/// A chunk that was put survives `kill -9` at any byte, as a whole or not at all. Any number of tasks may read and write; two that put the same
/// chunk both succeed, and one of the two equal copies stays. The store takes bytes as they are: whoever puts a chunk has checked its hash.
public protocol ChunkStore: Sendable {
    /// Which of some chunks are not there. Those that are count as used from now on, so that no sweep takes them for a time.
    func missing(_ chunks: [ChunkID], in space: String) async throws -> [ChunkID]
    /// Keeps a chunk in its stored form.
    func put(_ chunk: ChunkID, _ stored: [UInt8], in space: String) async throws
    /// The stored form; nil when it is not there.
    func read(_ chunk: ChunkID, in space: String) async throws -> [UInt8]?
    /// Removes a chunk; a missing one is fine.
    func delete(_ chunk: ChunkID, in space: String) async throws
    /// The spaces that have chunks.
    func spaces() async throws -> [String]
    /// Removes the chunks of a space that are not kept and were put, or found not missing, before a moment.
    ///
    /// - Returns: how many went, and their bytes.
    func sweep(_ space: String, keeping kept: Set<ChunkID>, usedBefore limit: Date) async throws -> ChunkSweep
}

/// What a sweep did.
public struct ChunkSweep: Hashable, Sendable {
    public var removed = 0
    /// Bytes on the disk.
    public var freed = 0
    public var left = 0

    public init(removed: Int = 0, freed: Int = 0, left: Int = 0) {
        self.removed = removed
        self.freed = freed
        self.left = left
    }
}
