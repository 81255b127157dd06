import RoostContent
import RoostModel
import RoostStore

/// Reads files of stored content one after the other, each chunk checked by its hash; holds one chunk at a time.
struct ContentReader: Sendable {
    let manifest: ContentManifest
    let space: String
    /// For messages, such as `artifact 'drop' of run 20261125.1`.
    let owner: String
    let chunks: any ChunkStore
    /// Where each chunk begins.
    private let starts: [Int]
    private var held: (place: Int, bytes: [UInt8])?

    init(_ manifest: ContentManifest, space: String, owner: String, chunks: any ChunkStore) {
        self.manifest = manifest
        self.space = space
        self.owner = owner
        self.chunks = chunks
        var starts: [Int] = []
        var begin = 0
        for chunk in manifest.chunks {
            starts.append(begin)
            begin += chunk.size
        }
        self.starts = starts
    }

    /// Gives the bytes of a file in parts.
    mutating func read(_ entry: ContentManifest.Entry, _ body: ([UInt8]) async throws -> Void) async throws {
        guard case .file(let size, let offset) = entry.kind, size > 0 else { return }
        var place = (starts.partitioningIndex { $0 > offset }) - 1
        var rest = offset..<offset + size
        while !rest.isEmpty {
            let bytes = try await chunk(place)
            let begin = rest.lowerBound - starts[place]
            let end = min(bytes.count, rest.upperBound - starts[place])
            guard begin < end else { throw damaged(place) }
            try await body(Array(bytes[begin..<end]))
            rest = starts[place] + end..<rest.upperBound
            place += 1
        }
    }

    private mutating func chunk(_ place: Int) async throws -> [UInt8] {
        if let held, held.place == place { return held.bytes }
        let chunk = manifest.chunks[place]
        let bytes = try await Self.chunk(chunk.id, in: space, of: owner, chunks)
        guard bytes.count == chunk.size else { throw damaged(place) }
        held = (place, bytes)
        return bytes
    }

    private func damaged(_ place: Int) -> ContentError {
        .chunk(.damaged(manifest.chunks[place].id, reason: "its size is another one"), owner: owner)
    }

    /// Reads everything once, so that an answer that begins can also end.
    mutating func checkAll(_ entries: [ContentManifest.Entry]) async throws {
        for entry in entries { try await read(entry) { _ in } }
    }

    /// The bytes of a chunk.
    ///
    /// - Throws: ``ContentError/chunk(_:owner:)`` when it is missing or damaged, `StoreError`.
    static func chunk(
        _ id: ChunkID,
        in space: String,
        of owner: String,
        _ chunks: any ChunkStore
    ) async throws -> [UInt8] {
        guard let stored = try await chunks.read(id, in: space) else {
            throw ContentError.chunk(.missing(id), owner: owner)
        }
        do throws(ChunkFault) { return try ChunkCodec.decode(stored, of: id) } catch {
            throw ContentError.chunk(error, owner: owner)
        }
    }
}

extension [Int] {
    /// The first place at which a condition holds, which does for all after it.
    fileprivate func partitioningIndex(_ holds: (Int) -> Bool) -> Int {
        var range = startIndex..<endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = holds(self[middle]) ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }
}
