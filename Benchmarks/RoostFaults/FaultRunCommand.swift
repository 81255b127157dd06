import ArgumentParser
import Foundation

/// One run: jobs in waves, faults all the while, and after each wave the pool has to settle.
struct FaultRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run jobs while things are killed, and see whether everything holds."
    )

    enum Output: String, ExpressibleByArgument { case text, json }

    @Option(help: "Which faults come, and when; the processes themselves go their own way.")
    var seed: UInt64 = 1
    @Option(help: "Jobs, at least.")
    var jobs = 1_000
    @Option(help: "What makes machines: process or sandbox.")
    var provider = FaultProviderKind.process
    @Option(help: "After so many jobs the faults end for a moment and the pool has to settle.")
    var wave = 100
    @Option(help: "Jobs of one run of the pipeline.")
    var runJobs = 20
    @Option(help: "Most machines.")
    var max = 6
    @Option(help: "Machines that stand by.")
    var standby = 2
    @Option(help: "Of 1,000 calls of the provider so many go wrong.")
    var perThousand = 150
    @Option(help: "Longest time between two kills, in milliseconds.")
    var pause = 900
    @Option(help: "Kills of each wave after its jobs have ended.")
    var after = 5
    @Option(help: "Seconds in which the pool has to be what it should be after the last fault.")
    var limit = 10.0
    @Option(name: .shortAndLong, help: "How to print: text or json.")
    var output = Output.text
    @Flag(help: "Keep the run's folder when something did not hold.")
    var keep = false

    func validate() throws {
        guard jobs > 0, wave > 0, runJobs > 0, pause > 0, after >= 0 else {
            throw ValidationError("Numbers must be above 0.")
        }
        guard (0...1_000).contains(perThousand) else { throw ValidationError("--per-thousand is from 0 to 1000.") }
        guard max > 0, (0...max).contains(standby) else { throw ValidationError("--standby is from 0 to --max.") }
    }

    func run() async throws {
        let run = try FaultRun(self)
        let summary = await run.play()
        switch output {
        case .text: print(summary.text)
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(summary), as: UTF8.self))
        }
        guard !summary.findings.isEmpty else { return run.remove() }
        let again = "roost-faults run --seed \(seed) --jobs \(jobs) --provider \(provider.rawValue)"
        FaultRun.say("To try it again: \(again)")
        if keep { FaultRun.say("Its files are in \(run.folder).") } else { run.remove() }
        throw ExitCode.failure
    }
}
