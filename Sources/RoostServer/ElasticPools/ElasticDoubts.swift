import FoundationEssentials

/// What failed while no call of the provider succeeded, so that the fault may have been the provider's: once it answers again, nothing of that waits long.
///
/// What fails although other calls succeed is at fault itself, and waits as long as it has to.
struct ElasticDoubts: Hashable, Sendable {
    /// Machines for which a call failed.
    var machines: Set<Int> = []
    /// Starts of machines failed.
    var starts = false

    /// Notes a call that failed.
    ///
    /// - Parameters:
    ///   - number: of the machine.
    ///   - attempts: that failed before, one after another.
    mutating func noteFailure(of number: Int, after attempts: Int) {
        if attempts == 0 { machines.insert(number) }
    }

    /// The same for a machine that could not be made.
    mutating func noteFailedStart(after failures: Int) {
        starts = starts || failures == 0
    }
}

extension ElasticMemory {
    /// How long what may have been the provider's fault still waits when the provider answers again.
    private static let answerPause = 1.0

    /// The provider has done what it was asked.
    mutating func noteAnswer(_ tick: Date) {
        for number in doubts.machines {
            retryAt[number] = retryAt[number].map { min($0, tick + Self.answerPause) }
        }
        if doubts.starts { backoffUntil = backoffUntil.map { min($0, tick + Self.answerPause) } }
        doubts = ElasticDoubts()
    }

    /// Compares a listing with the rows, after what it called for was planned.
    mutating func noteListing(agrees: Bool) {
        agreements = agrees ? max(0, agreements) + 1 : min(0, agreements) - 1
    }

    /// What a listing lacks or has too much is looked at again soon, and later each time; nil when the last one was right.
    var doubtfulListingPause: Double? { agreements < 0 ? Double(1 << min(-agreements - 1, 10)) : nil }

    /// A machine without a row could not be removed.
    ///
    /// - Parameters:
    ///   - machine: the provider's name of it.
    ///   - pause: until that is tried again, by how often it failed.
    ///   - tick: now.
    mutating func noteStray(_ machine: String, pause: (Int) -> Duration, tick: Date) {
        let attempts = (strays[machine]?.attempts ?? 0) + 1
        strays[machine] = Stray(attempts: attempts, until: tick + pause(attempts).seconds)
    }

    /// Machines without a row whose removal is not tried yet.
    func resting(at tick: Date) -> Set<String> { Set(strays.filter { $0.value.until > tick }.keys) }

    /// The moment until which the provider takes no calls; nil when it takes some.
    func throttle(at tick: Date) -> Date? { throttledUntil.flatMap { $0 > tick ? $0 : nil } }

    /// The provider has no room.
    ///
    /// - Parameters:
    ///   - room: for how many more it said there is.
    ///   - pause: how long that is believed, by how often it was said.
    ///   - words: the provider's own.
    ///   - tick: now.
    mutating func noteQuota(room: Int, pause: (Int) -> Duration, words: String, tick: Date) {
        quotaRefusals += 1
        quota = Quota(room: room, until: tick + pause(quotaRefusals).seconds, words: words)
    }
}
