import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct PoolStatus: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what an elastic pool has, should have, and why the two differ.",
        discussion: """
            With --watch it is shown anew whenever something changes, until Ctrl-C; --until-settled ends when the pool is what it should be.

            Examples:
              roost pool status builds
              roost pool status builds --watch
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Flag(help: "Show it anew whenever something changes.")
    var watch = false

    @Flag(help: "Wait until the pool is what it should be.")
    var untilSettled = false

    @Option(help: ArgumentHelp("How long to wait with --until-settled, such as 30s or 5m.", valueName: "time"))
    var timeout: TimeLimit?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if watch, untilSettled { throw ValidationError("--watch and --until-settled exclude each other.") }
        if timeout != nil, !untilSettled { throw ValidationError("--timeout belongs to --until-settled.") }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        if watch { return try await follow(found.id, server) }
        if untilSettled {
            let what = "That pool '\(found.pool.name ?? pool)' is what it should be"
            try await interruptible { [timeout] in
                try await withTimeLimit(timeout, waitingFor: what) {
                    try await Self.changes(of: found.id, server) { !$0.differences.isEmpty }
                }
            }
        }
        let status = try await server.client.elasticStatus(found.id)
        try output.print(status) { Self.text(status, $0) }
    }

    private func follow(_ id: Int, _ server: Connection) async throws {
        let output = output
        try await interruptible {
            var last: String?
            try await Self.changes(of: id, server) { status in
                // Reasons of single machines and what waits for what change without a word of the line changing.
                let line = Self.line(status, .standard)
                if output.output == .table, line == last { return true }
                last = line
                try output.print(status) { terminal in
                    let time = status.at.formatted(.iso8601.time(includingFractionalSeconds: true))
                    return "\(terminal.styled(time, .dim))  \(line)"
                }
                return true
            }
        }
    }

    /// Reads the status at every change for as long as the body says so; equal ones are read once.
    private static func changes(
        of id: Int,
        _ server: Connection,
        _ body: (ElasticStatusWire) throws -> Bool
    ) async throws {
        var events = LiveEvents(url: server.url) { [client = server.client] in try await client.poolEvents(id) }
        var last: ElasticStatusWire?
        while true {
            var status = try await server.client.elasticStatus(id)
            let moment = status.at
            // Ages move on without anything having changed.
            status.at = .distantPast
            for place in status.differences.indices {
                (status.differences[place].since, status.differences[place].nextAttempt) = (nil, nil)
            }
            if status != last {
                last = status
                status.at = moment
                guard try body(status) else { return }
            }
            _ = try await events.next()
        }
    }

    // MARK: Text

    static func text(_ status: ElasticStatusWire, _ terminal: Terminal) -> String {
        var facts = Facts()
        facts.add("Pool", "\(status.name) (\(status.poolId)), machines of \(status.provider)")
        facts.add("State", status.health == status.state ? status.state : "\(status.state), \(status.health)")
        facts.add("Set", status.set)
        facts.add("Connection", status.connection.map(connection))
        facts.add("Machines", "\(status.observed) of \(status.desired) wanted, at most \(status.max)")
        facts.add("Standby", "\(status.standby)")
        facts.add("Waiting", status.waiting.isEmpty ? "no jobs" : "\(status.waiting.count) jobs")
        for image in status.images {
            var parts = [image.wanted ?? "no version: \(image.problem ?? "")"]
            if let candidate = image.candidate { parts.append("on trial: \(candidate)") }
            parts += image.withdrawn.map { "withdrawn: \($0)" }
            facts.add("Image \(image.name)", parts.joined(separator: "; "))
        }
        var parts = [facts.render(terminal)]
        if !status.machines.isEmpty { parts.append(machines(status).render(terminal)) }
        if !status.differences.isEmpty {
            let lines = status.differences.map { difference in
                let next = difference.nextAttempt.map { ", next in \(TimeText.span(from: status.at, to: $0))" } ?? ""
                let since = difference.since.map { " (for \(TimeText.span(from: $0, to: status.at))\(next))" } ?? ""
                return "  \(difference.sentence)\(terminal.styled(since, .dim))"
            }
            parts.append("Not as it should be:\n" + lines.joined(separator: "\n"))
        }
        if !status.waiting.isEmpty {
            let lines = status.waiting.prefix(20).map { "  request \($0.request): \($0.sentence)" }
            parts.append("Jobs that wait:\n" + lines.joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n")
    }

    private static func connection(_ connection: ElasticStatusWire.Connection) -> String {
        let name = "'\(connection.name)' of project '\(connection.project)'"
        return connection.problem.map { "\(name). \($0)" } ?? name
    }

    private static func machines(_ status: ElasticStatusWire) -> Table {
        var table = Table("MACHINE", "PHASE", "FOR", "WHY", "IMAGE", "JOB")
        for machine in status.machines {
            table.add(
                "\(machine.number)",
                machine.phase,
                TimeText.span(from: machine.since, to: status.at),
                machine.reason,
                machine.image ?? "–",
                machine.requests.map(String.init).joined(separator: ", ")
            )
        }
        return table
    }

    /// One line without its time, for those who watch.
    private static func line(_ status: ElasticStatusWire, _ terminal: Terminal) -> String {
        let phases = ["planned", "creating", "booting", "idle", "busy", "used", "recycling", "saved", "deleting"]
        let counts = phases.compactMap { phase in status.counts[phase].map { "\($0) \(phase)" } }
        let what = counts.isEmpty ? "no machines" : counts.joined(separator: ", ")
        let waiting = status.waiting.isEmpty ? "" : ", \(status.waiting.count) waiting"
        // What a machine is doing is in the counts; what concerns the pool is not.
        let why = status.differences.first { $0.machine == nil }.map { "  \($0.sentence)" } ?? ""
        return "\(status.observed)/\(status.desired)  \(what)\(waiting)\(terminal.styled(why, .yellow))"
    }
}
