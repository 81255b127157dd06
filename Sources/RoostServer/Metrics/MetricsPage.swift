import RoostModel
import Synchronization

/// The page `/metrics`.
struct MetricsPage {
    private var page = MetricsText()

    static func text(plane: ControlPlane, metrics: ServerMetrics) -> String {
        var page = MetricsPage()
        page.pools(plane)
        page.control(plane.metrics.snapshot)
        page.requests(metrics)
        page.process(metrics)
        return page.page.text
    }

    private mutating func pools(_ plane: ControlPlane) {
        let pools = plane.pools().map { (name: $0.name, counts: plane.poolCounts($0.id)) }
        page.family("roost_pool_agents", "gauge", "Agents by pool and state; a busy one is also online.")
        for pool in pools {
            page.sample("roost_pool_agents", pool.counts.agents, [("pool", pool.name), ("state", "registered")])
            page.sample("roost_pool_agents", pool.counts.online, [("pool", pool.name), ("state", "online")])
            page.sample("roost_pool_agents", pool.counts.busy, [("pool", pool.name), ("state", "busy")])
        }
        page.family("roost_pool_busy_ratio", "gauge", "Share of the online agents that hold a job.")
        for pool in pools {
            let ratio = pool.counts.online == 0 ? 0 : Double(pool.counts.busy) / Double(pool.counts.online)
            page.sample("roost_pool_busy_ratio", ratio, [("pool", pool.name)])
        }
        page.family("roost_queue_length", "gauge", "Jobs that could run now and wait for an agent.")
        for pool in pools { page.sample("roost_queue_length", pool.counts.waiting, [("pool", pool.name)]) }
    }

    private mutating func control(_ snapshot: ControlMetrics.Snapshot) {
        page.family("roost_queue_wait_seconds", "histogram", "From queueing a job to its assignment.")
        for (pool, histogram) in snapshot.queueWait.sorted(by: { $0.key < $1.key }) {
            page.histogram(
                "roost_queue_wait_seconds",
                [("pool", pool)],
                bounds: ControlMetrics.Histogram.bounds,
                counts: histogram.counts,
                sum: histogram.sum
            )
        }
        page.family("roost_jobs_finished_total", "counter", "Jobs that ended, by result.")
        for result in TaskResult.allCases {
            page.sample("roost_jobs_finished_total", snapshot.jobsFinished[result] ?? 0, [("result", result.rawValue)])
        }
        page.family("roost_runs_finished_total", "counter", "Runs that ended, by result.")
        for result in TaskResult.allCases {
            page.sample("roost_runs_finished_total", snapshot.runsFinished[result] ?? 0, [("result", result.rawValue)])
        }
    }

    private mutating func requests(_ metrics: ServerMetrics) {
        page.family("roost_long_polls_open", "gauge", "Long polls and streams that are open.")
        page.sample("roost_long_polls_open", metrics.heldOpen.load(ordering: .relaxed))
        let used = (metrics.series + metrics.vaults).map { ($0, $0.values) }.filter {
            $0.1.statuses.contains { $0 > 0 }
        }
        page.family("roost_http_requests_total", "counter", "Answers by route and class of status.")
        for (series, values) in used {
            for (digit, count) in values.statuses.enumerated() where count > 0 {
                let labels = [("method", series.method), ("route", series.name), ("status", "\(digit)xx")]
                page.sample("roost_http_requests_total", count, labels)
            }
        }
        page.family("roost_http_request_seconds", "histogram", "Time to answer, without polls and streams.")
        for (series, values) in used where values.timed > 0 {
            page.histogram(
                "roost_http_request_seconds",
                [("method", series.method), ("route", series.name)],
                bounds: RouteSeries.bounds,
                counts: values.buckets,
                sum: values.seconds
            )
        }
    }

    private mutating func process(_ metrics: ServerMetrics) {
        page.family("roost_uptime_seconds", "gauge", "Since the server began.")
        page.sample("roost_uptime_seconds", (ContinuousClock.now - metrics.startedAt).milliseconds / 1000)
        guard let usage = ProcessUsage.now() else { return }
        page.family("process_resident_memory_bytes", "gauge", "Resident memory.")
        page.sample("process_resident_memory_bytes", usage.residentBytes)
        page.family("process_cpu_seconds_total", "counter", "Processor time, user and system.")
        page.sample("process_cpu_seconds_total", usage.cpuSeconds)
    }
}
