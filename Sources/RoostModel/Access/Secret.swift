/// A text that must never be printed: every description of it is dots.
///
/// It has no `Codable` conformance, so that no secret is encoded by accident; ask for ``exposed`` where the value is needed.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The value itself; name the reason where you read it.
    public let exposed: String

    /// Wraps a secret text.
    public init(_ exposed: String) { self.exposed = exposed }

    public var description: String { "•••" }
    public var debugDescription: String { "Secret(•••)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
