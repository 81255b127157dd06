import ArgumentParser
import Foundation
import RoostTesting

/// `roost-bench`: measures Roost's programs of this build, beside a peer where there is one.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost-bench",
        abstract: "Measure latency, throughput and memory of this build's roost and roost-agent.",
        discussion: "Run it through 'make bench', which builds for release and installs the peer."
    )

    @Option(help: "Runs measured for latency.")
    var runs = 50

    @Option(help: "Runs of a burst through real agents.")
    var burst = 300

    @Option(help: "Jobs of a burst through simulated agents.")
    var simulated = 2000

    @Option(help: "Idle simulated agents.")
    var idle = 10_000

    @Option(help: "Megabytes of log of one step.")
    var log = 400

    @Option(help: "Commits of the repository that is checked out.")
    var commits = 200_000

    @Option(help: "Megabytes of files of an artifact.")
    var content = 500

    @Option(help: "Jobs that go through ten machines.")
    var poolJobs = 200

    @Option(help: "Python with Buildbot installed; without it there is no peer.")
    var peer: String?

    @Option(
        help:
            "Measure only these: latency, burst, simulated, idle, log, language, images, layers, content, checkout, machines, pools."
    )
    var only: [Part] = []

    @Option(help: "A folder of real pipelines with an INDEX.tsv; without it only made ones are expanded.")
    var corpus: String?

    @Flag(help: "Print JSON.")
    var json = false

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case latency, burst, simulated, idle, log, language, images, layers, content, checkout, machines, pools
    }

    func run() async throws {
        var results: [Measurement] = []
        func keep(_ more: [Measurement]) {
            results += more
            if !json { for result in more { say(result.line) } }
        }
        if !json { say(Measurement.header) }
        var peerNumbers: [String: Double] = [:]
        if let peer { peerNumbers = try await Peer.measure(python: peer) }
        for part in Part.allCases where only.isEmpty || only.contains(part) {
            switch part {
            case .latency: keep(try await LatencyBench.run(runs: runs, peer: peerNumbers))
            case .burst: keep(try await BurstBench.run(jobs: burst, peer: peerNumbers))
            case .simulated: keep(try await SimulatedBench.burst(jobs: simulated, agents: 64))
            case .idle: keep(try await SimulatedBench.idle(agents: idle))
            case .log: keep(try await LogBench.run(megabytes: log))
            case .language: keep(try LanguageBench.run(corpus: corpus))
            case .images: keep(try ImageBench.run())
            case .layers: keep(try await LayerBench.run())
            case .checkout: keep(try await CheckoutBench.run(commits: commits))
            case .machines: keep(try await MachineBench.run())
            case .pools: keep(try await PoolBench.run(jobs: poolJobs))
            case .content: keep(try await ContentBench.run(megabytes: content))
            }
        }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            say(String(decoding: try encoder.encode(results), as: UTF8.self))
        }
    }
}

/// Shows a line at once, also in a file, for measurements take long.
private func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }

/// One number, its budget and what the peer needs.
struct Measurement: Codable {
    var name: String
    var value: Double
    var unit: String
    /// Of the design: at most this for times and memory, at least this for rates.
    var budget: Double?
    var peer: Double?
    /// More is better.
    var isRate = false

    static let header = row("what", "measured", "budget", "peer", "ratio")

    var line: String {
        var ratio = ""
        if let peer, value > 0 { ratio = String(format: "%.1f×", isRate ? value / peer : peer / value) }
        var limit = ""
        if let budget {
            let holds = isRate ? value >= budget : value <= budget
            limit = "\(isRate ? "≥" : "≤") \(Self.text(budget)) \(holds ? "✓" : "✗")"
        }
        return Self.row(name, "\(Self.text(value)) \(unit)", limit, peer.map(Self.text) ?? "", ratio)
    }

    private static func text(_ number: Double) -> String { String(format: number < 100 ? "%.1f" : "%.0f", number) }

    private static func row(_ parts: String...) -> String {
        zip(parts, [46, 16, 12, 10, 8]).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
            .joined(separator: " ")
    }
}

/// Figures of lists of numbers.
enum Statistics {
    /// The value below which a part of the values lies.
    static func percentile(_ values: [Double], _ part: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    static func median(_ values: [Double]) -> Double { percentile(values, 0.5) }

    /// Resident memory of a process, in MB.
    static func memory(of pid: Int32) -> Double {
        memory(of: "\(pid)", "VmRSS")
    }

    /// A line of proc(5)'s status, in MB.
    fileprivate static func memory(of process: String, _ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return Double(line?.split(separator: " ").dropFirst().first ?? "").map { $0 / 1024 } ?? .nan
    }
}

/// How much the memory of this process grows.
struct PeakMemory {
    private let before: Double

    /// Makes the kernel count the peak anew, as proc(5) describes.
    init() {
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        before = Statistics.memory(of: getpid())
    }

    /// The most since, beyond what it was, in MB.
    var growth: Double { Statistics.memory(of: "self", "VmHWM") - before }
}

/// Buildbot, measured by its own script in the same way.
enum Peer {
    static func measure(python: String) async throws -> [String: Double] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "peer/buildbot_peer.py").path
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let program = try ChildProgram(executable: python, [script, "\(folder.path)/peer"], folder: folder.path)
        let (code, output) = await program.finished()
        guard code == 0, let start = output.lastIndex(of: "{"),
            let numbers = try JSONSerialization.jsonObject(with: Data(output[start...].utf8)) as? [String: Any]
        else { throw TestFailure("the peer could not be measured:\n\(output)") }
        return numbers.compactMapValues { ($0 as? NSNumber)?.doubleValue }
    }
}
