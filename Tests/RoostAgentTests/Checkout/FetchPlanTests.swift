import Testing

@testable import RoostAgent

@Suite("How a checkout gets its commits")
struct FetchPlanTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var facts: FetchFacts
        var plan: FetchPlan
        var testDescription: String { name }

        init(_ name: String, _ plan: FetchPlan, _ change: (inout FetchFacts) -> Void) {
            self.name = name
            self.plan = plan
            facts = FetchFacts()
            change(&facts)
        }
    }

    static let cases = [
        Case("the first on a machine, without a pool", .make(.origin)) { _ in },
        Case("the first on a machine, with a pool", .make(.pool)) { $0.pool = .init() },
        Case("the mirror has it, whatever else", .fromMirror) {
            $0.pool = .init()
            $0.hasMirror = true
            $0.mirrorHasCommit = true
            $0.depth = 1
            $0.filter = "blob:none"
        },
        Case("news, with a pool", .refresh(.pool)) {
            $0.pool = .init()
            $0.hasMirror = true
        },
        Case("news, while the pool was slower than the repository's own address", .refresh(.origin)) {
            $0.pool = .init()
            $0.hasMirror = true
            $0.rates.pool = 1_000_000
            $0.rates.origin = 3_000_000
        },
        Case("one commit, without a pool", .direct(.origin)) { $0.depth = 1 },
        Case("one commit of a small repository", .make(.pool)) {
            $0.depth = 1
            $0.pool = .init(size: 40_000_000)
        },
        Case("one commit of a large repository", .direct(.pool)) {
            $0.depth = 1
            $0.pool = .init(size: 900_000_000)
        },
        Case("one commit of a small repository over a slow line", .direct(.pool)) {
            $0.depth = 1
            $0.pool = .init(size: 40_000_000)
            $0.rates.pool = 2_000_000
        },
        Case("one commit where the pool cannot give packs", .direct(.pool)) {
            $0.depth = 1
            $0.pool = .init(size: nil)
        },
        Case("a filter, with a small repository in the pool", .make(.pool)) {
            $0.filter = "blob:none"
            $0.pool = .init(size: 40_000_000)
        },
        Case("a filter, with a large repository in the pool, which may not be asked later", .direct(.origin)) {
            $0.filter = "blob:none"
            $0.pool = .init(size: 900_000_000)
        },
        Case("a folder of this machine", .direct(.origin)) {
            $0.isLocal = true
            $0.pool = .init()
        },
        Case("mirrors turned off", .direct(.origin)) {
            $0.isOff = true
            $0.pool = .init()
            $0.mirrorHasCommit = true
        },
        Case("the tip of whatever the default branch is", .direct(.origin)) {
            $0.namesCommit = false
            $0.pool = .init()
        },
    ]

    @Test("follows from what is there, what is asked for, and what was measured", arguments: cases)
    func plan(_ known: Case) {
        let decision = planFetch(known.facts)
        #expect(decision.plan == known.plan, "\(decision.reason)")
        #expect(!decision.reason.isEmpty)
    }

    @Test("rates follow large transfers only, and come back from their file")
    func rates() throws {
        var rates = FetchRates()
        rates.note(.pool, bytes: 1000, in: .seconds(1))
        #expect(rates == FetchRates())
        rates.note(.origin, bytes: 10_000_000, in: .seconds(2))
        #expect(rates.origin == 5_000_000)
        for _ in 0..<50 { rates.note(.pool, bytes: 2_000_000, in: .seconds(1)) }
        #expect(rates.pool < 2_100_000 && rates.isPoolSlower)
    }

    @Test("the parts of git's own account are added up")
    func trace() {
        let lines = """
            {"event":"region_leave","category":"fetch","label":"remote_refs","t_rel":0.25}
            {"event":"region_leave","category":"fetch-pack","label":"negotiation_v2","t_rel":0.05}
            {"event":"data","category":"progress","key":"total_objects","value":"12"}
            {"event":"data","category":"progress","key":"total_bytes","value":4096}
            {"event":"region_leave","category":"progress","label":"Receiving objects","t_rel":1.5}
            {"event":"region_leave","category":"progress","label":"Resolving deltas","t_rel":0.5}
            {"event":"region_leave","category":"fetch","label":"consume_refs","t_rel":0.125}
            {"event":"region_leave" this is cut
            """
        let trace = FetchTrace(lines)
        #expect(trace.negotiate == .milliseconds(300))
        #expect(trace.resolve == .milliseconds(625))
        #expect(trace.bytes == 4096)
    }
}
