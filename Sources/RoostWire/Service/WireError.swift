/// An error answer of the service.
public struct WireError: Codable, Sendable, Hashable {
    public var id: String?
    public var innerException: String?
    public var message: String?
    public var typeName: String?
    public var typeKey: String?
    public var errorCode: Int?
    public var eventId: Int?
    /// Only Roost: the stable code of the error.
    public var code: String?
    /// Only Roost: where.
    public var location: String?
    /// Only Roost: what to do.
    public var advice: String?
    /// Only Roost: the request, as in the server's log.
    public var requestId: String?

    public init(
        id: String? = nil,
        innerException: String? = nil,
        message: String? = nil,
        typeName: String? = nil,
        typeKey: String? = nil,
        errorCode: Int? = nil,
        eventId: Int? = nil,
        code: String? = nil,
        location: String? = nil,
        advice: String? = nil,
        requestId: String? = nil
    ) {
        self.id = id
        self.innerException = innerException
        self.message = message
        self.typeName = typeName
        self.typeKey = typeKey
        self.errorCode = errorCode
        self.eventId = eventId
        self.code = code
        self.location = location
        self.advice = advice
        self.requestId = requestId
    }

    private enum CodingKeys: String, CodingKey {
        case id = "$id"
        case innerException
        case message
        case typeName
        case typeKey
        case errorCode
        case eventId
        case code
        case location
        case advice
        case requestId
    }
}
