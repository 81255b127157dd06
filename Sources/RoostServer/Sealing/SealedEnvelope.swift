import FoundationEssentials

/// A sealed value as it is stored.
///
/// ```
/// "RSK1"  id of the key (8 bytes)  length of the place (2 bytes, big-endian)  place (UTF-8)  nonce (12)  ciphertext  tag (16)
/// ```
///
/// All before the nonce is authenticated. Values of earlier releases begin with the nonce; only their place is authenticated.
struct SealedEnvelope: Hashable, Sendable {
    var key: SealingKeyID
    var place: String
    /// Nonce, ciphertext and tag.
    var box: Data

    static let mark = Data("RSK1".utf8)

    init(key: SealingKeyID, place: String, box: Data) {
        self.key = key
        self.place = place
        self.box = box
    }

    /// Nil when it is not one of this form.
    init?(_ bytes: Data) {
        var rest = bytes[...]
        func take(_ count: Int) -> Data? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Data(rest.prefix(count))
        }
        guard take(4) == Self.mark, let id = take(SealingKeyID.size), let size = take(2) else { return nil }
        guard let place = take(Int(size[0]) << 8 | Int(size[1])), rest.count >= 28 else { return nil }
        key = SealingKeyID(id)
        self.place = String(decoding: place, as: UTF8.self)
        box = Data(rest)
    }

    /// What is authenticated; nil when the place is too long for it.
    static func header(_ key: SealingKeyID, _ place: String) -> Data? {
        guard let size = UInt16(exactly: place.utf8.count) else { return nil }
        return mark + Data(key.bytes) + Data([UInt8(size >> 8), UInt8(size & 0xff)]) + Data(place.utf8)
    }

    var header: Data? { Self.header(key, place) }
}
