import FoundationEssentials
public import RoostModel
import RoostWire
import Synchronization

extension ControlPlane {
    /// Opens a listener's session.
    ///
    /// A session of the same owner is replaced, because its listener was restarted; one of another owner that still polls stands in the way.
    public func openSession(
        pool: PoolID,
        agent id: AgentID,
        owner: String,
        version: String?,
        osDescription: String?,
        capabilities: Capabilities?,
        fips: Bool
    ) async throws(ControlError) -> OpenedSession {
        let key = Data(SystemRandomBytes.make(32))
        let agent = try read { state throws(ControlError) in try state.agent(id, in: pool) }
        let wrapped: Data
        do {
            wrapped = try MessageCrypto.wrap(key: key, to: agent.publicKey, hash: fips ? .sha256 : .sha1)
        } catch {
            throw .invalid(
                what: "The agent's public key",
                problem: "a key cannot be wrapped to it",
                advice: "Configure the agent again."
            )
        }
        return try await change { state, change throws(ControlError) in
            guard !state.isStopping else { throw .shuttingDown }
            var agent = try state.agent(id, in: pool)
            if let known = state.sessionOfAgent[id].flatMap({ state.sessions[$0] }), known.owner != owner {
                throw .sessionConflict(agent: agent.name, owner: known.owner)
            }
            state.endSession(of: id, .expired, &change)
            let session = Session(
                id: SessionID(UUID()),
                agent: id,
                pool: pool,
                owner: owner,
                key: key,
                silentSince: change.tick
            )
            state.sessions[session.id] = session
            state.sessionOfAgent[id] = session.id
            let isGuarded = capabilities?[Agent.guardCapability] != nil
            state.noteVersion(version, of: agent, isGuarded: isGuarded, &change)
            agent.version = version ?? agent.version
            agent.osDescription = osDescription ?? agent.osDescription
            if let capabilities, !capabilities.isEmpty { agent.systemCapabilities = capabilities }
            agent.statusChangedAt = change.now
            agent.warmUp = nil
            state.put(agent, &change)
            self.deadlines.arm(for: change.tick + self.settings.sessionExpiry.seconds)
            return OpenedSession(id: session.id, agent: agent, wrappedKey: wrapped, ownerName: owner)
        }
    }

