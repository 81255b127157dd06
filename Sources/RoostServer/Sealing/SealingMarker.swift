import FoundationEssentials

/// A setting that tells with which key the store is sealed, so that a wrong key is found before anything is opened.
enum SealingMarker {
    static let name = "sealing-marker"
    private static let place = "sealing-marker"

    /// A new one, as a JSON text.
    static func make(_ sealer: AESSealer) throws -> Data {
        Data("\"\(try sealer.seal("roost", for: place).base64EncodedString())\"".utf8)
    }

    /// Refuses keys that do not open the store.
    ///
    /// - Throws: ``SealingKeyError/lost(path:key:)``.
    static func check(_ stored: Data, _ sealer: AESSealer) throws {
        let text = String(decoding: stored, as: UTF8.self).filter { $0 != "\"" }
        guard let bytes = Data(base64Encoded: text), let envelope = SealedEnvelope(bytes) else { return }
        guard sealer.keys.generation(envelope.key) != nil else {
            throw SealingKeyError.lost(path: sealer.keys.source.path, key: envelope.key.description)
        }
        _ = try sealer.open(bytes, for: place)
    }
}
