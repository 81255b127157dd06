/// A version in three numbers.
public struct PackageVersionWire: Codable, Sendable, Hashable {
    public var major: Int?
    public var minor: Int?
    public var patch: Int?

    public init(
        major: Int? = nil,
        minor: Int? = nil,
        patch: Int? = nil
    ) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }
}
