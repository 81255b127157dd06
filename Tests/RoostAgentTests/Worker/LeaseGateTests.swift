import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("A job before its lease is confirmed")
struct LeaseGateTests {
    @Test("its folders are made and no step runs; then all of them run")
    func held() async throws {
        try await JobBench.with { bench in
            let lease = LeaseGate()
            bench.lease = lease
            let first = bench.script("echo here")
            let reporter = bench.reporter
            let outcome = try await bench.run { _ in
                await reporter.kept.wait { kept in
                    kept.records.values.contains { $0.name == "Initialize job" && $0.state == "completed" }
                }
                #expect(reporter.kept.value.records[first]?.state == "pending")
                lease.open()
            }
            #expect(outcome.result == .succeeded)
            #expect(bench.lines(first).contains("here"))
        }
    }

    @Test("a job that ends before runs no step at all, not even those that always run", arguments: [true, false])
    func neverHeld(isListenerLost: Bool) async throws {
        try await JobBench.with { bench in
            bench.lease = LeaseGate()
            let first = bench.script("echo here")
            let always = bench.script("echo always", condition: "always()")
            let outcome = try await bench.run { runner in
                runner.cancel(isListenerLost ? .listenerLost : .requested, timeout: .seconds(1))
            }
            #expect(outcome.result == (isListenerLost ? .abandoned : .canceled))
            #expect(bench.lines(first).isEmpty && bench.lines(always).isEmpty)
        }
    }
}
