import Crypto

/// What decides the content of a layer: the layer below it and what is done over it.
struct LayerKey: Sendable, Hashable {
    /// SHA-256, as hexadecimal digits.
    let digest: String

    /// The key of a step over a layer.
    ///
    /// - Parameters:
    ///   - parent: what the layer below is, which is not its key when it was made anew though there was one.
    ///   - step: a digest of everything that decides the step's result.
    ///   - conditions: what else decides it, such as mounts and the sandbox's network.
    init(parent: LayerIdentity?, step: String, conditions: [String] = []) {
        digest = Self.digest([parent?.digest ?? "base", step] + conditions)
    }

    /// A digest of texts with their lengths.
    static func digest(_ texts: [String]) -> String {
        var hash = SHA256()
        for text in texts {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(text.utf8))
        }
        return hexadecimal(hash.finalize())
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// One making of a layer.
///
/// The first making bears the digest of its key; making it again, with what the network gives now, has another, so that layers made over
/// the earlier one are not put over the later.
struct LayerIdentity: Sendable, Hashable {
    let digest: String

    init(_ key: LayerKey) { digest = key.digest }
    init(again key: LayerKey, mark: String) { digest = LayerKey.digest([key.digest, mark]) }
    init?(digest: String) {
        guard digest.count == 64, digest.allSatisfy(\.isHexDigit) else { return nil }
        self.digest = digest
    }

    /// The name of its folder; short, because the kernel takes one page of names of layers.
    var folder: String { String(digest.prefix(24)) }
}
