import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Versions of images on trial", .timeLimit(.minutes(6)))
struct ElasticTrialTests {
    /// A pool over a gallery whose first version is wanted.
    private func with(
        _ settings: ElasticPoolSettings,
        _ machines: SimulatedMachines,
        _ body: @Sendable @escaping (TestCluster, TestGallery, PoolID) async throws -> Void
    ) async throws {
        let provider = ScriptedProvider(traits: ProviderTraits(images: .required), program: machines.program)
        try await TestCluster.with(providers: ["scripted": provider]) { cluster in
            let gallery = try await TestGallery(cluster)
            let pool = try await cluster.elasticPool(settings, over: gallery)
            try await body(cluster, gallery, pool)
        }
        await provider.shutDown()
    }

    private func settings(max: Int, share: Int, machines: Int = 1, jobs: Int = 20) -> ElasticPoolSettings {
        var settings = ElasticPoolSettings(max: max)
        settings.idleDelay = .zero
        settings.canary = CanarySettings(share: share, machines: machines, jobs: jobs)
        return settings
    }

    @Test(
        "one on which 30 of 100 jobs fail is withdrawn within 20 of its jobs; who pins or excludes never meets it, and no job is ended for it"
    )
    func withdrawn() async throws {
        let diary = TrialDiary(bad: "2.0.0", seed: 1)
        let gate = AsyncStream<Void>.makeStream()
        var machines = try SimulatedMachines()
        machines.whileRunning = { machine, job in
            diary.note(machine, job)
            // It runs on until the version is withdrawn.
            if job.jobDisplayName == "long1" { for await _ in gate.stream { break } }
        }
        machines.result = { _, job in diary.result(job) }
        let share = 10
        try await with(settings(max: 8, share: share, machines: 2), machines) { cluster, gallery, pool in
            try await gallery.publish("2.0.0")
            let candidate = try #require(try await cluster.roll(of: pool) { $0.candidate != nil }.candidate)
            func queue(_ name: String, jobs: Int, _ demand: String? = nil) async throws -> RunID {
                let demands = demand.map { ", demands: '\($0)'" } ?? ""
                let repository = try cluster.repository(pool: "elastic", jobs: jobs, demands: demands, prefix: name)
                defer { repository.remove() }
                return try await cluster.queue(cluster.pipeline(repository, name: name)).id
            }
            let long = try await queue("long", jobs: 1, "Roost.ImageTrial -equals yes")
            let pinned = try await queue("pinned", jobs: 10, "Roost.ImageVersion -equals 1.0.0")
            let excluding = try await queue("excluding", jobs: 10, "Roost.NotImageVersion -equals 2.0.0")
            _ = try await cluster.machines(of: pool) { Set($0.map(\.image.version)).count == 2 }
            let status = try await cluster.client.elasticStatus(pool.rawValue)
            #expect(status.images.map(\.wanted) == ["agents/debian/1.0.0"])
            #expect(status.images.map(\.candidate) == ["agents/debian/2.0.0"])
            #expect(status.images[0].machines.keys.sorted() == ["agents/debian/1.0.0", "agents/debian/2.0.0"])

            // As many jobs as it takes, some at a time.
            var jobs: [Job] = []
            while cluster.plane.read({ $0.elastic[pool]?.roll("main").candidate }) != nil, jobs.count < 1_000 {
                let run = try await queue("plain\(jobs.count)x", jobs: 40)
                jobs += try await cluster.finished(run).jobs
            }
            let after = try await cluster.roll(of: pool) { $0.candidate == nil }
            guard case .failsMore(let failed, let all, _)? = after.withdrawals.first?.finding else {
                Issue.record("\(after)")
                return
            }
            #expect(all <= 20 && failed > 1)
            let held = try cluster.plane.elasticInstances(of: pool).filter { $0.image.digest == candidate.digest }
            #expect(held.map(\.phase) == [.busy], "what runs on it goes on, and it alone")
            gate.continuation.yield()

            for run in [long, pinned, excluding] {
                #expect(try await cluster.finished(run).run.state.result == .succeeded)
            }
            // Each job ended as its agent said: none was cut short.
            let failing = Set(diary.all.filter(\.fails).map(\.job))
            #expect(Set(jobs.filter { $0.state == .finished(.failed) }.map(\.name)) == failing)
            #expect(jobs.count { $0.state == .finished(.succeeded) } == jobs.count - failing.count)
            #expect(diary.versions("pinned") == Array(repeating: "1.0.0", count: 10))
            #expect(diary.versions("excluding") == Array(repeating: "1.0.0", count: 10))
            let tried = diary.all.filter { $0.version == "2.0.0" && !$0.job.hasPrefix("long") }
            #expect(tried.count == all)
            #expect(
                tried.allSatisfy { mayMeetCandidate($0.request, digest: candidate.digest, share: share) },
                "only jobs of its share met it"
            )
            _ = try await cluster.machines(of: pool) { $0.isEmpty }
        }
    }

    @Test("one that is as good is promoted, and standby follows; people promote and withdraw by a command")
    func promoted() async throws {
        let diary = TrialDiary()
        var machines = try SimulatedMachines()
        machines.whileRunning = { machine, job in diary.note(machine, job) }
        var wanted = settings(max: 4, share: 50, jobs: 12)
        wanted.standby = 1
        try await with(wanted, machines) { cluster, gallery, pool in
            func settled(_ version: String) async throws {
                _ = try await cluster.machines(of: pool) {
                    $0.map(\.phase) == [.idle] && $0.map(\.image.version) == ["agents/debian/\(version)"]
                }
            }
            try await settled("1.0.0")
            try await gallery.publish("2.0.0")
            _ = try await cluster.roll(of: pool) { $0.candidate != nil }
            // One machine in three tries it: so many jobs that it meets its twelve, whichever machine is the quicker one.
            let repository = try cluster.repository(pool: "elastic", jobs: 120)
            defer { repository.remove() }
            let run = try await cluster.queue(cluster.pipeline(repository))
            let roll = try await cluster.roll(of: pool) { $0.candidate == nil }
            #expect(roll.wanted?.version == "agents/debian/2.0.0" && roll.withdrawals.isEmpty)
            #expect(try await cluster.finished(run.id).run.state.result == .succeeded)
            #expect(Set(diary.versions("j")) == ["1.0.0", "2.0.0"])
            try await settled("2.0.0")

            func roost(_ words: String) async throws -> (code: Int32, output: String) {
                try await ChildProgram(
                    "roost",
                    words.split(separator: " ").map(String.init),
                    environment: [
                        "ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1",
                    ],
                    folder: cluster.folder.path
                ).finished()
            }
            try await gallery.publish("3.0.0")
            _ = try await cluster.roll(of: pool) { $0.candidate != nil }
            let promoted = try await roost("pool trial promote elastic main")
            #expect(promoted.code == 0 && promoted.output.contains("agents/debian/3.0.0"), "\(promoted.output)")
            try await settled("3.0.0")
            try await gallery.publish("4.0.0")
            _ = try await cluster.roll(of: pool) { $0.candidate != nil }
            let withdrawn = try await roost("pool trial withdraw elastic MAIN")
            #expect(withdrawn.code == 0, "\(withdrawn.output)")
            let status = try await roost("pool status elastic")
            #expect(status.output.contains("withdrawn: agents/debian/4.0.0"), "\(status.output)")
            try await settled("3.0.0")
            let unknown = try await roost("pool trial readmit elastic main --version 9.0.0")
            #expect(
                unknown.code == 1 && unknown.output.contains("Version '9.0.0' of image 'main' is not withdrawn"),
                "\(unknown.output)"
            )
            let readmitted = try await roost("pool trial readmit elastic Main --version 4.0.0")
            #expect(readmitted.code == 0, "\(readmitted.output)")
            let retried = try await cluster.roll(of: pool) { $0.candidate != nil }
            #expect(retried.candidate?.version == "agents/debian/4.0.0" && retried.withdrawals.isEmpty)
            #expect(try await roost("pool trial withdraw elastic main").code == 0)
            let wrong = try await roost("pool trial promote elastic main --version 4.0.0")
            #expect(wrong.code == 64 && wrong.output.contains("'--version' is for 'readmit'"), "\(wrong.output)")
            try await settled("3.0.0")
            let again = try await roost("pool trial promote elastic main")
            #expect(
                again.code == 1 && again.output.contains("No version of image 'main' is on trial"),
                "\(again.output)"
            )
        }
    }
}
