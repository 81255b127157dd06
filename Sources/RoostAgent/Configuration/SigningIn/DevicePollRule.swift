/// What follows from a question whether a person has confirmed a code (RFC 8628 §3.5).
enum DevicePollRule {
    /// What a client that is told to slow down adds to its pause.
    static let slowDown = Duration.seconds(5)
    /// Between two questions when the authority names no interval.
    static let usual = Duration.seconds(5)
    /// An authority that names none, or no pause at all, is still not asked all the time.
    static let shortest = Duration.milliseconds(200)
    /// How long a code is good when the authority does not say.
    static let life = Duration.seconds(900)

    static func pause(interval: Int?) -> Duration { interval.map { max(.seconds($0), shortest) } ?? usual }

    /// The next pause; nil when asking again is of no use.
    static func pause(after error: String, _ pause: Duration) -> Duration? {
        switch error {
        case "authorization_pending": pause
        case "slow_down": pause + slowDown
        default: nil
        }
    }
}
