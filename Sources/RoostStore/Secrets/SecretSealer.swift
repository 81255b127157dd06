public import FoundationEssentials

/// Encrypts the few values a store must not hold in the clear.
///
/// A store seals each variable that is marked secret before it writes it, and opens it when it reads it back. May be called from any thread.
public protocol SecretSealer: Sendable {
    /// Encrypts a secret.
    ///
    /// - Parameters:
    ///   - secret: the text to hide.
    ///   - place: where it is kept, such as `runs/17/variables/token`; authenticated, so that a sealed value opens in its place only.
    /// - Returns: what is stored; two calls need not give the same.
    /// - Throws: when there is no key.
    func seal(_ secret: String, for place: String) throws -> Data

    /// Decrypts what ``seal(_:for:)`` gave.
    ///
    /// - Parameters:
    ///   - sealed: what was stored.
    ///   - place: the place it was sealed for.
    /// - Returns: the secret.
    /// - Throws: when the key is another one, the bytes are damaged, or the place is another.
    func open(_ sealed: Data, for place: String) throws -> String

    /// Seals anew, with the newest key, every sealed value in a text in which such values stand in base64.
    ///
    /// - Parameter text: such as JSON.
    /// - Returns: the new text, or nil when nothing in it was sealed with an older key.
    /// - Throws: when a value cannot be opened.
    func reseal(_ text: String) throws -> String?
}

extension SecretSealer {
    /// A sealer with one key has nothing to seal anew.
    public func reseal(_ text: String) throws -> String? { nil }
}

/// Hides nothing; for stores of tests and for `roost run`, which keeps none.
public struct PlainSealer: SecretSealer {
    /// A sealer that hides nothing.
    public init() {}

    public func seal(_ secret: String, for place: String) throws -> Data { Data(secret.utf8) }
    public func open(_ sealed: Data, for place: String) throws -> String { String(decoding: sealed, as: UTF8.self) }
}
