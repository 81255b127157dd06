import Foundation
import RoostFuzzing

/// Starts children and watches them.
struct FuzzParent {
    private let options: Fuzz
    private let source: FuzzSource
    private let progress: String
    /// Seconds of processor time without a step forward that count as a hang.
    private static let hang = 30.0

    init(_ options: Fuzz, source: FuzzSource) {
        self.options = options
        self.source = source
        progress = "\(FileManager.default.temporaryDirectory.path)/roost-fuzz-\(getpid())"
    }

    func run() throws {
        var used = 0.0
        var next = 0
        var peak = 0
        var restarts = 0
        defer { try? FileManager.default.removeItem(atPath: progress) }
        while used < options.minutes * 60 {
            let child = try start(from: next)
            let end = watch(child, until: options.minutes * 60 - used)
            used += end.seconds
            peak = max(peak, end.peak)
            next = end.number + 1
            if let problem = end.problem {
                restarts += 1
                try Finding(source.input(end.number), end.number, [problem]).write(into: options.findings)
            }
        }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: options.findings))?.count ?? 0
        print(
            "seed \(options.seed): \(next) inputs in \(Int(used)) s of processor time, \(found / 2) findings, "
                + "\(restarts) crashes or hangs, peak \(peak) MB"
        )
    }

    private func start(from number: Int) throws -> Process {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments =
            ["--child-from", "\(number)", "--progress", progress, "--seed", "\(options.seed)"]
            + ["--findings", options.findings, "--memory", "\(options.memory)"]
            + options.corpus.flatMap { ["--corpus", $0] } + (options.images ? ["--images"] : [])
        try child.run()
        return child
    }

    private struct End {
        var number: Int
        var seconds: Double
        var peak: Int
        var problem: String?
    }

    private func watch(_ child: Process, until limit: Double) -> End {
        var last = (number: -1, seconds: 0.0)
        var seconds = 0.0
        while child.isRunning {
            usleep(200_000)
            seconds = max(seconds, Self.processorSeconds(of: child.processIdentifier))
            let (number, peak) = standing
            if number != last.number { last = (number, seconds) }
            if seconds - last.seconds > Self.hang {
                kill(child.processIdentifier, SIGKILL)
                child.waitUntilExit()
                return End(number: number, seconds: seconds, peak: peak, problem: "it hangs")
            }
            if seconds > limit {
                kill(child.processIdentifier, SIGKILL)
                child.waitUntilExit()
                return End(number: number, seconds: seconds, peak: peak, problem: nil)
            }
        }
        let (number, peak) = standing
        let isGrown = child.terminationReason == .exit && child.terminationStatus == 3
        let problem = isGrown ? nil : "the process ended with \(child.terminationStatus)"
        return End(number: number, seconds: max(seconds, 0.2), peak: peak, problem: problem)
    }

    private var standing: (number: Int, peak: Int) {
        let text = FileManager.default.contents(atPath: progress).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let words = text.split(separator: " ").compactMap { Int($0) }
        return words.count == 2 ? (words[0], words[1]) : (0, 0)
    }

    /// User and system time, fields 14 and 15 of the file that proc(5) describes, in clock ticks.
    private static func processorSeconds(of process: Int32) -> Double {
        let text = FileManager.default.contents(atPath: "/proc/\(process)/stat").map {
            String(decoding: $0, as: UTF8.self)
        }
        let fields = text?.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
