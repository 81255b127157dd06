import ArgumentParser
import Foundation
import RoostFuzzing

/// `roost-fuzz`: tries the languages with inputs nobody would write.
///
/// A child process works through numbered inputs; this one watches it, so that a crash or a hang costs the one input that caused it.
@main
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roost-fuzz",
        abstract: "Try YAML, templates and expressions with mutated and generated inputs.",
        discussion:
            "Inputs that crash, hang, take too much memory or break a rule are written into the folder of findings."
    )

    @Option(help: "Minutes of processor time.")
    var minutes = 1.0

    @Option(help: "Inputs depend on the seed and their number only.")
    var seed: UInt64 = 1

    @Option(help: "A folder of pipelines to begin with; may be repeated.")
    var corpus: [String] = []

    @Option(help: "Where inputs are written that break a rule.")
    var findings = "fuzz-findings"

    @Option(help: "Megabytes of memory a process may come to use.")
    var memory = 1024

    @Flag(help: "Try templates of images only.")
    var images = false

    @Option(help: .hidden)
    var childFrom: Int?

    @Option(help: .hidden)
    var progress: String?

    @Option(help: "Try one file that was found before, and nothing else.")
    var replay: String?

    func run() throws {
        if let replay { return try again(replay) }
        if let childFrom, let progress {
            try FuzzChild(source: source, progress: progress, findings: findings, memory: memory).run(from: childFrom)
        } else {
            try FuzzParent(self, source: source).run()
        }
    }

    private var source: FuzzSource { FuzzSource(seed: seed, seeds: FuzzSeeds(folders: corpus), onlyImages: images) }

    private func again(_ path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("There is no file '\(path)'.")
        }
        let start = ProcessClock.seconds
        let failures = FuzzCheck().failures(of: FuzzInput(encoded: [UInt8](data)))
        for failure in failures { print(failure) }
        print("\(failures.count) failures in \(ProcessClock.seconds - start) s, \(ProcessClock.peakMegabytes) MB")
        if !failures.isEmpty { throw ExitCode(1) }
    }
}

/// What this process has used.
enum ProcessClock {
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static var peakMegabytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss) / 1024
    }
}
