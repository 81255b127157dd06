/// How long jobs usually take, learnt from those that ended well.
public struct UsualDurations: Hashable, Sendable, Codable {
    private struct Entry: Hashable, Sendable, Codable {
        var seconds: Double
        var count: Int
        /// The number of the last note that changed it.
        var at: Int
    }

    /// More names than that are forgotten, those that were not seen for longest first.
    private static let most = 500

    private var entries: [String: Entry] = [:]
    private var notes = 0

    public init() {}

    /// Nil until three jobs of the name ended well.
    public func usual(_ job: String) -> Duration? {
        guard let entry = entries[job], entry.count >= 3 else { return nil }
        return .milliseconds(Int64(entry.seconds * 1_000))
    }

    /// Learns: each new job weighs three tenths.
    public mutating func note(_ job: String, took time: Duration) {
        notes += 1
        let (whole, part) = time.components
        let seconds = min(max(Double(whole) + Double(part) / 1e18, 0), 1e9)
        let old = entries[job]
        let mean = old.map { $0.seconds * 0.7 + seconds * 0.3 } ?? seconds
        entries[job] = Entry(seconds: mean, count: min((old?.count ?? 0) + 1, 1_000), at: notes)
        guard entries.count > Self.most, let oldest = entries.min(by: { $0.value.at < $1.value.at }) else { return }
        entries[oldest.key] = nil
    }
}
