import Crypto
public import Foundation
import RoostModel
public import RoostStore

/// Seals secret values with AES-256-GCM and keys that do not live in the store.
///
/// The place of a value is authenticated with it, so that a sealed value cannot be moved to where others read it. Each value names
/// the key it was sealed with (``SealedEnvelope``), so that keys can be changed while values of older ones are read.
public struct AESSealer: SecretSealer {
    let keys: SealingKeys

    /// Seals with the newest of some keys and opens with all of them.
    public init(keys: SealingKeys) { self.keys = keys }

    /// Reads the keys of a file, or makes it.
    ///
    /// - Throws: ``SealingKeyError``.
    public init(keyFile: String) throws(SealingKeyError) {
        keys = try SealingKeys(.file(keyFile), isFirstStart: true)
    }

    public func seal(_ text: String, for place: String) throws -> Data {
        let key = keys.current
        guard let header = SealedEnvelope.header(key.id, place),
            let box = try AES.GCM.seal(Data(text.utf8), using: key.key, authenticating: header).combined
        else { throw SealingKeyError.wrongKey(place: place) }
        return header + box
    }

    public func open(_ sealed: Data, for place: String) throws -> String {
        guard let envelope = SealedEnvelope(sealed), let key = keys.generation(envelope.key) else {
            return try openEarlier(sealed, for: place)
        }
        guard envelope.place == place, let header = envelope.header,
            let text = Self.open(envelope.box, key, authenticating: header)
        else { throw SealingKeyError.wrongKey(place: place) }
        return text
    }

    /// A value of an earlier release names no key: all are tried.
    private func openEarlier(_ sealed: Data, for place: String) throws(SealingKeyError) -> String {
        for key in keys.generations {
            if let text = Self.open(sealed, key, authenticating: Data(place.utf8)) { return text }
        }
        throw .wrongKey(place: place)
    }

    private static func open(_ box: Data, _ key: SealingKeys.Generation, authenticating data: Data) -> String? {
        guard let box = try? AES.GCM.SealedBox(combined: box),
            let text = try? AES.GCM.open(box, using: key.key, authenticating: data)
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Rotation

    /// Whether a value names the newest key; the beginning of it is enough.
    func isCurrent(_ sealed: Data) -> Bool {
        sealed.prefix(4) == SealedEnvelope.mark
            && SealingKeyID(sealed.dropFirst(4).prefix(SealingKeyID.size)) == keys.current.id
    }

    public func reseal(_ text: String) throws -> String? {
        var out = ""
        var rest = text[...]
        var changed = false
        while let start = rest.range(of: Self.textMark) {
            let run = rest[start.lowerBound...].prefix { Self.isBase64($0) }
            out += rest[..<start.lowerBound]
            rest = rest[run.endIndex...]
            guard let sealed = Data(base64Encoded: run.filter { $0 != "\\" }), let new = try reseal(sealed) else {
                out += run
                continue
            }
            out += new.base64EncodedString()
            changed = true
        }
        return changed ? out + rest : nil
    }

    /// Nil for what is new already, and for what no key opens: it is lost as it was before.
    private func reseal(_ sealed: Data) throws -> Data? {
        guard let envelope = SealedEnvelope(sealed), !isCurrent(sealed),
            let text = try? open(sealed, for: envelope.place)
        else { return nil }
        return try seal(text, for: envelope.place)
    }

    /// How every envelope begins in base64.
    private static let textMark = "UlNLM"

    /// Also the backslash that some encoders put before a slash.
    private static func isBase64(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "+/=\\".contains(character))
    }
}
