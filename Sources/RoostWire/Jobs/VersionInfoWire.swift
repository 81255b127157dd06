/// Of a commit.
public struct VersionInfoWire: Codable, Sendable, Hashable {
    public var author: String?
    public var message: String?

    public init(
        author: String? = nil,
        message: String? = nil
    ) {
        self.author = author
        self.message = message
    }
}
