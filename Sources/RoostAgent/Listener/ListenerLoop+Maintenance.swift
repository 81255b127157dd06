import Logging
import RoostClient
import RoostModel
import RoostWire

extension ListenerLoop {
    /// Does what the pool's maintenance asks of this agent while no job runs, whenever the server says that there is something; a server that has none
    /// is not asked again.
    func maintain() async {
        guard !listener.options.isBoot, !listener.options.runsOnce, await opened.value != false else { return }
        maintenance.wish()
        for await _ in maintenance.wishes {
            do throws(ClientError) {
                await upkeep.idle()
                while let order = try await client.nextMaintenance(pool: settings.poolId, agent: settings.agentId) {
                    await upkeep.idle()
                    try await carryOut(order)
                }
            } catch {
                if case .refused(let refusal) = error, refusal.status == 404 || refusal.status == 405 { return }
                logger.warning("maintenance is put off", metadata: ["reason": "\(error.summary)"])
                guard (try? await Task.sleep(for: Self.maintenancePause)) != nil else { return }
                maintenance.wish()
            }
        }
    }

    /// After this time a server that did not answer is asked again.
    private static let maintenancePause = Duration.seconds(60)

    private func carryOut(_ order: MaintenanceOrderWire) async throws(ClientError) {
        logger.notice("maintenance begins", metadata: ["job": "\(order.jobId)"])
        var policy = upkeep.policy
        let days = order.workingDirectoryExpirationInDays
        policy.days[.workspace] = min(days, policy.days[.workspace] ?? days)
        let outcome = await upkeep.run(.maintenance, policy: policy)
        let mirrors = await MirrorMaintenance(
            folders: configuration.folders,
            environment: listener.jobEnvironment.values
        ).run()
        let removed = outcome.records.count { $0.what == .evicted }
        let failures = outcome.records.filter { $0.what == .failed }.map(\.reason) + mirrors.failures
        let done =
            "\(removed) items removed, \(UpkeepText.size(outcome.freed)) freed, \(mirrors.repacked) mirrors repacked"
        logger.notice("maintenance ends", metadata: ["job": "\(order.jobId)", "done": "\(done)"])
        try await client.reportMaintenance(
            pool: settings.poolId,
            agent: settings.agentId,
            job: order.jobId,
            MaintenanceReportWire(
                result: failures.isEmpty ? "succeeded" : "failed",
                freedBytes: outcome.freed,
                removed: removed,
                message: ([done] + failures.prefix(5)).joined(separator: "; ")
            )
        )
    }
}

/// Says that there may be maintenance; several times before anybody looks is once.
final class MaintenanceWishes: Sendable {
    let wishes: AsyncStream<Void>
    private let news: AsyncStream<Void>.Continuation

    init() { (wishes, news) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func wish() { news.yield() }
}
