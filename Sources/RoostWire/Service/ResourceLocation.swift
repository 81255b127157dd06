/// An address of the service as `OPTIONS _apis` lists it.
public struct ResourceLocation: Codable, Sendable, Hashable {
    /// Lower-case UUID.
    public var id: String
    public var area: String
    public var resourceName: String
    /// Such as `_apis/{area}/pools/{poolId}/{resource}/{agentId}`; a part without a value is left out.
    public var routeTemplate: String
    public var resourceVersion: Int
    public var minVersion: String
    public var maxVersion: String
    public var releasedVersion: String

    init(
        _ id: String,
        _ area: String,
        _ resource: String,
        _ template: String,
        _ version: Int,
        _ minimum: String,
        _ maximum: String,
        _ released: String
    ) {
        self.id = id
        self.area = area
        self.resourceName = resource
        self.routeTemplate = template
        self.resourceVersion = version
        self.minVersion = minimum
        self.maxVersion = maximum
        self.releasedVersion = released
    }
}
