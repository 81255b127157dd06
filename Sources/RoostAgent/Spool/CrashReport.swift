import FoundationEssentials
import Logging
import RoostClient
import RoostModel
import RoostWire

/// Tells the server about a job whose worker ended before it could: the lines it had written, an issue that says what happened, and the end.
struct CrashReport: Sendable {
    let ticket: JobTicket
    let configuration: WorkerConfiguration
    let logger: Logger

    /// Sends all of it, trying again while the server is away, until its task is cancelled.
    ///
    /// - Parameters:
    ///   - result: how the job is to be ended.
    ///   - reason: how the worker ended, for the issue.
    ///   - output: what it said last.
    func send(_ result: TaskResult, reason: String, output: String) async {
        do {
            let message = try WireJSON.decode(PipelineAgentJobRequestWire.self, from: Data(ticket.message))
            let order = ServerAddresses.rewriting(try JobOrder(message), to: configuration.serverURL)
            let client = try ServerConnection.client(order, configuration)
            await send(result, order, client, issue(order, reason, output))
            await client.close()
        } catch {
            logger.error(
                "the end of a job could not be reported",
                metadata: ["job": "\(ticket.job)", "reason": "\(type(of: error))"]
            )
        }
    }

    private func send(_ result: TaskResult, _ order: JobOrder, _ client: RoostClient, _ issue: Issue) async {
        let reporter = ServerConnection.reporter(order, client)
        var backOff = BackOff()
        while !Task.isCancelled {
            do {
                try await LogLeftovers.upload(folder: configuration.pagesFolder(job: order.job), to: reporter)
                reporter.updateRecords(await unknownRecords(order, client) + [record(order, result, issue)])
                try await reporter.complete(result, outputs: [:], agentShuttingDown: false)
                return
            } catch let failure as ReportFailure where failure.isFinal {
                logger.notice("the server has ended the job already", metadata: ["job": "\(ticket.job)"])
                return
            } catch {
                guard (try? await Task.sleep(for: backOff.next())) != nil else { return }
            }
        }
    }

    /// What the worker had no time to tell: records that the server has no name for.
    private func unknownRecords(_ order: JobOrder, _ client: RoostClient) async -> [TimelineRecordWire] {
        let address = PlanAddress(
            scope: order.scope,
            hub: order.hub,
            plan: order.plan.rawValue,
            timeline: order.timeline
        )
        // Without an answer the reports that follow fail too, and all of it is tried again.
        guard let known = try? await client.timeline(address).records else { return [] }
        let named = Set(known.filter { $0.name?.isEmpty == false }.compactMap(\.id))
        let masker = SecretMasker()
        for (name, value) in JobSecrets.list(order) { masker.add(value, name: name) }
        let records = JobRecords(job: order.job.rawValue, workerName: configuration.agentName, masker: masker)
        let steps = order.steps.enumerated().map { index, step in
            records.pending(
                step.id,
                name: step.displayName,
                refName: step.name,
                order: index + order.firstStepOrder,
                task: step.task
            )
        }
        return ([records.initialization] + steps).filter { $0.id.map { !named.contains($0) } ?? false }
    }

    private func record(_ order: JobOrder, _ result: TaskResult, _ issue: Issue) -> TimelineRecordWire {
        let records = JobRecords(job: order.job.rawValue, workerName: configuration.agentName, masker: SecretMasker())
        return records.jobFinished(result, issues: [issue], at: Date())
    }

    private func issue(_ order: JobOrder, _ reason: String, _ output: String) -> Issue {
        let masker = SecretMasker()
        for (name, value) in JobSecrets.list(order) { masker.add(value, name: name) }
        let said = masker.mask(output)
        let text =
            "The agent's worker for this job \(reason); the job was given up."
            + (said.isEmpty ? "" : " It said last: \(said)")
        return Issue(.error, text)
    }
}
