/// How many agents of each image were too many during the whole of the last idle delay.
///
/// A machine that is idle for long says little: the youngest takes the next job, so that the oldest is always idle, also in a pool that needs it every minute. What was never needed
/// during the delay can go. Between two plans nothing changes, so that the plans' numbers are all there is.
public struct ElasticSurplus: Hashable, Sendable {
    /// From a moment on there were never fewer, up to the next entry's.
    private struct Entry: Hashable, Sendable {
        var from: Duration
        var agents: Int
    }

    /// By image; numbers rise.
    private var entries: [String: [Entry]] = [:]

    public init() {}

    /// Notes a plan; to be called with each.
    ///
    /// - Parameters:
    ///   - plan: that was just made.
    ///   - uptime: on a clock that nobody sets.
    ///   - delay: the pool's idle delay.
    public mutating func note(_ plan: ScalingPlan, at uptime: Duration, delay: Duration) {
        entries = entries.filter { plan.surplus[$0.key] != nil }
        for (image, surplus) in plan.surplus {
            var known = entries[image, default: []]
            var from = uptime
            while let last = known.last, last.agents >= surplus.agents {
                from = last.from
                known.removeLast()
            }
            known.append(Entry(from: from, agents: surplus.agents))
            while known.count > 1, known[1].from <= uptime - delay { known.removeFirst() }
            for index in known.indices { known[index].agents -= surplus.dropped }
            entries[image] = known
        }
    }

    /// Agents that were too many during the whole delay; none while less time is known.
    public func lasting(of image: String, at uptime: Duration, delay: Duration) -> Int {
        guard let known = entries[image], let first = known.first, first.from <= uptime - delay else { return 0 }
        return max(0, (known.last { $0.from <= uptime - delay } ?? first).agents)
    }

    /// Until there may be more of them, by time alone; nil when that takes an event.
    public func changesIn(of image: String, at uptime: Duration, delay: Duration) -> Duration? {
        entries[image]?.first { $0.from > uptime - delay }.map { $0.from + delay - uptime }
    }
}
