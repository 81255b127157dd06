/// Why machines that are needed are not made now.
public enum ScalingObstacle: Hashable, Sendable {
    case paused
    case draining
    case deleting
    case atMax(Int, ScalingCeiling)
    /// The provider takes no calls for so long.
    case throttled(Duration)
    /// After starts that failed.
    case backingOff(Duration, words: String?)
    /// One machine is tried, after starts that failed; others follow when it comes up.
    case probing(words: String?)
    case quota(words: String?)
    /// As many as may be are being made already.
    case burst(Int)
    /// The job needs a version that is on trial, on as many machines as may be.
    case trial(image: String)
    /// The image has no version that could be taken.
    case noVersion(image: String, String)
    /// No image of the pool meets the demands.
    case noImage

    /// A few words.
    public var text: String {
        switch self {
        case .paused: "paused"
        case .draining: "draining"
        case .deleting: "pool deleted"
        case .atMax: "at max"
        case .throttled: "throttled"
        case .backingOff: "backing off"
        case .probing: "probing"
        case .quota: "quota"
        case .burst: "burst"
        case .trial: "on trial"
        case .noVersion: "no version"
        case .noImage: "no image"
        }
    }

    /// For people.
    public var sentence: String {
        switch self {
        case .paused: "The pool is paused: no machine is made until it is resumed."
        case .draining: "The pool is draining: no machine is made."
        case .deleting: "The pool is being deleted: no machine is made."
        case .atMax(let max, let ceiling):
            "All \(max) machines that the pool may have are there, the maximum \(ceiling.phrase)."
        case .throttled(let time): "The provider takes no calls for another \(Self.seconds(time))."
        case .backingOff(let time, let words):
            "Machines did not start; the next is tried in \(Self.seconds(time)).\(Self.quote(words))"
        case .probing(let words): "Machines did not start; one is tried before others are made.\(Self.quote(words))"
        case .quota(let words): "The provider has no room for more machines.\(Self.quote(words))"
        case .burst(let count): "\(count) machines are being made, as many as may be at once."
        case .trial(let image):
            "Only the version of image '\(image)' that is on trial meets the job's demands, and its machines are busy."
        case .noVersion(let image, let problem): "Image '\(image)' has no version to make machines of: \(problem)"
        case .noImage: "No image of the pool meets the job's demands."
        }
    }

    /// It lies with the provider or with an image, so that it is told even when no job waits.
    var isTrouble: Bool {
        switch self {
        case .throttled, .backingOff, .probing, .quota, .noVersion: true
        case .paused, .draining, .deleting, .atMax, .burst, .trial, .noImage: false
        }
    }

    private static func seconds(_ time: Duration) -> String {
        let (seconds, part) = time.components
        return "\(Swift.max(0, seconds + (part > 0 ? 1 : 0))) s"
    }

    private static func quote(_ words: String?) -> String { words.map { " It said: \($0)" } ?? "" }
}
