import RoostModel
import RoostPipeline
import Testing

/// A branch under `batch: true`, driven by pushes and ends of runs in random order through the planner alone.
private struct Branch {
    var running: [Int] = []
    var built: [Int] = []
    var held: Int?
    var largestRunning = 0

    mutating func push(_ commit: Int, _ snapshot: TriggerSnapshot) {
        let facts = PushFacts(activeRun: running.first.map(String.init))
        let event = PushEvent(ref: "refs/heads/main", before: "x", after: String(commit))
        switch planPush(event, facts, snapshot) {
        case .queue: start(commit)
        case .hold: held = commit
        case .skip: Issue.record("nothing is filtered here")
        }
    }

    mutating func end() {
        guard !running.isEmpty else { return }
        running.removeFirst()
        if let commit = held, running.isEmpty {
            held = nil
            start(commit)
        }
    }

    private mutating func start(_ commit: Int) {
        running.append(commit)
        built.append(commit)
        largestRunning = max(largestRunning, running.count)
    }
}

@Suite("Batches")
struct BatchPropertyTests {
    @Test("never two runs of a batched branch at once, and the last commit is always built", arguments: 0..<200)
    func batch(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let filter = PushFilter(batch: true, branches: NameFilter(include: ["main"]))
        let snapshot = TriggerSnapshot(triggers: PipelineTriggers(push: .on(filter)))
        var branch = Branch()
        var last = 0
        for _ in 0..<Int.random(in: 1...60, using: &generator) {
            if Bool.random(using: &generator) {
                last += 1
                branch.push(last, snapshot)
            } else {
                branch.end()
            }
        }
        while !branch.running.isEmpty { branch.end() }
        #expect(branch.largestRunning <= 1)
        #expect(branch.built.last ?? 0 == last)
        #expect(branch.built == branch.built.sorted())
    }
}
