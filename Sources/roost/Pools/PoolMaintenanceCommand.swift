import ArgumentParser
import RoostClient
import RoostWire

/// `roost pool maintenance`: when the agents of a pool look after their disks, and what came of it.
struct PoolMaintenanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "When the agents of a pool look after their disks, and what came of it.",
        discussion: """
            Examples:
              roost pool maintenance set linux --days sunday --at 03:30 --workspace-days 30
              roost pool maintenance run linux
            """,
        subcommands: [
            PoolMaintenanceShow.self, PoolMaintenanceSet.self, PoolMaintenanceRun.self, PoolMaintenanceHistory.self,
        ]
    )

    static func text(_ known: PoolMaintenanceDefinitionWire) -> String {
        let schedule = known.scheduleSetting
        let minutes = schedule?.startMinutes ?? 0
        let time = "\(schedule?.startHours ?? 0):\(minutes < 10 ? "0" : "")\(minutes) \(schedule?.timeZoneId ?? "UTC")"
        let next = known.nextStart.map { ", next \(TimeText.moment($0))" } ?? ""
        return """
            Schedule:        \(known.enabled == true ? "\(schedule?.daysToBuild ?? "none") at \(time)\(next)" : "off")
            Agents at once:  \(known.maxConcurrentAgentsPercentage ?? 0) %, one at least
            Time limit:      \(known.jobTimeoutInMinutes ?? 0) min for each agent
            Workspaces:      go after \(known.options?.workingDirectoryExpirationInDays ?? 0) days without use
            History:         \(known.retentionPolicy?.numberOfHistoryRecordsToKeep ?? 0) rounds
            """
    }
}

struct PoolMaintenanceShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show when the maintenance of a pool begins and how far it goes."
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let known = try await server.client.maintenance(pool: found.id)
        try output.print(known.map { [$0] } ?? []) { _ in
            known.map(PoolMaintenanceCommand.text)
                ?? "No maintenance is set up. Do so with 'roost pool maintenance set \(pool)'."
        }
    }
}

struct PoolMaintenanceSet: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set up the maintenance of a pool, or change it; what is not given stays as it is.",
        discussion: """
            Examples:
              roost pool maintenance set linux --days monday,friday --at 22:00 --zone UTC+02:00
              roost pool maintenance set linux --off
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "Days on which it begins, with commas between them, or all.")
    var days: String?

    @Option(help: "Time of the day at which it begins, such as 03:30.")
    var at: String?

    @Option(help: "Time zone of that: UTC or a distance from it such as UTC+08:00.")
    var zone: String?

    @Option(help: "Days after which the folder of a pipeline that nobody used goes.")
    var workspaceDays: Int?

    @Option(help: "How many of the agents are at it at once, in percent; one at least.")
    var agents: Int?

    @Option(help: "Minutes after which an agent that is not ready has failed.")
    var timeout: Int?

    @Option(help: "How many rounds are remembered.")
    var history: Int?

    @Flag(inversion: .prefixedNo, help: "Begin by the schedule.")
    var schedule: Bool?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// Hours and minutes of `--at`.
    private func time() throws -> (hours: Int, minutes: Int)? {
        guard let at else { return nil }
        let parts = at.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let hours = parts[0], let minutes = parts[1] else {
            throw ValidationError("--at takes a time such as 03:30.")
        }
        return (hours, minutes)
    }

    func validate() throws { _ = try time() }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let time = try time()
        let definition = PoolMaintenanceDefinitionWire(
            enabled: schedule,
            jobTimeoutInMinutes: timeout,
            maxConcurrentAgentsPercentage: agents,
            options: workspaceDays.map { .init(workingDirectoryExpirationInDays: $0) },
            retentionPolicy: history.map { .init(numberOfHistoryRecordsToKeep: $0) },
            scheduleSetting: .init(
                daysToBuild: days,
                startHours: time?.hours,
                startMinutes: time?.minutes,
                timeZoneId: zone
            )
        )
        let set = try await server.client.setMaintenance(pool: found.id, definition)
        try output.print(set) { _ in PoolMaintenanceCommand.text(set) }
    }
}

struct PoolMaintenanceRun: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Begin a round of maintenance now; one that is under way is shown instead."
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let job = try await server.client.runMaintenance(pool: found.id)
        try output.print(job) { _ in
            let agents = (job.targetAgents ?? []).count { $0.status != "completed" }
            return
                "Round \(job.jobId ?? 0) of maintenance: \(agents) agent\(agents == 1 ? "" : "s") will do it when no job runs there. 'roost pool maintenance history \(pool)' shows what came of it."
        }
    }
}

struct PoolMaintenanceHistory: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show rounds of maintenance, the newest first: which agents did what, and what it freed."
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let jobs = try await server.client.maintenanceJobs(pool: found.id)
        try output.print(list: jobs, empty: "There was no maintenance yet.") { _ in
            var table = Table("ROUND", "QUEUED", "AGENT", "STATE", "WHAT")
            for job in jobs {
                for target in job.targetAgents ?? [] {
                    table.add(
                        "\(job.jobId ?? 0)",
                        TimeText.moment(job.queueTime),
                        target.agent?.name ?? "-",
                        target.result ?? target.status ?? "-",
                        target.message ?? ""
                    )
                }
            }
            return table
        }
    }
}
