/// An address.
public struct LinkWire: Codable, Sendable, Hashable {
    public var href: String?

    public init(
        href: String? = nil
    ) {
        self.href = href
    }
}
