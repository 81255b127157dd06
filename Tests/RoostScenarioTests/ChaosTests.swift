import Foundation
import Glibc
import RoostAgent
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

/// Server, listeners and workers are killed at random moments; what was promised must hold all the same.
///
/// `ROOST_CHAOS_RUNS` sets how many runs there are (20), `ROOST_CHAOS_SEED` the moments.
@Suite("Chaos", .serialized, .timeLimit(.minutes(30)))
struct ChaosTests {
    private static let runs = ProcessInfo.processInfo.environment["ROOST_CHAOS_RUNS"].flatMap { Int($0) } ?? 20
    /// Somebody asked for it by number, and runs nothing else beside it.
    private static let isAlone = ProcessInfo.processInfo.environment["ROOST_CHAOS_RUNS"] != nil
    private static let seed =
        ProcessInfo.processInfo.environment["ROOST_CHAOS_SEED"].flatMap { UInt64($0) } ?? 20261124

    /// Writes each line to a file first, so that the test knows what a log should hold.
    private static let yaml = """
        steps:
        - bash: |
            echo "start $(Build.BuildId)" >> "$CHAOS_NOTES/life"
            for i in $(seq 1 30); do
              echo "line $i" >> "$CHAOS_NOTES/$(Build.BuildId)"
              echo "line $i"
              sleep 0.01
            done
            echo "end $(Build.BuildId)" >> "$CHAOS_NOTES/life"
          displayName: talk
        """

    @Test("no run is lost or finished twice, no log has a gap, nothing stays behind")
    func killAnything() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml])
        defer { repository.remove() }
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let mark = "chaos-\(UUID().uuidString)"
        let ground = try await ChaosGround(
            folder: folder.path,
            mark: mark,
            seed: Self.seed,
            unseenLines: Self.isAlone ? 5 : 15,
            agents: 2
        )
        do {
            try await ground.play(runs: Self.runs, repository: repository.path)
        } catch {
            await ground.stop()
            throw error
        }
        await ground.stop()
        #expect(ChaosGround.processes(with: mark).isEmpty)
        let mounts = try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)
        #expect(!mounts.contains(folder.path))
        for agent in 1...2 {
            let temporary = "\(folder.path)/agent-\(agent)/_work/_temp"
            let left = (try? FileManager.default.contentsOfDirectory(atPath: temporary)) ?? []
            #expect(left.isEmpty, "the agent's temporary folder holds \(left)")
        }
    }
}
