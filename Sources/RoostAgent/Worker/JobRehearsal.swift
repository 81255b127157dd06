import FoundationEssentials
import RoostClient
import RoostModel
import RoostWire

/// Begins a job that nobody has, up to its first step, in a folder that goes with it.
///
/// The first use of a generic type is looked up in all of the program, a tenth of a millisecond each time. A worker is a copy of a process that has done so
/// for all that a job begins with.
enum JobRehearsal {
    /// Plays on the calling thread only.
    ///
    /// - Parameters:
    ///   - message: of the job.
    ///   - client: whose calls are answered by nobody who knows of the job.
    ///   - folder: where its folder is, which is removed; one that an earlier process has left is, too.
    /// - Returns: whether it came as far as the first step.
    @discardableResult
    static func play(
        _ message: PipelineAgentJobRequestWire,
        _ client: RoostClient,
        in folder: String
    ) async -> Bool {
        let place = "\(folder)/rehearsal"
        FileTree.delete(place)
        guard FileTree.make(place, mode: 0o700) == 0 else { return false }
        defer { FileTree.delete(place) }
        guard let (configuration, order) = received(message, place) else { return false }
        let settings = WorkerSettings(
            folders: configuration.folders,
            agentName: configuration.agentName,
            agentVersion: configuration.agentVersion,
            environment: configuration.environment ?? [:],
            ownsAllOrphans: true
        )
        let reporter = ServerConnection.reporter(order, client)
        guard let logs = try? PagedLogs(folder: configuration.pagesFolder(job: order.job), reporter: reporter) else {
            return false
        }
        let lease = LeaseGate()
        let runner = JobRunner(
            order: order,
            settings: settings,
            reporter: reporter,
            logs: logs,
            content: ServerConnection.content(order, client),
            lease: lease,
            log: WorkerLog(DiagnosticLog.logger(.worker, root: AgentRoot(place)))
        )
        lease.open()
        return await runner.rehearse()
    }

    /// The order as a worker gets it from its listener.
    private static func received(
        _ message: PipelineAgentJobRequestWire,
        _ place: String
    ) -> (WorkerConfiguration, JobOrder)? {
        let sent = WorkerConfiguration(
            rootFolder: place,
            agentName: "a",
            agentID: 1,
            agentVersion: "1.0.0",
            serverURL: "http://localhost/",
            environment: ["PATH": "/usr/bin:/bin"],
            isolation: JobIsolation(mode: .off, hides: ["/nowhere"])
        )
        var decoder = WorkerChannel.Decoder()
        guard let body = try? WireJSON.encode(message),
            let bytes = try? WorkerChannel.encode(.newJob(sent, message: Array(body))),
            case .newJob(let configuration, let received)? = try? decoder.feed(bytes).first,
            let known = try? WireJSON.decode(PipelineAgentJobRequestWire.self, from: Data(received)),
            let order = try? JobOrder(known)
        else { return nil }
        return (configuration, ServerAddresses.rewriting(order, to: configuration.serverURL))
    }
}
