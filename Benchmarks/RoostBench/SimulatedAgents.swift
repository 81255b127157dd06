import Foundation
import RoostClient
import RoostTesting
import RoostWire
import Synchronization

/// The server alone: agents speak the protocol and run nothing.
enum SimulatedBench {
    /// Jobs through agents that are always ready.
    static func burst(jobs: Int, agents count: Int) async throws -> [Measurement] {
        try await Site.with(agents: 0) { site in
            let crowd = try await Crowd(site, count: count)
            let pipeline = try await site.pipeline("steps:\n- checkout: none\n- script: echo\n")
            let start = Date()
            let work = crowd.work()
            let last = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        var runs: [Int] = []
                        for _ in 0..<(jobs / 32) { runs.append(try await site.queue(pipeline)) }
                        return runs
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            for run in last.suffix(64) { try await site.finished(run) }
            while crowd.moments.count < last.count { try await Task.sleep(for: .milliseconds(10)) }
            let rate = Double(last.count) / Date().timeIntervalSince(start)
            let memory = Statistics.memory(of: site.server.pid)
            work.cancel()
            await crowd.close()
            _ = await work.value
            return [
                Measurement(
                    name: "\(last.count) jobs through \(count) simulated agents",
                    value: rate,
                    unit: "jobs/s",
                    budget: 2000,
                    isRate: true
                ),
                Measurement(name: "… memory of the server after it", value: memory, unit: "MB"),
            ]
        }
    }

    /// Agents that wait, and how fast one of them wakes.
    static func idle(agents count: Int) async throws -> [Measurement] {
        try await Site.with(agents: 0) { site in
            let crowd = try await Crowd(site, count: count)
            let pipeline = try await site.pipeline("steps:\n- checkout: none\n- script: echo\n")
            let work = crowd.work()
            // All polls are open long before that.
            try await Task.sleep(for: .seconds(5 + count / 1000))
            let memory = Statistics.memory(of: site.server.pid)
            var times: [Double] = []
            for _ in 0..<100 {
                let start = Date()
                let before = crowd.moments.count
                let run = try await site.queue(pipeline)
                try await site.finished(run)
                if let moment = crowd.moments.first(after: before) {
                    times.append(moment.timeIntervalSince(start) * 1000)
                }
            }
            work.cancel()
            await crowd.close()
            _ = await work.value
            return [
                Measurement(
                    name: "memory of the server with \(count) idle agents",
                    value: memory,
                    unit: "MB",
                    budget: 600
                ),
                Measurement(
                    name: "… queue → an agent has the job, 99th percentile",
                    value: Statistics.percentile(times, 0.99),
                    unit: "ms",
                    budget: 50
                ),
            ]
        }
    }
}

/// Registered agents with open sessions.
struct Crowd: Sendable {
    struct Member: Sendable {
        var agent: SimulatedAgent
        var session: SimulatedAgent.Session
    }
    let members: [Member]
    /// When jobs reached an agent.
    let moments = Moments()

    init(_ site: Site, count: Int) async throws {
        let key = try AgentKey.generate()
        members = try await withThrowingTaskGroup(of: [Member].self) { group in
            for part in 0..<32 {
                group.addTask {
                    var made: [Member] = []
                    for number in stride(from: part, to: count, by: 32) {
                        let agent = try await SimulatedAgent(
                            cluster: site.address,
                            registrar: site.client,
                            pool: 1,
                            name: "simulated-\(number)",
                            key: key
                        )
                        made.append(Member(agent: agent, session: try await agent.openSession()))
                    }
                    return made
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Takes jobs and ends them until it is cancelled.
    func work() -> Task<Void, Never> {
        let (members, moments) = (members, moments)
        return Task {
            await withTaskGroup(of: Void.self) { group in
                for member in members {
                    group.addTask {
                        while !Task.isCancelled {
                            guard let job = try? await member.agent.takeJob(member.session) else { return }
                            moments.add(Date())
                            do {
                                try await member.agent.begin(job)
                                try await member.agent.completeBriefly(job)
                            } catch { return }
                        }
                    }
                }
            }
        }
    }

    func close() async {
        await withTaskGroup(of: Void.self) { group in
            for member in members { group.addTask { await member.agent.close() } }
        }
    }
}

extension SimulatedAgent {
    /// Ends a job without logs.
    func completeBriefly(_ job: PipelineAgentJobRequestWire) async throws {
        let client = try jobClient(job)
        do {
            try await client.postEvent(
                try Self.planAddress(job),
                JobEventWire(name: "JobCompleted", jobId: job.jobId, requestId: job.requestId, result: "succeeded")
            )
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}

/// Moments, in the order in which they came.
final class Moments: Sendable {
    private let all = Mutex<[Date]>([])

    var count: Int { all.withLock { $0.count } }
    func add(_ moment: Date) { all.withLock { $0.append(moment) } }
    func first(after count: Int) -> Date? { all.withLock { $0.dropFirst(count).first } }
}
