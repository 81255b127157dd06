import Crypto

/// What the result of a step depends on, besides the state of the machine before it.
public struct StepKey: Sendable, Hashable {
    /// In words, for a person.
    public var name: String
    /// Everything that decides the result: type, settings, contents of files.
    public var parts: [[UInt8]]

    public init(_ name: String, parts: [[UInt8]] = []) {
        self.name = name
        self.parts = parts
    }

    /// SHA-256 of the parts with their lengths, as hexadecimal digits; the name does not count.
    public var digest: String {
        var hash = SHA256()
        for part in parts {
            withUnsafeBytes(of: UInt64(part.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: part)
        }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// What became of a step.
public enum StepOutcome: Sendable, Hashable {
    case done
    /// The result was there already.
    case reused
}
