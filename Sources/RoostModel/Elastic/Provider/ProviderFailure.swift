/// Why a provider did not do what it was asked; the provider's own words are in the text.
public enum ProviderFailure: UserFacingError, Hashable {
    /// Ask nothing of the kind before this time has passed.
    case throttled(retryAfter: Duration, String)
    /// There is room for this many more machines; nil when it did not say.
    case quota(room: Int?, String)
    /// The image cannot be started, so that trying again does not help.
    case image(name: String, String)
    /// It works with nothing here: a program, a right or a setting is missing.
    case unavailable(String, advice: String)
    /// It may have been done, and may not have been: list.
    case unknown(String)
    /// It was not done; trying again may help.
    case failed(String)

    public var code: String {
        switch self {
        case .throttled: "provider.throttled"
        case .quota: "provider.quota"
        case .image: "provider.image"
        case .unavailable: "provider.unavailable"
        case .unknown: "provider.unknown"
        case .failed: "provider.failed"
        }
    }

    public var summary: String {
        switch self {
        case .throttled(let time, let text): "The provider takes no calls for \(time.components.seconds) s: \(text)"
        case .quota(let room, let text):
            "The provider has room for \(room.map { "\($0) more machines" } ?? "no more machines"): \(text)"
        case .image(let name, let text): "Image '\(name)' cannot be started: \(text)"
        case .unavailable(let text, _), .unknown(let text), .failed(let text): text
        }
    }

    public var advice: String? {
        switch self {
        case .throttled: "It is asked again by itself."
        case .quota: "Raise the quota, make room there, or lower the pool's maximum."
        case .image: "Publish a version that can be started, or choose another one for the pool."
        case .unavailable(_, let advice): advice
        case .unknown, .failed: nil
        }
    }
}
