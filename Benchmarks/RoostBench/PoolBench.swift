import Foundation
import RoostClient
import RoostTesting
import RoostWire

/// Jobs of elastic pools: from no machine at all, and many through a few, each on a clean one.
enum PoolBench {
    private static let starts = 15
    private static let machines = 10

    static func run(jobs: Int) async throws -> [Measurement] {
        try await Site.with(agents: 0, providers: "sandbox,process") { site in
            var results: [Measurement] = []
            for provider in try await site.client.machineProviders()
            where provider.works && provider.images != "required" {
                results += try await measure(provider.name, jobs, site)
            }
            return results
        }
    }

    private static func measure(_ provider: String, _ jobs: Int, _ site: Site) async throws -> [Measurement] {
        let times = try await withPool("\(provider)-zero", provider, max: 1, recycle: "delete", site) {
            try await fromNothing(provider, $0, site)
        }
        let rate = try await withPool("\(provider)-many", provider, max: machines, recycle: "reimage", site) { _ in
            try await through(provider, jobs, site)
        }
        return [
            Measurement(
                name: "\(provider): queue → step's process, no machine",
                value: Statistics.median(times),
                unit: "ms"
            ),
            Measurement(name: "… 95th percentile", value: Statistics.percentile(times, 0.95), unit: "ms"),
            Measurement(
                name: "\(provider): \(jobs) jobs, \(machines) machines, all clean",
                value: rate,
                unit: "jobs/s",
                isRate: true
            ),
        ]
    }

    /// Milliseconds from the call that queues a run to the first step's process, when the pool has no machine.
    private static func fromNothing(_ provider: String, _ pool: Int, _ site: Site) async throws -> [Double] {
        let pipeline = try await site.pipeline(
            "pool: \(provider)-zero\nsteps:\n- checkout: none\n- script: echo began $(date +%s.%N)\n"
        )
        var found: [Double] = []
        for number in 0...starts {
            while try await !site.client.elasticStatus(pool).machines.isEmpty {
                try await Task.sleep(for: .milliseconds(10))
            }
            let start = Date().timeIntervalSince1970
            let run = try await site.queue(pipeline)
            try await site.finished(run)
            let output = try await site.output(run)
            guard let began = output.range(of: "began 1"), let stamp = Double(output[began.upperBound...].prefix(12))
            else { throw TestFailure("run \(run) told no time:\n\(output)") }
            // The first makes ready what others find.
            if number > 0 { found.append((1_000_000_000 + stamp - start) * 1000) }
        }
        return found
    }

    /// Jobs a second, from the call that queues all of them to the end of the last.
    private static func through(_ provider: String, _ jobs: Int, _ site: Site) async throws -> Double {
        let pipeline = try await site.pipeline(
            """
            pool: \(provider)-many
            strategy: { parallel: \(jobs) }
            steps:
            - checkout: none
            - script: test ! -e ~/trace && touch ~/trace

            """
        )
        let start = ContinuousClock.now
        let run = try await site.queue(pipeline)
        try await site.finished(run)
        let time = start.duration(to: .now) / .seconds(1)
        let result = try await site.client.build(run).result
        guard result == "succeeded" else { throw TestFailure("run \(run) \(result ?? "has no result")") }
        return Double(jobs) / time
    }

    /// Makes a pool and deletes it again, with its machines.
    private static func withPool<Value>(
        _ name: String,
        _ provider: String,
        max: Int,
        recycle: String,
        _ site: Site,
        _ body: (Int) async throws -> Value
    ) async throws -> Value {
        var settings = ElasticSettingsWire()
        settings.max = max
        settings.standby = 0
        settings.recycle = recycle
        settings.idleDelaySeconds = 1
        var draft = RoostElasticPoolWire()
        (draft.name, draft.provider, draft.settings) = (name, provider, settings)
        guard let pool = try await site.client.createElasticPool(draft).poolId else { throw TestFailure("no pool") }
        let result: Result<Value, any Error>
        do { result = .success(try await body(pool)) } catch { result = .failure(error) }
        // They end with the pool.
        let events = try await site.client.poolEvents(pool)
        try await site.client.deletePool(pool)
        for try await _ in events {}
        return try result.get()
    }
}
