import CRoostLinux
import RoostModel

/// Cuts a stream of bytes into chunks at places that depend on the bytes, so that the same content gives the same chunks wherever it stands.
struct Chunker {
    /// No chunk but the last before a forced end is shorter.
    static let least = 256 << 10
    /// Binary logarithm of the average length beyond `least`.
    static let averageBits: UInt32 = 20

    private var buffer: [UInt8] = []

    /// Takes bytes and gives the chunks they complete.
    mutating func add(_ bytes: UnsafeRawBufferPointer) -> [[UInt8]] {
        buffer += bytes
        var chunks: [[UInt8]] = []
        var start = 0
        while buffer.count - start >= ContentChunk.limit {
            let length = cut(from: start)
            chunks.append(Array(buffer[start..<start + length]))
            start += length
        }
        if start > 0 { buffer.removeFirst(start) }
        return chunks
    }

    /// Ends the present chunk here; gives what was held back, in chunks.
    mutating func end() -> [[UInt8]] {
        var chunks: [[UInt8]] = []
        var start = 0
        while start < buffer.count {
            let length = cut(from: start)
            chunks.append(Array(buffer[start..<start + length]))
            start += length
        }
        buffer.removeAll(keepingCapacity: true)
        return chunks
    }

    private func cut(from start: Int) -> Int {
        buffer.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return roost_cut(
                base + start,
                bytes.count - start,
                Self.least,
                ContentChunk.limit,
                Self.averageBits
            )
        }
    }
}
