/// An error or a warning.
public struct IssueWire: Codable, Sendable, Hashable {
    public var type: String?
    public var category: String?
    public var message: String?
    public var data: [String: String]?

    public init(
        type: String? = nil,
        category: String? = nil,
        message: String? = nil,
        data: [String: String]? = nil
    ) {
        self.type = type
        self.category = category
        self.message = message
        self.data = data
    }
}
