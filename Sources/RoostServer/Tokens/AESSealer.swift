import Crypto
public import Foundation
public import RoostModel
public import RoostStore

/// Seals secret values with AES-256-GCM and a key that lives in a file beside the store, readable by the server's user only.
///
/// The place of a value is authenticated with it, so that a sealed value cannot be moved to where others read it.
public struct AESSealer: SecretSealer {
    private let key: SymmetricKey

    /// Why a key cannot be used.
    public enum Problem: UserFacingError {
        case unreadable(path: String, reason: String)
        case malformed(path: String)
        case wrongKey(place: String)

        public var code: String { "store.key" }

        public var summary: String {
            switch self {
            case .unreadable(_, let reason): "The key of the store cannot be used: \(reason)."
            case .malformed: "The key of the store is damaged."
            case .wrongKey(let place): "The secret '\(place)' was sealed with another key."
            }
        }

        public var location: String? {
            switch self {
            case .unreadable(let path, _), .malformed(let path): path
            case .wrongKey: nil
            }
        }

        public var advice: String? { "Restore the key's file together with the store." }
    }

    /// Reads the key, or makes it at the first start.
    ///
    /// - Throws: ``Problem``.
    public init(keyFile: String) throws(Problem) {
        if let known = FileManager.default.contents(atPath: keyFile) {
            guard known.count == 32 else { throw .malformed(path: keyFile) }
            key = SymmetricKey(data: known)
            return
        }
        let made = Data(SystemRandomBytes.make(32))
        guard FileManager.default.createFile(atPath: keyFile, contents: made, attributes: [.posixPermissions: 0o600])
        else {
            throw .unreadable(path: keyFile, reason: "it cannot be written")
        }
        key = SymmetricKey(data: made)
    }

    public func seal(_ text: String, for place: String) throws -> Data {
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Data(place.utf8))
        guard let combined = box.combined else { throw Problem.wrongKey(place: place) }
        return combined
    }

    public func open(_ sealed: Data, for place: String) throws -> String {
        do {
            let text = try AES.GCM.open(
                AES.GCM.SealedBox(combined: sealed),
                using: key,
                authenticating: Data(place.utf8)
            )
            return String(decoding: text, as: UTF8.self)
        } catch {
            throw Problem.wrongKey(place: place)
        }
    }
}
