import Foundation
import RoostClient
import RoostWire

/// Looks at all jobs of a run after it, and compares what the server says with what the jobs themselves wrote down.
struct FaultJobs {
    private let run: FaultRun
    private let site: FaultSite
    private let kills: [String: [Date]]
    private var found = FaultSummary.Jobs()
    /// How often each attempt wrote that it began and ended; nil when jobs cannot write.
    private let witness: [String: Int]?

    init(_ run: FaultRun, _ site: FaultSite, kills: [FaultKiller.Kill]) {
        (self.run, self.site) = (run, site)
        self.kills = Dictionary(grouping: kills, by: { Self.agentName($0.machine) }).mapValues { $0.map(\.moment) }
        guard run.command.provider == .process else {
            witness = nil
            return
        }
        let text = (try? String(contentsOfFile: site.witness, encoding: .utf8)) ?? ""
        witness = Dictionary(text.split(separator: "\n").map { ($0.lowercased(), 1) }, uniquingKeysWith: +)
    }

    /// The agent's name of a machine: of the server's id it has the first digits.
    private static func agentName(_ machine: String) -> String {
        let parts = machine.split(separator: "-")
        return parts.count == 7 ? "\(parts[0])-\(parts[5])-\(parts[6])" : machine
    }

    mutating func examine() async throws -> FaultSummary.Jobs {
        for build in try await site.runs() {
            guard let id = build.id else { continue }
            let records = try await site.client.buildTimeline(id).records ?? []
            if build.status != "completed" { run.wrong("run \(id) is \(build.status ?? "?") still") }
            let open = records.filter { $0.state != "completed" }
            if !open.isEmpty { run.wrong("run \(id) is completed, \(open.compactMap(\.name)) are not") }
            let jobs = Dictionary(grouping: records.filter { $0.type == "Job" }) { $0.identifier ?? "" }
            if jobs.count != min(run.command.runJobs, run.command.jobs) {
                run.wrong("run \(id) has \(jobs.count) jobs")
            }
            for (name, attempts) in jobs.sorted(by: { $0.key < $1.key }) {
                let attempts = attempts.sorted { ($0.attempt ?? 1) < ($1.attempt ?? 1) }
                try await examine("\(name) of run \(id)", id, attempts, records)
            }
        }
        return found
    }

    private mutating func examine(
        _ name: String,
        _ id: Int,
        _ attempts: [TimelineRecordWire],
        _ records: [TimelineRecordWire]
    ) async throws {
        found.accepted += 1
        found.repeated += attempts.count - 1
        for attempt in attempts.dropLast() {
            if attempt.result == "succeeded" { run.wrong("\(name) succeeded, and was repeated") }
            if !isExcused(attempt) { run.wrong("\(name) was repeated: \(Self.words(attempt))") }
        }
        guard let last = attempts.last else { return }
        if last.result == "succeeded" {
            found.succeeded += 1
        } else {
            found.lostWithMachine += 1
            if !isExcused(last) { run.wrong("\(name) is \(last.result ?? "?"): \(Self.words(last))") }
        }
        for attempt in attempts {
            compareNotes(name, attempt)
            try await compareLog(name, id, attempt, records)
        }
    }

    /// Something of its machine was killed while it ran.
    private func isExcused(_ record: TimelineRecordWire) -> Bool {
        guard let machine = record.workerName, let moments = kills[machine] else { return false }
        let begin = (record.startTime ?? .distantPast) - 5
        let end = (record.finishTime ?? .distantFuture) + 1
        return moments.contains { $0 >= begin && $0 <= end }
    }

    private static func words(_ record: TimelineRecordWire) -> String {
        let issues = (record.issues ?? []).compactMap(\.message).joined(separator: " ")
        return
            "\(record.result ?? "?") on \(record.workerName ?? "no machine"), \(record.id?.uuidString ?? ""). \(issues)"
    }

    /// What the job itself wrote into a file, which no server can lose.
    private func compareNotes(_ name: String, _ attempt: TimelineRecordWire) {
        guard let witness, let id = attempt.id?.uuidString.lowercased() else { return }
        let begins = witness["begin \(id)"] ?? 0
        let ends = witness["end \(id)"] ?? 0
        if begins > 1 || ends > 1 { run.wrong("\(name) began \(begins) times and ended \(ends) times (\(id))") }
        if attempt.result == "succeeded", begins != 1 || ends != 1 {
            run.wrong("\(name) succeeded, began \(begins) times and ended \(ends) times (\(id))")
        }
    }

    /// The log of an attempt that succeeded is whole, and nothing is in it twice.
    private func compareLog(
        _ name: String,
        _ id: Int,
        _ attempt: TimelineRecordWire,
        _ records: [TimelineRecordWire]
    ) async throws {
        guard attempt.result == "succeeded", let own = attempt.id?.uuidString.lowercased() else { return }
        let steps = records.filter { $0.parentId == attempt.id }
        for step in ["begin", "end"] {
            guard let log = steps.first(where: { $0.name == step })?.log?.id else {
                run.wrong("\(name) has no log of its \(step)")
                continue
            }
            let lines = try await site.client.buildLogLines(id, log: log)
            let count = lines.count { $0.lowercased().hasSuffix(" witness \(step) \(own)") }
            if count != 1 { run.wrong("the log of \(name) has its \(step) \(count) times") }
        }
    }
}
