public import FoundationEssentials

extension ElasticInstance {
    /// Goes into another phase.
    ///
    /// What belonged to the old one is forgotten: attempts and the next attempt always; agents and jobs once the machine can have none.
    ///
    /// - Parameters:
    ///   - phase: one that may follow.
    ///   - moment: now.
    ///   - reason: for people, without a full stop.
    ///   - failure: what went wrong; nil leaves what went wrong before.
    /// - Throws: ``IllegalInstanceMove``; nothing is changed then.
    public mutating func move(
        to phase: ElasticPhase,
        at moment: Date,
        because reason: String,
        failure: String? = nil
    ) throws(IllegalInstanceMove) {
        guard self.phase.next.contains(phase) else {
            throw IllegalInstanceMove(instance: number, from: self.phase, to: phase)
        }
        self.phase = phase
        since = moment
        self.reason = reason
        attempts = 0
        nextAttempt = nil
        if let failure { lastFailure = failure }
        clear(for: phase)
    }

    /// Asks for something to become of the machine, after its jobs.
    ///
    /// - Throws: ``IllegalInstanceMove`` when that can never be; what it is already is no error.
    public mutating func ask(_ wish: Wish) throws(IllegalInstanceMove) {
        guard phase != wish.kind.phase || phase == .recycling else { return }
        switch phase {
        case .planned, .creating, .booting, .idle, .busy, .used, .recycling: self.wish = wish
        case .saved where wish.kind == .delete: self.wish = wish
        case .saved, .deleting, .gone:
            throw IllegalInstanceMove(instance: number, from: phase, to: wish.kind.phase)
        }
    }

    private mutating func clear(for phase: ElasticPhase) {
        switch phase {
        case .recycling:
            generation += 1
            (agents, jobs, wish) = ([], [], nil)
        case .gone:
            (agents, jobs, wish) = ([], [], nil)
        case .idle, .used:
            jobs = []
        case .saved:
            (jobs, wish) = ([], nil)
        case .planned, .creating, .booting, .busy, .deleting:
            break
        }
    }

    /// Notes that a call for it failed and when it is tried again.
    public mutating func fail(_ failure: String, nextAttempt: Date?) {
        attempts += 1
        lastFailure = failure
        self.nextAttempt = nextAttempt
    }
}
