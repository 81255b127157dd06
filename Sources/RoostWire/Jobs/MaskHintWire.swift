/// What must not be shown.
public struct MaskHintWire: Codable, Sendable, Hashable {
    /// `regex` or `variable`.
    public var type: String?
    public var value: String?

    public init(
        type: String? = nil,
        value: String? = nil
    ) {
        self.type = type
        self.value = value
    }
}
