import FoundationEssentials
import RoostModel
import Testing

@Suite("Which cache entry serves, and which goes")
struct CachePlanTests {
    private static let project = ProjectID(UUID(uuid: (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    private static let start = Date(timeIntervalSinceReferenceDate: 0)

    private func entry(
        _ id: Int,
        _ scope: String,
        _ key: [String],
        at seconds: Double = 0,
        usedAt used: Double? = nil,
        size: Int = 10
    ) -> CacheEntry {
        CacheEntry(
            id: CacheID(id),
            project: Self.project,
            pipeline: PipelineID(1),
            scope: scope,
            key: CacheKey(key),
            content: ContentReference(space: "s", manifest: [], files: 1, size: size),
            run: RunID(1),
            createdAt: Self.start + seconds,
            lastUsedAt: Self.start + (used ?? seconds)
        )
    }

    private func scopes(_ own: String, _ readable: [String]) -> CacheScopes {
        var scopes = CacheScopes(Self.run(branch: own))
        (scopes.own, scopes.readable) = (own, readable)
        return scopes
    }

    static func run(branch: String, pull: RunPullRequest? = nil, default base: String = "refs/heads/main") -> Run {
        var run = Run(
            id: RunID(1),
            pipeline: PipelineID(1),
            pipelineName: "p",
            project: project,
            planID: PlanID(UUID()),
            timelineID: UUID(),
            number: "1",
            sourceBranch: branch,
            sourceVersion: "",
            repository: PipelineRepository(url: "u", name: "n", defaultBranch: base),
            requestedBy: "x",
            plan: RunPlan(stages: []),
            queuedAt: start
        )
        run.cause.pullRequest = pull
        return run
    }

    private static func pull(isFork: Bool, source: String = "refs/heads/topic") -> RunPullRequest {
        RunPullRequest(
            number: 7,
            id: "7",
            sourceBranch: source,
            targetBranch: "refs/heads/release",
            sourceCommit: "",
            isFork: isFork
        )
    }

    @Test("the whole key wins over beginnings, the own branch over the default one, the newest over older ones")
    func choice() {
        let mine = scopes("b", ["b", "main"])
        let all = [
            entry(1, "main", ["npm", "1"]), entry(2, "b", ["npm", "0"], at: 5), entry(3, "b", ["npm", "00"], at: 9),
            entry(4, "other", ["npm", "1"], at: 99),
        ]
        let exact = chooseCache([CacheKey(["npm", "1"]), CacheKey(["npm"])], scopes: mine, among: all)
        #expect(exact == CacheChoice(entry: all[0], isExact: true))
        let near = chooseCache([CacheKey(["npm", "2"]), CacheKey(["npm"])], scopes: mine, among: all)
        #expect(near == CacheChoice(entry: all[2], isExact: false))
        #expect(chooseCache([CacheKey(["npm"])], scopes: mine, among: all) == nil, "the first key is no beginning")
        #expect(chooseCache([CacheKey(["x"]), CacheKey(["np"])], scopes: mine, among: all) == nil, "parts are whole")
    }

    @Test("a run reads what more trusted branches wrote, and no run reads what a fork or a request wrote but theirs")
    func trust() {
        let main = CacheScopes(Self.run(branch: "refs/heads/main"))
        let topic = CacheScopes(Self.run(branch: "refs/heads/topic"))
        let request = CacheScopes(Self.run(branch: "refs/pull/7/merge", pull: Self.pull(isFork: false)))
        let fork = CacheScopes(
            Self.run(branch: "refs/heads/main", pull: Self.pull(isFork: true, source: "refs/heads/main"))
        )
        #expect(main.readable == ["refs/heads/main"])
        #expect(topic.readable == ["refs/heads/topic", "refs/heads/main"])
        #expect(request.readable == ["pull:7", "refs/heads/release", "refs/heads/main"])
        #expect(fork.own == "fork:7")
        #expect(fork.readable == ["fork:7", "refs/heads/release", "refs/heads/main"])
        for trusted in [main, topic] {
            #expect(!trusted.readable.contains(fork.own))
            #expect(!trusted.readable.contains(request.own))
        }
    }

    @Test("unused entries go first, then those used longest ago until the rest fits; planning again changes nothing")
    func eviction() {
        let day = 86_400.0
        let now = Self.start + 10 * day
        let all = [
            entry(1, "b", ["a"], at: 0, usedAt: 2 * day), entry(2, "b", ["b"], at: 0, usedAt: 8 * day, size: 60),
            entry(3, "b", ["c"], at: 0, usedAt: 9 * day, size: 50),
            entry(4, "b", ["d"], at: 0, usedAt: 9.5 * day, size: 40),
        ]
        let plan = planCacheEviction(all, keep: .seconds(7 * 86_400), limit: 100, at: now)
        #expect(
            plan == [
                CacheEviction(entry: CacheID(1), reason: .unused(days: 7)),
                CacheEviction(entry: CacheID(2), reason: .overLimit(bytes: 150)),
            ]
        )
        let rest = all.filter { entry in !plan.contains { $0.entry == entry.id } }
        #expect(planCacheEviction(rest, keep: .seconds(7 * 86_400), limit: 100, at: now).isEmpty)
    }
}
