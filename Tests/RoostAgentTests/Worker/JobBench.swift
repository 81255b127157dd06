import FoundationEssentials
import RoostModel
import RoostWire

@testable import RoostAgent

/// Runs whole jobs in a scratch folder with a reporter in memory.
struct JobBench {
    let folder: String
    let reporter = MemoryReporter()
    var steps: [JobStep] = []
    var variables: [String: OutputVariable] = [:]
    var endpoints: [JobEndpoint] = []
    var repositories: [JobRepository] = []
    var secureFiles: [JobSecureFile] = []
    var host: (any TaskHost)?
    var masks: [String] = []
    var containers: [JobContainer] = []
    var container: String?
    var sidecars: [String: String] = [:]
    /// Beside PATH and HOME.
    var agentEnvironment: [String: String] = [:]
    /// How processes reach others.
    var network = JobNetwork()
    var cleaning: WorkspaceCleaning?
    var clock: any Clock<Duration> = ContinuousClock()
    /// Nil is a run without a server.
    var content: (any ContentHost)?
    var lease = LeaseGate(isOpen: true)
    let job = UUID()

    init(folder: String) { self.folder = folder }

    static func with<Value>(_ body: (inout JobBench) async throws -> Value) async throws -> Value {
        try await ScratchFolder.with { folder in
            var bench = JobBench(folder: folder)
            return try await body(&bench)
        }
    }

    /// Adds a `script` step and gives its record.
    @discardableResult
    mutating func script(
        _ text: String,
        name: String? = nil,
        displayName: String? = nil,
        environment: [String: String] = [:],
        inputs: [String: String] = [:],
        condition: String? = nil,
        continueOnError: Bool = false,
        timeout: Duration? = nil,
        retries: Int = 0
    ) -> UUID {
        add(
            .commandLine,
            inputs.merging(["script": text]) { _, new in new },
            name: name,
            displayName: displayName,
            environment: environment,
            condition: condition,
            continueOnError: continueOnError,
            timeout: timeout,
            retries: retries
        )
    }

    @discardableResult
    mutating func add(
        _ task: TaskReference,
        _ inputs: [String: String],
        name: String? = nil,
        displayName: String? = nil,
        environment: [String: String] = [:],
        condition: String? = nil,
        continueOnError: Bool = false,
        timeout: Duration? = nil,
        retries: Int = 0
    ) -> UUID {
        let id = UUID()
        steps.append(
            JobStep(
                id: id,
                name: name ?? "step\(steps.count + 1)",
                displayName: displayName ?? "step \(steps.count + 1)",
                task: task,
                inputs: inputs,
                environment: environment,
                condition: condition,
                continueOnError: continueOnError,
                timeout: timeout,
                retryCount: retries
            )
        )
        return id
    }

    var settings: WorkerSettings {
        let own = ProcessEnvironment.own()
        var settings = WorkerSettings(
            folders: AgentFolders(root: folder),
            agentName: "tester",
            agentVersion: "1.0.0",
            environment: agentEnvironment.merging([
                "PATH": own["PATH"] ?? ExecutableSearch.defaultPath, "HOME": folder, "AZP_TOKEN": "leak-me-not",
            ]) { own, _ in own }
        )
        settings.network = network
        return settings
    }

    func makeRunner() throws -> JobRunner {
        var variables = variables
        variables["system.collectionId"] = OutputVariable(value: "c0ffee")
        variables["system.definitionId"] = OutputVariable(value: "7")
        let order = JobOrder(
            scope: UUID(),
            plan: PlanID(UUID()),
            timeline: UUID(),
            job: JobID(job),
            request: RequestID(1),
            name: "Job",
            displayName: "A job",
            variables: variables,
            endpoints: endpoints,
            repositories: repositories,
            secureFiles: secureFiles,
            masks: masks,
            workspaceCleaning: cleaning,
            containers: containers,
            container: container,
            sidecars: sidecars,
            steps: steps
        )
        let logs = try PagedLogs(folder: "\(settings.folders.pages)/\(job)", reporter: reporter)
        return JobRunner(
            order: order,
            settings: settings,
            reporter: reporter,
            logs: logs,
            content: content,
            lease: lease,
            host: host,
            clock: clock
        )
    }

    /// Runs the job; the closure may meddle with it meanwhile.
    @discardableResult
    func run(_ meanwhile: @Sendable (JobRunner) async -> Void = { _ in }) async throws -> JobOutcome {
        let runner = try makeRunner()
        async let outcome = runner.run()
        await meanwhile(runner)
        return await outcome
    }

    func lines(_ step: UUID) -> [String] { reporter.lines(step) }

    /// The log of a step without the line that ends it.
    func printed(_ step: UUID) -> [String] {
        lines(step).filter { !$0.hasPrefix("##[section]Finishing") && !$0.hasPrefix("##[error]") }
    }

    func result(_ step: UUID) -> String? { reporter.kept.value.records[step]?.result }

    func issues(_ step: UUID) -> [IssueWire] { reporter.kept.value.records[step]?.issues ?? [] }

    /// Waits until a line stands in the log of a step.
    func waitForLine(_ text: String, in step: UUID) async {
        let reporter = reporter
        await reporter.kept.wait { kept in
            guard let index = kept.logs.firstIndex(of: "logs\\\(step.uuidString.lowercased())") else { return false }
            return String(decoding: kept.bytes[index + 1] ?? [], as: UTF8.self).contains("Z \(text)\n")
        }
    }
}

/// A clock on which every wait is over at once.
struct InstantClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    let waits = Watched<[Duration]>([])

    var now: Instant { Instant(offset: waits.value.reduce(.zero, +)) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let wait = now.duration(to: deadline)
        waits.change { $0.append(wait) }
    }
}
