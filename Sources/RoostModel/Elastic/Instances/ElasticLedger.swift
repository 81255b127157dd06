public import FoundationEssentials

/// The machines of an elastic pool as rows: what the scaler decides is written here before it is done.
public struct ElasticLedger: Hashable, Sendable {
    public var pool: PoolID
    /// By number; those that are gone are kept until the caller drops them.
    public var rows: [Int: ElasticInstance]
    /// The number of the next row.
    public var nextNumber: Int

    public init(pool: PoolID, rows: [ElasticInstance] = [], nextNumber: Int = 1) {
        self.pool = pool
        self.rows = Dictionary(rows.map { ($0.number, $0) }) { first, _ in first }
        self.nextNumber = max(nextNumber, (rows.map(\.number).max() ?? 0) + 1)
    }

    /// Machines that count against the maximum.
    public var occupied: Int { rows.values.count { $0.phase.occupies } }

    /// Writes an action down.
    ///
    /// One that was written down before changes nothing.
    ///
    /// - Parameters:
    ///   - action: of a plan made from these rows.
    ///   - moment: now.
    /// - Returns: the row that changed.
    /// - Throws: ``IllegalInstanceMove`` when the rows have moved on since the plan was made; nothing is changed then.
    public mutating func apply(
        _ action: ScalingAction,
        at moment: Date
    ) throws(IllegalInstanceMove) -> ElasticInstance? {
        switch action {
        case .create(let number, let image, let reason):
            return create(number, image, at: moment, because: reason.text)
        case .cancel(let number, let reason), .forget(let number, let reason):
            return try move(number, to: .gone, at: moment, because: reason.text)
        case .save(let number, let reason):
            return try move(number, to: .saved, at: moment, because: reason.text)
        case .reimage(let number, let reason):
            return try move(number, to: .recycling, at: moment, because: reason.text)
        case .delete(let number, let reason):
            return try move(number, to: .deleting, at: moment, because: reason.text)
        case .adopt(let number, let machine): return try adopt(number, machine, at: moment)
        case .loseJob(let job, let number, _): return change(number) { $0.jobs.removeAll { $0 == job } }
        case .retry(let number, _): return change(number) { $0.nextAttempt = nil }
        case .destroy, .fence, .explain: return nil
        }
    }

    /// Notes which rows a listing has not.
    ///
    /// - Parameter listing: begun after the last change had ended; each is noted once, after the plan that was made with it.
    public mutating func note(_ listing: [ListedMachine]) {
        let listed = Set(listing.map(\.tag.instance))
        for number in rows.keys {
            change(number) { $0.unlisted = listed.contains(number) ? 0 : $0.unlisted + 1 }
        }
    }

    private mutating func create(
        _ number: Int,
        _ image: ElasticInstance.Image,
        at moment: Date,
        because reason: String
    ) -> ElasticInstance? {
        guard rows[number] == nil else { return nil }
        let row = ElasticInstance(pool: pool, number: number, image: image, at: moment, because: reason)
        rows[number] = row
        nextNumber = max(nextNumber, number + 1)
        return row
    }

    private mutating func move(
        _ number: Int,
        to phase: ElasticPhase,
        at moment: Date,
        because reason: String
    ) throws(IllegalInstanceMove) -> ElasticInstance? {
        guard var row = rows[number], row.phase != phase else { return nil }
        try row.move(to: phase, at: moment, because: reason)
        rows[number] = row
        return row
    }

    private mutating func adopt(
        _ number: Int,
        _ machine: String,
        at moment: Date
    ) throws(IllegalInstanceMove) -> ElasticInstance? {
        guard var row = rows[number], row.providerID != machine else { return nil }
        if row.phase == .planned || row.phase == .creating {
            try row.move(to: .booting, at: moment, because: "found as \(machine)")
        }
        row.providerID = machine
        row.unlisted = 0
        rows[number] = row
        return row
    }

    @discardableResult
    private mutating func change(_ number: Int, _ body: (inout ElasticInstance) -> Void) -> ElasticInstance? {
        guard var row = rows[number] else { return nil }
        body(&row)
        rows[number] = row
        return row
    }
}
