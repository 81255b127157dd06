import Foundation
import RoostModel
import Testing

@testable import RoostAgent

@Suite("Cancel at random moments", .timeLimit(.minutes(4)))
struct RandomCancelTests {
    /// Writes numbered lines as fast as it can, and notes each once it is written; starts processes that do not want to go.
    private static let script = """
        trap '' INT
        setsid sh -c 'trap "" INT TERM; while :; do sleep 3600; done' >/dev/null 2>&1 &
        (trap '' INT TERM; sleep 3600) >/dev/null 2>&1 &
        nohup sleep 3600 >/dev/null 2>&1 &
        n=0
        while :; do
          n=$((n+1))
          echo "line $n"
          echo $n >> "$NOTES"
        done
        """

    /// Numbers of the lines that a log has.
    private static func numbers(_ lines: [String]) -> [Int] {
        lines.compactMap { line in
            line.split(separator: " ").last.flatMap { line.contains("line ") ? Int($0) : nil }
        }
    }

    private static func survivors(_ job: UUID) -> [String] {
        let mark = Array("\(ProcessTree.markName)=vsts_\(job.uuidString.lowercased())".utf8)
        return ProcessEntry.all().compactMap { entry in
            guard let environment = ProcFile.read("/proc/\(entry.pid)/environ", limit: 1 << 20),
                environment.split(separator: 0).contains(where: { $0.elementsEqual(mark) })
            else { return nil }
            return SmallFile.read("/proc/\(entry.pid)/cmdline")?.replacing("\0", with: " ") ?? "\(entry.pid)"
        }
    }

    @Test(
        "no process is left, what must run at the end runs, and every line that was written is in the log",
        arguments: 1...10
    )
    func cancel(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let moment = Int.random(in: 1...400, using: &random)
        let grace = Int.random(in: 0...200, using: &random)
        try await JobBench.with { bench in
            let notes = "\(bench.folder)/notes"
            bench.variables = [
                "PROCESS_SIGINT_TIMEOUT": OutputVariable(value: "\(grace)"),
                "PROCESS_SIGTERM_TIMEOUT": OutputVariable(value: "\(grace)"),
            ]
            let first = bench.script("echo before")
            let step = bench.script(Self.script, environment: ["NOTES": notes])
            let after = bench.script("echo never")
            let cleaning = bench.script("echo cleaned; test -s '\(notes)' && echo noted", condition: "always()")
            let current = bench
            let outcome = try await bench.run { runner in
                await current.waitForLine("line \(moment)", in: step)
                runner.cancel(.requested, timeout: .seconds(60))
            }
            #expect(outcome.result == .canceled)
            #expect(Self.survivors(bench.job) == [])
            #expect(bench.result(first) == "succeeded" && bench.result(step) == "canceled")
            #expect(bench.result(after) == "skipped" && bench.result(cleaning) == "succeeded")
            #expect(bench.lines(cleaning).contains("cleaned") && bench.lines(cleaning).contains("noted"))
            let shown = Self.numbers(bench.lines(step))
            let noted = (SmallFile.read(notes, limit: 16 << 20) ?? "").split(separator: "\n").count
            #expect(shown == Array(1...max(shown.count, 1)), "lines are missing or out of order")
            #expect(shown.count >= max(noted, moment), "\(noted) lines were written, \(shown.count) are in the log")
            #expect(bench.lines(step).last?.contains("Finishing") == true)
        }
    }
}
