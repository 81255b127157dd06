import Logging
import RoostClient
import RoostModel
import RoostWire

extension ListenerLoop {
    /// Gets another version ready while jobs go on; one that is being prepared already is enough.
    func beginUpdate(to release: AgentRelease, _ desk: inout Desk, _ group: inout DiscardingTaskGroup) {
        guard release.description != AgentVersion.level else { return }
        guard desk.update != release else {
            // The server asks again after a new session: it is told how far this is.
            let ready = listener.desk.prepared
            group.addTask { await self.tellProgress(release, ready) }
            return
        }
        if let reason = UpdateBlocker.reason(
            listener.root,
            listener.program,
            listener.options,
            listener.jobEnvironment.values
        ) {
            logger.notice("an update is declined", metadata: ["version": "\(release)", "reason": "\(reason)"])
            group.addTask { await self.tell(failure: release, "", .machine, "It cannot update itself: \(reason).") }
            return
        }
        desk.update = release
        say("Fetching version \(release) of the agent.")
        let updater = AgentUpdater(
            root: listener.root,
            client: client,
            environment: listener.jobEnvironment.values,
            logger: logger
        )
        group.addTask {
            do throws(UpdateFailure) {
                try await self.listener.desk.awaitTurn(self.listener.root)
                self.news.yield(.updateReady(try await updater.prepare(release)))
            } catch {
                self.listener.desk.endTurn()
                guard !Task.isCancelled else { return }
                self.logger.error(
                    "an update failed",
                    metadata: ["version": "\(release)", "reason": "\(error.summary)"]
                )
                self.say("The agent stays with \(AgentVersion.level). \(error.summary)")
                await self.tell(failure: release, "", error.fault, error.summary)
                self.news.yield(.updateFailed(release))
            }
        }
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
    func tellSwitching() async {
        guard let update = listener.desk.prepared, !listener.options.isGuarded else { return }
        await report(AgentUpdateReportWire(version: "\(update.release)", digest: update.digest, state: "switching"))
    }

    private func tellProgress(_ release: AgentRelease, _ ready: PreparedUpdate?) async {
        let state = ready == nil ? "preparing" : "waiting"
        await report(AgentUpdateReportWire(version: "\(release)", digest: ready?.digest ?? "", state: state))
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

    @discardableResult
    private func report(_ report: AgentUpdateReportWire) async -> Bool {
        do throws(ClientError) {
            try await client.reportUpdate(pool: settings.poolId, agent: settings.agentId, report)
            return true
        } catch {
            logger.warning("an update could not be told", metadata: ["reason": "\(error.summary)"])
            return false
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
        if await report(wire) { files.forgetOutcome() }
    }

    /// Tells the version that watches this one how it is.
    func tellGuard(_ state: String) {
        if listener.options.isGuarded { listener.console.say(UpdateGuard.line(state)) }
    }
}
