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
}

/// Hides nothing; for stores of tests and for `roost run`, which keeps none.
public struct PlainSealer: SecretSealer {
    /// A sealer that hides nothing.
    public init() {}

    public func seal(_ secret: String, for place: String) throws -> Data { Data(secret.utf8) }
    public func open(_ sealed: Data, for place: String) throws -> String { String(decoding: sealed, as: UTF8.self) }
}
