/// A value, perhaps secret.
public struct VariableValueWire: Codable, Sendable, Hashable {
    public var value: String?
    public var isSecret: Bool?
    public var isReadOnly: Bool?
    public var allowOverride: Bool?

    public init(
        value: String? = nil,
        isSecret: Bool? = nil,
        isReadOnly: Bool? = nil,
        allowOverride: Bool? = nil
    ) {
        self.value = value
        self.isSecret = isSecret
        self.isReadOnly = isReadOnly
        self.allowOverride = allowOverride
    }
}
