import Foundation
import RoostTesting

/// From the call that queues a run to the first instruction of its first step, on an idle agent.
enum LatencyBench {
    static func run(runs: Int, peer: [String: Double]) async throws -> [Measurement] {
        try await Site.with(agents: 1) { site in
            let stamps = "\(site.folder.path)/stamps"
            let pipeline = try await site.pipeline(Stamp.yaml(stamps))
            for _ in 0..<3 { try await site.finished(try await site.queue(pipeline)) }
            try "".write(toFile: stamps, atomically: false, encoding: .utf8)
            // Idle means idle: what the programs do after a job is over before the next one.
            var starts: [Double] = []
            for _ in 0..<runs {
                try await Task.sleep(for: .milliseconds(60))
                starts.append(Date().timeIntervalSince1970)
                try await site.finished(try await site.queue(pipeline))
            }
            let times = zip(starts, try Stamp.read(stamps)).map { ($1 - $0) * 1000 }
            let agent = Processes.children(of: site.server.pid).first { $0.command.contains("agent") }?.pid
            try await Task.sleep(for: .seconds(2))
            return [
                Measurement(
                    name: "queue → first step's process, median",
                    value: Statistics.median(times),
                    unit: "ms",
                    budget: 12,
                    peer: peer["latencyMedianMs"]
                ),
                Measurement(name: "… 95th percentile", value: Statistics.percentile(times, 0.95), unit: "ms"),
                Measurement(
                    name: "memory of the server, idle",
                    value: Statistics.memory(of: site.server.pid),
                    unit: "MB",
                    budget: 60,
                    peer: peer["idleMegabytes"]
                ),
                Measurement(
                    name: "memory of an agent, idle",
                    value: agent.map(Statistics.memory) ?? .nan,
                    unit: "MB",
                    budget: 25
                ),
            ]
        }
    }
}

/// Many trivial runs at once.
enum BurstBench {
    static func run(jobs: Int, peer: [String: Double]) async throws -> [Measurement] {
        try await Site.with(agents: 2) { site in
            let stamps = "\(site.folder.path)/stamps"
            let pipeline = try await site.pipeline(Stamp.yaml(stamps))
            try await site.finished(try await site.queue(pipeline))
            try "".write(toFile: stamps, atomically: false, encoding: .utf8)
            let start = Date().timeIntervalSince1970
            let runs = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        var last = 0
                        for _ in 0..<(jobs / 16) { last = max(last, try await site.queue(pipeline)) }
                        return last
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for run in runs { try await site.finished(run) }
            let times = try Stamp.read(stamps)
            let rate = Double(times.count) / ((times.max() ?? .nan) - start)
            return [
                Measurement(
                    name: "burst of \(times.count) jobs through 2 agents",
                    value: rate,
                    unit: "jobs/s",
                    budget: 150,
                    peer: peer["burstJobsPerSecond"],
                    isRate: true
                )
            ]
        }
    }
}

/// One step that writes as fast as it can: masked, uploaded, stored.
enum LogBench {
    static func run(megabytes: Int) async throws -> [Measurement] {
        try await Site.with(agents: 1) { site in
            let line = "0123456789 the quick brown fox jumps over the lazy dog and writes a line of a usual length"
            let pipeline = try await site.pipeline(
                "variables: { token: a-secret-value }\nsteps:\n- checkout: none\n- script: yes '\(line)' | head -c \(megabytes)000000\n"
            )
            let start = Date()
            let run = try await site.queue(pipeline)
            try await site.finished(run)
            let time = Date().timeIntervalSince(start)
            let copy = try await copyTime(line, megabytes, site)
            return [
                Measurement(
                    name: "log of \(megabytes) MB: masked, stored; beside cat",
                    value: Double(megabytes) / time,
                    unit: "MB/s",
                    budget: 150,
                    peer: Double(megabytes) / copy,
                    isRate: true
                )
            ]
        }
    }
}

extension LogBench {
    /// Seconds of the same lines through `cat` into a file of this disk.
    private static func copyTime(_ line: String, _ megabytes: Int, _ site: Site) async throws -> Double {
        let script = "yes '\(line)' | head -c \(megabytes)000000 | cat > copied; sync copied"
        let start = Date()
        let child = try ChildProgram(executable: "/bin/sh", ["-c", script], folder: site.folder.path)
        guard await child.end() == 0 else { throw TestFailure("cat failed") }
        return Date().timeIntervalSince(start)
    }
}

/// Steps that note the moment they begin.
enum Stamp {
    static func yaml(_ file: String) -> String {
        "steps:\n- checkout: none\n- script: date +%s.%N >> \(file)\n"
    }

    static func read(_ file: String) throws -> [Double] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").compactMap { Double($0) }
    }
}

enum Processes {
    static func children(of parent: Int32) -> [(pid: Int32, command: String)] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard let pid = Int32(entry),
                let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let rest = status.split(separator: ")").last?.split(separator: " "), rest.count > 1,
                Int32(rest[1]) == parent,
                let command = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)
            else { return nil }
            return (pid, command)
        }
    }
}
