import Logging
import RoostClient
import RoostModel
import RoostWire

extension ListenerLoop {
    /// Gets another version ready while jobs go on; one that is being prepared already is enough, and another one that is gives way.
    ///
    /// - Returns: what that means for the listener; nil for nothing.
    func beginUpdate(
        to release: AgentRelease,
        _ desk: inout Desk,
        _ group: inout DiscardingTaskGroup
    ) -> ListenerState.Event? {
        // A version that is being tried has enough to prove; the server tells its successor again.
        guard release.description != AgentVersion.level, !listener.options.isGuarded else { return nil }
        guard desk.update != release else {
            // The server asks again after a new session: it is told how far this is.
            let ready = listener.desk.prepared
            group.addTask { await self.tellProgress(release, ready) }
            return nil
        }
        if let reason = UpdateBlocker.reason(
            listener.root,
            listener.program,
            listener.options,
            listener.jobEnvironment.values
        ) {
            logger.notice("an update is declined", metadata: ["version": "\(release)", "reason": "\(reason)"])
            group.addTask { await self.tell(failure: release, "", .machine, "It cannot update itself: \(reason).") }
            return nil
        }
        let event = desk.update == nil ? nil : forgetUpdate(&desk)
        let before = desk.preparation
        desk.update = release
        say("Fetching version \(release) of the agent.")
        let preparation = Task {
            // Both use one folder.
            await before?.value
            if !Task.isCancelled { await self.prepare(release) }
        }
        desk.preparation = preparation
        group.addTask {
            await withTaskCancellationHandler {
                await preparation.value
            } onCancel: {
                preparation.cancel()
            }
        }
        return event
    }

    private func prepare(_ release: AgentRelease) async {
        let updater = AgentUpdater(
            root: listener.root,
            client: client,
            environment: listener.jobEnvironment.values,
            logger: logger
        )
        do throws(UpdateFailure) {
            try await listener.desk.awaitTurn(listener.root)
            let update = try await updater.prepare(release)
            guard !Task.isCancelled else { return listener.desk.endTurn() }
            news.yield(.updateReady(update))
        } catch {
            listener.desk.endTurn()
            guard !Task.isCancelled else { return }
            logger.error("an update failed", metadata: ["version": "\(release)", "reason": "\(error.summary)"])
            say("The agent stays with \(AgentVersion.level). \(error.summary)")
            await tell(failure: release, "", error.fault, error.summary)
            news.yield(.updateFailed(release))
        }
    }

    /// What was prepared is nobody's wish any more.
    func forgetUpdate(_ desk: inout Desk) -> ListenerState.Event {
        desk.update.map { say("Version \($0) is not wanted any more.") }
        desk.update = nil
        _ = listener.desk.take()
        let before = desk.preparation
        before?.cancel()
        // The turn is given to others when nothing of it goes on.
        desk.preparation = Task {
            await before?.value
            self.listener.desk.endTurn()
        }
        return .updateDropped
    }

    /// Leaves nothing for the one that would try it.
    func dropUpdate() {
        _ = listener.desk.take()
        listener.desk.endTurn()
    }

    /// The listener ends for it when no job runs.
    func updateReady(
        _ update: PreparedUpdate,
        hasJob: Bool,
        _ group: inout DiscardingTaskGroup
    ) -> ListenerState.Event {
        listener.desk.put(update)
        if hasJob { group.addTask { await self.tellProgress(update.release, update) } }
        say("Version \(update.release) is ready\(hasJob ? "; it is tried when the running job has ended" : "").")
        return .updateReady
    }

    /// Tells the server before it is too late to do so by this session.
    ///
    /// - Returns: false when it says that the version is not wanted any more; a server that does not answer changes nothing.
    func maySwitch() async -> Bool {
        guard let update = listener.desk.prepared, !listener.options.isGuarded else { return true }
        let report = AgentUpdateReportWire(version: "\(update.release)", digest: update.digest, state: "switching")
        guard await self.report(report) == .notWanted else { return true }
        say("Version \(update.release) is not wanted any more; the agent stays with \(AgentVersion.level).")
        return false
    }

    private func tellProgress(_ release: AgentRelease, _ ready: PreparedUpdate?) async {
        let state = ready == nil ? "preparing" : "waiting"
        let report = AgentUpdateReportWire(version: "\(release)", digest: ready?.digest ?? "", state: state)
        if await self.report(report) == .notWanted { news.yield(.updateWithdrawn(release)) }
    }

    private func tell(
        failure release: AgentRelease,
        _ digest: String,
        _ fault: AgentUpdate.Fault,
        _ reason: String
    ) async {
        await report(
            AgentUpdateReportWire(
                version: "\(release)",
                digest: digest,
                state: "failed",
                fault: fault.rawValue,
                reason: reason
            )
        )
    }

    private enum Reception { case taken, notWanted, lost }

    @discardableResult
    private func report(_ report: AgentUpdateReportWire) async -> Reception {
        do throws(ClientError) {
            try await client.reportUpdate(pool: settings.poolId, agent: settings.agentId, report)
            return .taken
        } catch {
            logger.warning("an update could not be told", metadata: ["reason": "\(error.summary)"])
            if case .refused(let refusal) = error, refusal.status == 409 { return .notWanted }
            return .lost
        }
    }

    /// What became of an update is told before the session, which says the version.
    func tellOutcome() async {
        guard !listener.options.isGuarded else { return }
        let files = UpdateFiles(root: listener.root)
        guard let outcome = files.outcome() else { return }
        let wire = AgentUpdateReportWire(
            version: "\(outcome.release)",
            digest: outcome.digest,
            state: "failed",
            fault: outcome.fault.rawValue,
            reason: outcome.reason
        )
        if await report(wire) == .taken { files.forgetOutcome() }
    }

    /// Tells the version that watches this one how it is.
    func tellGuard(_ state: String) {
        if listener.options.isGuarded { listener.console.say(UpdateGuard.line(state)) }
    }
}