    /// Ends a session, as its listener asks; a job it was sent and did not take goes back to the queue.
    public func closeSession(_ id: SessionID, pool: PoolID, agent: AgentID) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let session = state.sessions[id], session.agent == agent, session.pool == pool else {
                throw .sessionExpired(id.description)
            }
            self.lose(session, &state, &change)
        }
    }

    /// Waits for the next message of a session.
    ///
    /// Delivery is not consumption: the same message is given again until it is acknowledged. Several polls may wait at once.
    ///
    /// - Parameters:
    ///   - id: the session.
    ///   - pool: the agent's pool.
    ///   - agent: the session's agent.
    ///   - after: the last message the poll has seen; nil for "anything".
    ///   - hold: how long to wait when there is none.
    ///   - whenClientEnds: keeps an action for the moment in which nobody waits for the answer any more.
    /// - Returns: the message, or nil when the time is over.
    /// - Throws: ``ControlError/sessionExpired(_:)`` and ``ControlError/agentNotFound(_:)``.
    public func nextMessage(
        session id: SessionID,
        pool: PoolID,
        agent: AgentID,
        after: Int?,
        hold: Duration,
        whenClientEnds: (@escaping @Sendable () -> Void) -> Void = { _ in }
    )
        async throws(ControlError) -> SealedMessage?
    {
        let end = tick + hold.seconds
        let poll = pollNumber()
        defer { endPoll(poll, of: id) }
        while true {
            let step = try beginPoll(poll, session: id, pool: pool, agent: agent, after: after)
            switch step {
            case .sealed(let message): return message
            case .make(let draft):
                if let message = try await seal(draft) { return message }
            case .wait(let signal):
                let left = end.timeIntervalSince(tick)
                guard left > .zero else { return nil }
                whenClientEnds { signal.send(.empty) }
                switch await signal.wait(for: .milliseconds(Int64(left * 1000))) {
                case .look: break
                case .empty, nil: return nil
                case .stopping: throw .shuttingDown
                case .expired: throw .sessionExpired(id.description)
                case .agentRemoved: throw .agentNotFound(agent.description)
                }
            }
        }
    }

    /// The agent has taken a message over; it is not delivered again.
    public func acknowledge(
        message: Int,
        session id: SessionID,
        pool: PoolID,
        agent: AgentID
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let session = state.sessions[id], session.agent == agent else {
                throw .sessionExpired(id.description)
            }
            state.sessions[id]?.sealed[message] = nil
            if session.maintenanceNotice == message {
                state.sessions[id]?.maintenanceNotice = nil
            } else if let cancel = session.cancels.first(where: { $0.value.id == message }) {
                state.sessions[id]?.cancels[cancel.key] = nil
            } else if let order = state.updates.agents[agent]?.order, order.message == message {
                state.take(order, of: agent, &change)
            } else if let job = state.assigned[agent].flatMap({ state.job($0) }), job.state.lease?.messageID == message
            {
                state.apply(.acknowledge, to: job.id, settings: self.settings, &change)
            }
        }
    }

    // MARK: Polls

    private enum PollStep: Sendable {
        case sealed(SealedMessage)
        case make(MessageDraft)
        case wait(PollSignal)
    }

    private func pollNumber() -> Int { Self.pollCounter.add(1, ordering: .relaxed).newValue }
    private static let pollCounter = Atomic(0)

    private func beginPoll(
        _ poll: Int,
        session id: SessionID,
        pool: PoolID,
        agent: AgentID,
        after: Int?
    )
        throws(ControlError) -> PollStep
    {
        try mutateWithoutStore { state throws(ControlError) in
            guard !state.isStopping else { throw .shuttingDown }
            guard state.agents[agent] != nil else { throw .agentNotFound(agent.description) }
            guard let session = state.sessions[id], session.agent == agent, session.pool == pool else {
                throw .sessionExpired(id.description)
            }
            state.sessions[id]?.silentSince = nil
            if let draft = state.pendingMessage(of: session, after: after) {
                if let sealed = session.sealed[draft.id] { return .sealed(sealed) }
                return .make(draft)
            }
            let signal = PollSignal()
            state.sessions[id]?.polls[poll] = Session.WaitingPoll(after: after) { signal.send($0) }
            return .wait(signal)
        }
    }

    private func endPoll(_ poll: Int, of id: SessionID) {
        let now = tick
        let silent = mutateWithoutStore { state in
            guard state.sessions[id] != nil else { return false }
            state.sessions[id]?.polls[poll] = nil
            guard state.sessions[id]?.polls.isEmpty == true else { return false }
            state.sessions[id]?.silentSince = now
            return true
        }
        if silent { deadlines.arm(for: now + settings.sessionExpiry.seconds) }
    }

    /// Builds and encrypts a message outside the lock; nil when its job is no longer the agent's.
    private func seal(_ draft: MessageDraft) async throws(ControlError) -> SealedMessage? {
        let text: Data
        let type: String
        switch draft.content {
        case .job(let job, let run, let agent):
            guard let filled = try await fill(job, of: run),
                let message = try jobMessage(filled, of: run, for: agent)
            else { return nil }
            text = message
            type = "PipelineAgentJobRequest"
        case .cancel(let job, let timeout):
            text = Data(#"{"jobId":"\#(job)","timeout":"\#(WireDuration.text(timeout))"}"#.utf8)
            type = "JobCancellation"
        case .refresh(let agent, let release):
            text = Data(#"{"agentId":\#(agent),"timeout":"00:05:00","targetVersion":"\#(release)"}"#.utf8)
            type = "AgentRefresh"
        case .maintenance:
            text = Data("{}".utf8)
            type = "RoostMaintenance"
        }
        let sealed: SealedMessage
        do {
            let encrypted = try MessageCrypto.encrypt(text, key: draft.key)
            sealed = SealedMessage(id: draft.id, type: type, iv: encrypted.iv, body: encrypted.body)
        } catch {
            throw .invalid(what: "The session's key", problem: "a message cannot be encrypted with it", advice: nil)
        }
        return mutateWithoutStore { state in
            if let known = state.sessions[draft.session]?.sealed[draft.id] { return known }
            state.sessions[draft.session]?.sealed[draft.id] = sealed
            return sealed
        }
    }

    /// A job with the values of vaults, and with its service connections; nil when it has failed for want of them.
    private func fill(_ job: Job, of run: Run) async throws(ControlError) -> Job? {
        let failure: any UserFacingError
        do {
            let filled = try await filledFromVaults(job, of: run)
            try await takeConnections(of: filled, run)
            return filled
        } catch let problem as VaultReadFailure {
            failure = problem
        } catch let problem as ConnectionRefusal {
            failure = problem
        } catch {
            let reason = (error as? any UserFacingError)?.summary ?? "the server failed"
            failure = VaultReadFailure(group: "?", reason: .storeUnavailable(reason))
        }
        try await fail(job, failure)
        return nil
    }

    /// Ends a session; a job that was sent and not taken goes back to the queue, a running one keeps its lease.
    func lose(_ session: Session, _ state: inout ControlState, _ change: inout ControlChange) {
        if let id = state.assigned[session.agent], let job = state.job(id), case .assigned(let lease) = job.state,
            !lease.messageAcknowledged
        {
            state.apply(.sessionLost, to: id, settings: settings, &change)
        }
        state.endSession(of: session.agent, .expired, &change)
        guard var agent = state.agents[session.agent] else { return }
        agent.statusChangedAt = change.now
        state.put(agent, &change)
    }
}

/// A message that a session has not acknowledged, before it is built.
struct MessageDraft: Sendable {
    enum Content: Sendable {
        case job(Job, of: Run, for: Agent)
        case cancel(JobID, timeout: Duration)
        case refresh(AgentID, AgentRelease)
        case maintenance
    }
    var id: Int
    var session: SessionID
    var key: Data
    var content: Content
}

extension ControlState {
    /// The oldest message the session has not acknowledged and the poll has not seen.
    func pendingMessage(of session: Session, after: Int?) -> MessageDraft? {
        var drafts: [MessageDraft] = []
        if let job = assigned[session.agent].flatMap({ job($0) }), let lease = job.state.lease,
            !lease.messageAcknowledged, let run = runs[job.run]?.run, let agent = agents[session.agent]
        {
            let content = MessageDraft.Content.job(job, of: run, for: agent)
            drafts.append(MessageDraft(id: lease.messageID, session: session.id, key: session.key, content: content))
        }
        for cancel in session.cancels.values {
            let content = MessageDraft.Content.cancel(cancel.job, timeout: cancel.timeout)
            drafts.append(MessageDraft(id: cancel.id, session: session.id, key: session.key, content: content))
        }
        if let draft = refreshDraft(of: session) { drafts.append(draft) }
        if let notice = session.maintenanceNotice {
            drafts.append(MessageDraft(id: notice, session: session.id, key: session.key, content: .maintenance))
        }
        return drafts.filter { $0.id > after ?? 0 }.min { $0.id < $1.id }
    }

    mutating func endSession(of agent: AgentID, _ outcome: Session.PollOutcome, _ change: inout ControlChange) {
        guard let id = sessionOfAgent.removeValue(forKey: agent), let session = sessions.removeValue(forKey: id) else {
            return
        }
        let wakes = session.polls.values.map(\.wake)
        change.effects.append { _ in for wake in wakes { wake(outcome) } }
        agentChanged(agent, &change)
        updatesChanged(in: session.pool, &change)
    }

    /// Wakes the polls of an agent once the change is durable.
    mutating func wake(_ agent: AgentID, _ change: inout ControlChange) {
        guard let id = sessionOfAgent[agent] else { return }
        change.effects.append { plane in
            let wakes = plane.read { $0.sessions[id]?.polls.values.map(\.wake) ?? [] }
            for wake in wakes { wake(.look) }
        }
    }
}

/// One poll's wait: ended by the first signal, by its time, or by the end of its task.
final class PollSignal: Sendable {
    private enum State: Sendable {
        case idle
        case waiting(CheckedContinuation<Session.PollOutcome?, Never>)
        case sent(Session.PollOutcome?)
    }
    private let state = Mutex(State.idle)

    func send(_ outcome: Session.PollOutcome?) {
        let waiting: CheckedContinuation<Session.PollOutcome?, Never>? = state.withLock { state in
            switch state {
            case .idle:
                state = .sent(outcome)
                return nil
            case .waiting(let continuation):
                state = .sent(outcome)
                return continuation
            case .sent: return nil
            }
        }
        waiting?.resume(returning: outcome)
    }

    /// Nil when the time was over first.
    func wait(for time: Duration) async -> Session.PollOutcome? {
        let timer = Task {
            try await Task.sleep(for: time)
            self.send(nil)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sent: Session.PollOutcome?? = state.withLock { state in
                    if case .sent(let outcome) = state { return .some(outcome) }
                    state = .waiting(continuation)
                    return .none
                }
                if let sent { continuation.resume(returning: sent) }
            }
        } onCancel: {
            send(nil)
        }
    }
}
