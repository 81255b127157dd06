/// A problem of a request.
public struct ValidationResultWire: Codable, Sendable, Hashable {
    public var message: String?
    public var result: String?

    public init(
        message: String? = nil,
        result: String? = nil
    ) {
        self.message = message
        self.result = result
    }
}
