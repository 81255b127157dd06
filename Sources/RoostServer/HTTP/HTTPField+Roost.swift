import HTTPTypes

extension HTTPField.Name {
    // Constants of names that are known to be valid, made once: a name that is not valid falls back to one that harms nothing.
    private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .via }

    static let e2eID = named("X-VSS-E2EID")
    static let activityID = named("ActivityId")
    static let requestID = named("X-Request-Id")
    static let rateLimit = named("X-RateLimit-Limit")
    static let rateRemaining = named("X-RateLimit-Remaining")
    static let rateReset = named("X-RateLimit-Reset")
    static let rateDelay = named("X-RateLimit-Delay")
    static let retryAfterSeconds = named("Retry-After")
    static let continuationToken = named("x-ms-continuationtoken")
    static let serviceError = named("X-TFS-ServiceError")
    static let logOffset = named("X-Roost-Log-Offset")
    static let frameOptions = named("X-Frame-Options")
}
