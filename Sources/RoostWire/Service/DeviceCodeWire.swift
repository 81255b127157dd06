/// What a person needs to confirm a sign-in elsewhere.
public struct DeviceCodeWire: Codable, Sendable, Hashable {
    public var device_code: String
    public var user_code: String
    public var verification_uri: String
    /// Seconds until the code is of no use.
    public var expires_in: Int?
    /// Seconds between two questions whether it was confirmed.
    public var interval: Int?
    /// One sentence that holds address and code.
    public var message: String?

    public init(
        device_code: String,
        user_code: String,
        verification_uri: String,
        expires_in: Int? = nil,
        interval: Int? = nil,
        message: String? = nil
    ) {
        self.device_code = device_code
        self.user_code = user_code
        self.verification_uri = verification_uri
        self.expires_in = expires_in
        self.interval = interval
        self.message = message
    }
}
