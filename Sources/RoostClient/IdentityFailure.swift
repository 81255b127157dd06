/// Why no access token was given.
public enum IdentityFailure: Error, Hashable {
    /// No answer came, or none that can be understood.
    case failed(ClientError)
    case refused(IdentityRefusal)
}

/// What an endpoint that gives tokens said instead.
public struct IdentityRefusal: Hashable, Sendable {
    public var url: String
    public var status: Int
    /// OAuth's word, such as `invalid_client`; empty when there was none.
    public var error: String
    /// The endpoint's own words; may be empty.
    public var message: String
    /// A Roost server's stable code.
    public var code: String?
    /// A Roost server's next step.
    public var advice: String?

    public init(
        url: String,
        status: Int,
        error: String,
        message: String,
        code: String? = nil,
        advice: String? = nil
    ) {
        self.url = url
        self.status = status
        self.error = error
        self.message = message
        self.code = code
        self.advice = advice
    }

    /// The number behind `AADSTS` in the message.
    public var number: Int? {
        guard let mark = message.firstRange(of: "AADSTS") else { return nil }
        return Int(message[mark.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }
}
