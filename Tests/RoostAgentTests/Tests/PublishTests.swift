import Foundation
import RoostContent
import RoostModel
import RoostWire
import Synchronization
import Testing

@testable import RoostAgent

/// A server's side of test results and coverage, in memory.
final class MemoryTests: ContentHost, TestHost {
    struct Kept: Sendable {
        var runs: [TestRunDraftWire] = []
        var results: [Int: [TestCaseResultWire]] = [:]
        var ended: [Int] = []
        var files: [String] = []
        var coverage: [CodeCoverageDataWire] = []
        var artifacts: [String] = []
        var refusesRuns = false
    }
    struct Away: Error {}

    let kept = Watched(Kept())
    let run = 7

    var tests: (any TestHost)? { self }
    var sink: any ChunkSink { NoChunks() }

    private struct NoChunks: ChunkSink {
        func missing(_ wanted: [ChunkID]) async throws -> Set<ChunkID> { [] }
        func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws {}
    }

    func beginTestRun(_ draft: TestRunDraftWire) async throws -> Int {
        let id = kept.change { kept -> Int in
            if kept.refusesRuns { return 0 }
            kept.runs.append(draft)
            return kept.runs.count
        }
        guard id > 0 else { throw Away() }
        return id
    }
    func addTestResults(_ testRun: Int, _ results: [TestCaseResultWire]) async throws {
        kept.change { $0.results[testRun, default: []] += results }
    }
    func endTestRun(_ testRun: Int) async throws { kept.change { $0.ended.append(testRun) } }
    func attach(_ draft: TestAttachmentDraftWire, testRun: Int, result: Int?) async throws {
        kept.change { $0.files.append("\(testRun)/\(result ?? 0) \(draft.fileName)") }
    }
    func addCoverage(_ data: CodeCoverageDataWire) async throws { kept.change { $0.coverage.append(data) } }

    func publish(_ draft: ArtifactDraftWire) async throws -> StoredArtifactWire {
        kept.change { $0.artifacts.append(draft.name) }
        return StoredArtifactWire(
            Artifact(id: ArtifactID(1), run: RunID(run), name: draft.name, kind: .container, createdAt: Date())
        )
    }
    func associate(_ draft: BuildArtifactWire) async throws { throw Away() }
    func artifacts(of run: Int, name: String?) async throws -> [StoredArtifactWire] { [] }
    func source(of artifact: StoredArtifactWire) -> any ChunkSource { NoSource() }
    func sourceRun(_ query: [(String, String?)]) async throws -> ArtifactSourceWire { throw Away() }
    func findCache(_ keys: [CacheKey]) async throws -> CacheEntryWire? { nil }
    func saveCache(_ draft: CacheDraftWire) async throws -> CacheEntryWire { throw Away() }
    func source(of cache: CacheEntryWire) -> any ChunkSource { NoSource() }

    private struct NoSource: ChunkSource {
        func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] { throw Away() }
    }
}

@Suite("Publishing test results and coverage", .timeLimit(.minutes(6)))
struct PublishTests {
    private static let two = """
        mkdir -p r/sub
        echo '<testsuite name="s"><testcase name="a" classname="c"/><testcase name="b" classname="c"><failure message="hush-hush"/></testcase></testsuite>' > r/TEST-1.xml
        echo '<testsuite><testcase name="d" classname="c"/>' > r/sub/TEST-2.xml
        echo '<testsuite><testcase name="e" classname="c"/></testsuite>' > r/TEST-3.xml
        echo '<testsuite><testcase name="no" classname="c"/></testsuite>' > r/other.xml
        """

