import FoundationEssentials
import Logging
import RoostModel
import RoostStore
public import ServiceLifecycle

extension ControlPlane: Service {
    /// Watches leases, cancels and sessions until the server stops.
    ///
    /// It sleeps to the nearest deadline; nothing is polled.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if self.read({ $0.needsReload }) {
                    await self.tryReload()
                    continue
                }
                let next = await self.passDeadlines()
                await self.deadlines.wait(until: next, now: self.tick)
            }
        }
    }

    /// Time between two tries to write again after the store refused.
    private static let reloadPause = Duration.seconds(2)

    private func tryReload() async {
        do { try await reload() } catch {
            logger.error("the store still refuses", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: Self.reloadPause)
        }
    }

    /// Carries out what is due and returns the next deadline.
    private func passDeadlines() async -> Date? {
        do {
            let next: Date? = try await change { state, change in
                self.wakeChecks(state, &change)
                self.wakeServerJobs(state, &change)
                let jobs = state.leased.compactMap { state.job($0) }
                let plan = planLeases(jobs, at: change.tick, wallClock: change.now)
                for decision in plan.decisions { self.carryOut(decision, &state, &change) }
                return self.expireSessions(&state, &change, earliest: plan.nextDeadline)
            }
            return [next, checkDeadline, serverJobDeadline].compactMap { $0 }.min()
        } catch {
            return tick + 1
        }
    }

    private func carryOut(_ decision: LeaseDecision, _ state: inout ControlState, _ change: inout ControlChange) {
        switch decision {
        case .expire(let job): state.apply(.leaseExpired, to: job, settings: settings, &change)
        case .endCancel(let job): state.apply(.cancelDeadlinePassed, to: job, settings: settings, &change)
        case .timeOut(let job):
            guard let known = state.job(job) else { return }
            state.cancel(known, settings: settings, &change)
            let text =
                "The job running on agent \(known.agentName ?? "?") ran longer than the maximum time of \(known.timeoutInMinutes) minutes."
            state.putJobRecord(known, change.now, issue: Issue(.error, text))
            change.touchedRecords.insert(known.run)
        }
    }

    private func expireSessions(_ state: inout ControlState, _ change: inout ControlChange, earliest: Date?) -> Date? {
        var next = earliest
        for session in state.sessions.values {
            guard let silent = session.silentSince, session.polls.isEmpty else { continue }
            let deadline = silent + settings.sessionExpiry.seconds
            if deadline <= change.tick {
                lose(session, &state, &change)
            } else {
                next = min(next ?? deadline, deadline)
            }
        }
        return next
    }
}
