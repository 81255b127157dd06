import FoundationEssentials
import RoostModel
import Testing

@testable import RoostStore

/// Measurements, not judgements: they print, and run when `ROOST_MEASURE` is set.
@Suite(
    "Rates",
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["ROOST_MEASURE"] != nil, "ROOST_MEASURE is not set")
)
struct RateTests {
    private func seconds(_ body: () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        let duration = try await clock.measure { try await body() }
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    @Test("of job changes from a hundred tasks")
    func jobChanges() async throws {
        try await withScratchFolder { folder in
            let store = try SQLiteStore(path: folder + "/s", sealer: PlainSealer(), logger: .silent)
            try await store.submit([.putRun(Sample.run(1))]).durable()
            let before = store.transactionCount
            // A job's life is five puts: made, queued, assigned, running, finished.
            let time = try await seconds {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<100 {
                        group.addTask {
                            for number in 0..<100 { try await liveOneJob(request: task * 100 + number + 1, in: store) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let rate = Int(50_000 / time)
            let load = try await seconds { _ = try await store.load() }
            print("RATE load of 10000 jobs: \(Int(load * 1e3)) ms")
            print("RATE 50000 putJob from 100 tasks: \(rate)/s, \(store.transactionCount - before) transactions")
            await store.close()
        }
    }

    private func liveOneJob(request: Int, in store: SQLiteStore) async throws {
        var job = Sample.fullJob
        job.id = JobID(UUID())
        job.run = RunID(1)
        job.request = RequestID(request)
        for state in Sample.jobStates where state != .canceling(Sample.lease, deadline: Sample.date(60)) {
            job.state = state
            try await store.submit([.putJob(job)]).durable()
        }
    }

    @Test("of submissions nobody waits for")
    func pipelined() async throws {
        try await withScratchFolder { folder in
            let store = try SQLiteStore(path: folder + "/s", sealer: PlainSealer(), logger: .silent)
            var job = Sample.job(1, request: 1, pool: 1)
            let time = try await seconds {
                var last = Commit.nothing()
                for number in 0..<50_000 {
                    job.timeoutInMinutes = 60
                    job.state = number.isMultiple(of: 2) ? .queued : .assigned(Sample.lease)
                    last = store.submit([.putJob(job)])
                }
                try await last.durable()
            }
            print("RATE 50000 putJob of one job, pipelined: \(Int(50_000 / time))/s")
            await store.close()
        }
    }

    @Test("of one change at a time")
    func latency() async throws {
        try await withScratchFolder { folder in
            let store = try SQLiteStore(path: folder + "/s", sealer: PlainSealer(), logger: .silent)
            var times: [Double] = []
            for _ in 0..<500 {
                let job = Sample.job(1, state: .queued)
                times.append(try await seconds { try await store.submit([.putJob(job)]).durable() })
            }
            times.sort()
            print("RATE one change: median \(Int(times[250] * 1e6)) µs, p99 \(Int(times[495] * 1e6)) µs")
            await store.close()
        }
    }

    @Test("of records, each encoded")
    func records() async throws {
        try await withScratchFolder { folder in
            let store = try SQLiteStore(path: folder + "/s", sealer: PlainSealer(), logger: .silent)
            let time = try await seconds {
                var last = Commit.nothing()
                for run in 1...2_000 {
                    last = store.submit([.putRecords((0..<5).map { Sample.record("\($0)") }, run: RunID(run))])
                }
                try await last.durable()
            }
            print("RATE records: \(Int(10_000 / time))/s")
            let load = try await seconds { _ = try await store.load() }
            print("RATE load of nothing: \(Int(load * 1e6)) µs")
            await store.close()
        }
    }

    @Test("of blob appends, large and small")
    func blobs() async throws {
        try await withScratchFolder { folder in
            for durability in [FolderBlobStore.Durability.processEnd, .powerCut] {
                let store = try FolderBlobStore(path: folder + "/\(durability)", durability: durability)
                let block = [UInt8](repeating: 65, count: 1 << 20)
                let large = try key("large")
                let time = try await seconds {
                    for _ in 0..<512 { _ = try await store.append(block, to: large, at: nil) }
                }
                print("RATE blob, \(durability), 1 MiB appends: \(Int(512 * 1.048576 / time)) MB/s")
                let read = try await seconds {
                    try await store.finish(large)
                    for try await _ in store.follow(large, from: 0) {}
                }
                print("RATE blob, follow: \(Int(512 * 1.048576 / read)) MB/s")
                let line = [UInt8](repeating: 65, count: 120)
                let small = try await seconds {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for task in 0..<50 {
                            let log = try key("logs/\(task)")
                            group.addTask { for _ in 0..<200 { _ = try await store.append(line, to: log, at: nil) } }
                        }
                        try await group.waitForAll()
                    }
                }
                print("RATE blob, \(durability), 120-byte appends to 50 blobs: \(Int(10_000 / small))/s")
            }
        }
    }
}
