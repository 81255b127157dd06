public import FoundationEssentials

/// How long machines are in their phases, by a clock that nobody sets.
///
/// The rows have dates, for people. After a start of the server an age is the difference of dates, but at most a limit, so that a clock that was set delays a decision and never causes one.
public struct ElasticAges: Hashable, Sendable {
    private struct Mark: Hashable, Sendable {
        var phase: ElasticPhase
        var generation: Int
        /// On the clock that nobody sets.
        var entered: Duration
        var made: Duration

        init(_ row: ElasticInstance, entered: Duration, made: Duration) {
            (phase, generation) = (row.phase, row.generation)
            (self.entered, self.made) = (entered, made)
        }
    }

    private var marks: [Int: Mark] = [:]

    public init() {}

    /// Notes where rows are; to be called with all rows after each change of them.
    ///
    /// - Parameters:
    ///   - rows: of one pool; what is noted of others is forgotten.
    ///   - uptime: on a clock that nobody sets.
    ///   - moment: on the wall clock, for rows that are seen for the first time.
    ///   - limit: most that a row seen for the first time can have been in its phase.
    public mutating func note(
        _ rows: some Sequence<ElasticInstance>,
        at uptime: Duration,
        _ moment: Date,
        limit: Duration
    ) {
        var next: [Int: Mark] = [:]
        for row in rows {
            if let mark = marks[row.number] {
                let stays = mark.phase == row.phase && mark.generation == row.generation
                next[row.number] = stays ? mark : Mark(row, entered: uptime, made: mark.made)
            } else {
                let age = min(max(.zero, moment.elapsed(since: row.since)), limit)
                let lifetime = max(age, moment.elapsed(since: row.createdAt))
                next[row.number] = Mark(row, entered: uptime - age, made: uptime - lifetime)
            }
        }
        marks = next
    }

    /// How long a row has been in its phase; zero for one that was not noted.
    public func age(of number: Int, at uptime: Duration) -> Duration {
        marks[number].map { max(.zero, uptime - $0.entered) } ?? .zero
    }

    /// How long a row has been there; zero for one that was not noted.
    public func lifetime(of number: Int, at uptime: Duration) -> Duration {
        marks[number].map { max(.zero, uptime - $0.made) } ?? .zero
    }
}

extension Date {
    fileprivate func elapsed(since earlier: Date) -> Duration {
        // A year is more than any deadline; larger numbers might not fit.
        .milliseconds(Int64(min(max(timeIntervalSince(earlier), -31_536_000), 31_536_000) * 1_000))
    }
}
