/// A feature flag.
public struct FeatureFlagWire: Codable, Sendable, Hashable {
    public var name: String?
    public var description: String?
    public var uri: String?
    public var effectiveState: String?
    public var explicitState: String?

    public init(
        name: String? = nil,
        description: String? = nil,
        uri: String? = nil,
        effectiveState: String? = nil,
        explicitState: String? = nil
    ) {
        self.name = name
        self.description = description
        self.uri = uri
        self.effectiveState = effectiveState
        self.explicitState = explicitState
    }
}
