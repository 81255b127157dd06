/// A job's id token.
public struct JobIDTokenWire: Codable, Sendable, Hashable {
    public var oidcToken: String?

    public init(oidcToken: String? = nil) { self.oidcToken = oidcToken }
}
