public import RoostModel
import CZstd
import Crypto

/// How a chunk is stored and sent: one byte that says how, then the bytes as they are (0) or a frame of Zstandard (1, RFC 8878).
public enum ChunkCodec {
    private static let plain: UInt8 = 0
    private static let zstd: UInt8 = 1
    /// Fast, and near enough to the best for what builds make.
    private static let level: Int32 = 1

    /// The name of a text.
    public static func id(of bytes: [UInt8]) -> ChunkID {
        // A ChunkID is refused only when it has not 32 bytes, and a SHA-256 has that many whatever was hashed.
        guard let id = ChunkID(bytes: SHA256.hash(data: bytes)) else { preconditionFailure("a SHA-256 has 32 bytes") }
        return id
    }

    /// The stored form; compressed when that saves a thirtieth or more.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        let packed = [UInt8](unsafeUninitializedCapacity: bound + 1) { buffer, count in
            buffer[0] = zstd
            let size = bytes.withUnsafeBytes { source in
                ZSTD_compress(buffer.baseAddress.map { $0 + 1 }, bound, source.baseAddress, source.count, level)
            }
            count = ZSTD_isError(size) == 0 ? size + 1 : 0
        }
        guard !packed.isEmpty, packed.count < bytes.count - bytes.count / 30 else { return [plain] + bytes }
        return packed
    }

    /// The bytes of a stored form, which must be those of the name.
    ///
    /// - Throws: ``ChunkFault``; whatever the stored form is, no more than ``ContentChunk/limit`` bytes are made of it.
    public static func decode(_ stored: [UInt8], of id: ChunkID) throws(ChunkFault) -> [UInt8] {
        guard let form = stored.first else { throw .damaged(id, reason: "it is empty") }
        let bytes: [UInt8]
        switch form {
        case plain:
            guard stored.count - 1 <= ContentChunk.limit else { throw .damaged(id, reason: "it is too long") }
            bytes = Array(stored.dropFirst())
        case zstd: bytes = try decompress(stored, id)
        default: throw .damaged(id, reason: "its form \(form) is not known")
        }
        guard self.id(of: bytes) == id else { throw .damaged(id, reason: "its SHA-256 is another one") }
        return bytes
    }

    private static func decompress(_ stored: [UInt8], _ id: ChunkID) throws(ChunkFault) -> [UInt8] {
        let size = stored.withUnsafeBytes { source in
            ZSTD_getFrameContentSize(source.baseAddress.map { $0 + 1 }, source.count - 1)
        }
        // The two values that say "unknown" and "no frame" are larger than any chunk too.
        guard size <= UInt64(ContentChunk.limit) else { throw .damaged(id, reason: "its compressed form is broken") }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            let made = stored.withUnsafeBytes { source in
                ZSTD_decompress(buffer.baseAddress, Int(size), source.baseAddress.map { $0 + 1 }, source.count - 1)
            }
            count = ZSTD_isError(made) == 0 ? made : 0
        }
        guard bytes.count == Int(size) else { throw .damaged(id, reason: "its compressed form is broken") }
        return bytes
    }
}

/// Why a chunk cannot be used.
public enum ChunkFault: UserFacingError, Hashable {
    case damaged(ChunkID, reason: String)
    case missing(ChunkID)

    public var code: String {
        switch self {
        case .damaged: "content.damaged"
        case .missing: "content.missing"
        }
    }

    public var summary: String {
        switch self {
        case .damaged(let id, let reason): "The stored piece \(Self.short(id)) is damaged: \(reason)."
        case .missing(let id): "The stored piece \(Self.short(id)) is missing."
        }
    }

    public var location: String? { nil }
    public var advice: String? { "Publish the files again, which replaces the piece." }

    /// Enough of a name to find its file.
    static func short(_ id: ChunkID) -> String { String(id.description.prefix(16)) }
}