    @Test("one file that is broken is told with its place; the others are published, each by itself")
    func files() async throws {
        try await JobBench.with { bench in
            let host = MemoryTests()
            bench.content = host
            bench.masks = ["hush-hush"]
            bench.script(Self.two)
            let step = bench.add(
                PublishTestResultsTask.reference,
                [
                    "testresultsformat": "JUnit", "testresultsfiles": "**/TEST-*.xml\n!**/nothing",
                    "testruntitle": "Unit",
                ]
            )
            let outcome = try await bench.run()
            #expect(outcome.result == .succeededWithIssues)
            #expect(bench.issues(step).map(\.type) == ["error"])
            #expect(bench.issues(step)[0].message?.contains("r/sub/TEST-2.xml:2:1") == true, "\(bench.issues(step))")
            let kept = host.kept.value
            #expect(kept.runs.map(\.name) == ["Unit_1", "Unit_2", "Unit_3"])
            #expect(kept.ended == [1, 2, 3])
            #expect(
                kept.results.mapValues { $0.compactMap(\.automatedTestName) } == [
                    1: ["c.a", "c.b"], 2: ["c.e"], 3: ["c.d"],
                ]
            )
            #expect(kept.results[1]?.map(\.id) == [1, 2])
            #expect(kept.results[1]?[1].errorMessage == "***")
            #expect(kept.files == ["1/0 TEST-1.xml", "2/0 TEST-3.xml", "3/0 TEST-2.xml"])
        }
    }

    struct Fate: Sendable {
        var inputs: [String: String]
        var result: TaskResult
        var runs: Int
    }

    @Test(
        "each input does what it says",
        arguments: [
            Fate(inputs: ["testresultsfiles": "r/TEST-1.xml"], result: .succeeded, runs: 1),
            Fate(
                inputs: ["testresultsfiles": "r/TEST-1.xml", "failtaskonfailedtests": "true"],
                result: .failed,
                runs: 1
            ),
            Fate(
                inputs: ["testresultsfiles": "r/TEST-3.xml", "failtaskonfailedtests": "true"],
                result: .succeeded,
                runs: 1
            ),
            Fate(
                inputs: ["testresultsfiles": "r/sub/*.xml", "failtaskonfailuretopublishresults": "true"],
                result: .failed,
                runs: 1
            ),
            Fate(
                inputs: ["testresultsfiles": "r/TEST-?.xml", "mergetestresults": "true"],
                result: .succeeded,
                runs: 1
            ),
            Fate(inputs: ["testresultsfiles": "TEST-?.xml", "searchfolder": "r"], result: .succeeded, runs: 2),
            Fate(inputs: ["testresultsfiles": "none.xml"], result: .succeeded, runs: 0),
            Fate(
                inputs: ["testresultsfiles": "none.xml", "failtaskonmissingresultsfile": "true"],
                result: .failed,
                runs: 0
            ),
            Fate(inputs: ["testresultsformat": "Pascal"], result: .failed, runs: 0),
        ]
    )
    func inputs(fate: Fate) async throws {
        try await JobBench.with { bench in
            let host = MemoryTests()
            bench.content = host
            bench.script(Self.two)
            let step = bench.add(PublishTestResultsTask.reference, fate.inputs)
            try await bench.run()
            #expect(TaskResult(wire: bench.result(step) ?? "") == fate.result, "\(bench.lines(step))")
            #expect(host.kept.value.runs.count == fate.runs)
        }
    }

    @Test("the commands publish as the tasks do, and coverage adds up its files")
    func commands() async throws {
        try await JobBench.with { bench in
            let host = MemoryTests()
            bench.content = host
            let step = bench.script(
                Self.two + """

                    mkdir -p html; echo x > html/index.html
                    echo '<coverage><packages><package><classes><class filename="a"><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>' > c.xml
                    echo "##vso[results.publish type=junit;mergeResults=true;runTitle=T;platform=x64;config=Debug;publishRunAttachments=false;resultFiles=$PWD/r/TEST-1.xml,r/TEST-3.xml]"
                    echo "##vso[codecoverage.publish codecoveragetool=Cobertura;summaryfile=c.xml;reportdirectory=html]"
                    """
            )
            try await bench.run()
            let kept = host.kept.value
            #expect(bench.result(step) == "succeeded", "\(bench.lines(step))")
            #expect(kept.runs.map(\.name) == ["T"])
            #expect(kept.runs.first?.buildPlatform == "x64")
            #expect(kept.runs.first?.buildFlavor == "Debug")
            #expect(kept.results[1]?.count == 3)
            #expect(kept.files.isEmpty)
            #expect(kept.coverage.map(\.coverageStats) == [[.init(label: "Lines", covered: 1, total: 2)]])
            #expect(kept.artifacts == ["Code Coverage Report_7"])
        }
    }

    @Test("coverage that is missing or broken fails only a step that asks for it")
    func emptyCoverage() async throws {
        try await JobBench.with { bench in
            let host = MemoryTests()
            bench.content = host
            bench.script("echo '<coverage><packages>' > c.xml")
            let lenient = bench.add(PublishCodeCoverageTask.reference, ["summaryfilelocation": "none/*.xml"])
            let broken = bench.add(PublishCodeCoverageTask.reference, ["summaryfilelocation": "c.xml"])
            let strict = bench.add(
                PublishCodeCoverageTask.reference,
                ["summaryfilelocation": "none/*.xml", "failifcoverageempty": "true"]
            )
            try await bench.run()
            #expect(bench.result(lenient) == "succeeded")
            #expect(bench.result(broken) == "succeededWithIssues")
            #expect(bench.issues(broken).first?.message?.contains("c.xml:2:1") == true)
            #expect(bench.result(strict) == "failed")
            #expect(host.kept.value.coverage.isEmpty)
        }
    }

    @Test("a server that does not take results fails only a step that says so")
    func away() async throws {
        try await JobBench.with { bench in
            let host = MemoryTests()
            host.kept.change { $0.refusesRuns = true }
            bench.content = host
            bench.script(Self.two)
            let lenient = bench.add(PublishTestResultsTask.reference, ["testresultsfiles": "r/TEST-1.xml"])
            let strict = bench.add(
                PublishTestResultsTask.reference,
                ["testresultsfiles": "r/TEST-1.xml", "failtaskonfailuretopublishresults": "true"]
            )
            try await bench.run()
            #expect(bench.result(lenient) == "succeededWithIssues")
            #expect(bench.result(strict) == "failed")
        }
    }
}
