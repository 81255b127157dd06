/// A name and a password at a registry of container images.
public struct RegistryAccount: Hashable, Sendable {
    /// Its address, such as `https://registry.example.org`.
    public var address: String
    public var username: String
    public var password: Secret

    public init(address: String, username: String, password: Secret) {
        self.address = address
        self.username = username
        self.password = password
    }
}
