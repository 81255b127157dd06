import Foundation
import RoostModel
import Testing

@Suite("What of an agent's disk goes")
struct UpkeepPlanTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let megabyte = 1_000_000
    private static let disk = UpkeepDisk(size: 2000 * megabyte, free: 300 * megabyte)

    private static func item(
        _ kind: UpkeepItem.Kind,
        _ name: String,
        megabytes: Int,
        hours: Double,
        cost: Double = 0,
        use: UpkeepItem.Use = .free,
        standing: UpkeepItem.Standing = .current,
        leansOn: Set<UpkeepItem.ID> = [],
        isOnDisk: Bool = true
    ) -> UpkeepItem {
        UpkeepItem(
            UpkeepItem.ID(kind, name),
            bytes: megabytes * megabyte,
            lastUse: now.addingTimeInterval(-hours * 3600),
            cost: cost,
            use: use,
            standing: standing,
            leansOn: leansOn,
            isOnDisk: isOnDisk
        )
    }

    private static func plan(
        _ items: [UpkeepItem],
        free: Int = 300,
        needs: [Int] = [],
        occasion: UpkeepOccasion = .beforeJob,
        policy: UpkeepPolicy = UpkeepPolicy()
    ) -> UpkeepPlan {
        let snapshot = UpkeepSnapshot(
            disk: UpkeepDisk(size: disk.size, free: free * megabyte),
            items: items,
            needs: needs.map { $0 * megabyte },
            occasion: occasion
        )
        return planUpkeep(snapshot, policy: policy, at: now)
    }

    private static func names(_ plan: UpkeepPlan) -> [String] {
        plan.decisions.map { "\($0.item.id.name) \($0.reason.code)" }
    }

    // MARK: Examples

    @Test(
        "the worked example: what is worth least for its size goes, until there is a quarter more than should stay free"
    )
    func example() {
        let items = [
            Self.item(.mirror, "x", megabytes: 200, hours: 1, cost: 20),
            Self.item(.mirror, "w", megabytes: 300, hours: 3, cost: 30),
            Self.item(.workspace, "3", megabytes: 200, hours: 2, cost: 1),
        ]
        let plan = Self.plan(items)
        #expect(Self.names(plan) == ["3 room", "w room"])
        #expect(plan.free == 800 * Self.megabyte && plan.wanted == 500 * Self.megabyte)
        #expect(plan.target == 625 * Self.megabyte && plan.shortage == nil && plan.mayTakeJobs)
        #expect(
            plan.decisions[0].reason.sentence
                == "room is needed (300 MB free, 625 MB wanted), and it is worth least: unused for 2 h, about 1 s to get it again"
        )
    }

    @Test("a disk with room loses nothing that is not too old")
    func room() {
        let items = [Self.item(.workspace, "1", megabytes: 900, hours: 24 * 29, cost: 1)]
        #expect(Self.names(Self.plan(items, free: 500)) == [])
        #expect(Self.names(Self.plan(items, free: 499)) == ["1 room"])
    }

    @Test("ages are those of the policy, for each kind, and a job that runs makes nobody look at them")
    func ages() throws {
        let items = [
            Self.item(.workspace, "1", megabytes: 1, hours: 24 * 30),
            Self.item(.workspace, "2", megabytes: 1, hours: 24 * 29),
            Self.item(.task, "t/1.0.0", megabytes: 1, hours: 25, standing: .superseded(by: "1.2.0")),
            Self.item(.task, "t/1.1.0", megabytes: 1, hours: 23, standing: .superseded(by: "1.2.0")),
            Self.item(.log, "l", megabytes: 1, hours: 24 * 7), Self.item(.tool, "go", megabytes: 1, hours: 24 * 89),
            Self.item(.workspace, "9", megabytes: 1, hours: 2, standing: .abandoned),
            Self.item(.workspace, "8", megabytes: 1, hours: 24 * 400, use: .held),
        ]
        let usual = ["l unused", "t/1.0.0 superseded", "1 unused", "9 abandoned"]
        #expect(Self.names(Self.plan(items, free: 1000)) == usual)
        #expect(Self.names(Self.plan(items, free: 1000, occasion: .duringJob)) == [])
        let policy = try UpkeepPolicy(parsing: "workspace=29d, oldtask=never, log=never, tool=80d")
        #expect(
            Self.names(Self.plan(items, free: 1000, policy: policy)) == [
                "go unused", "1 unused", "2 unused", "9 abandoned",
            ]
        )
        #expect(Self.names(Self.plan(items, free: 0, policy: try UpkeepPolicy(parsing: "off"))) == [])
    }

    @Test("what the hungriest of the last jobs needed is free before the next, and half of the disk at most")
    func needs() {
        let items = (0..<19).map { Self.item(.workspace, "\($0)", megabytes: 80, hours: Double($0), cost: 1) }
        #expect(Self.plan(items, free: 480, needs: [10, 600, 20]).wanted == 750 * Self.megabyte)
        #expect(Self.plan(items, free: 480, needs: [1900]).wanted == 1000 * Self.megabyte)
        // While it runs, what it needs is not needed once more.
        #expect(Self.plan(items, free: 480, needs: [1900], occasion: .duringJob).decisions.isEmpty)
        #expect(Self.plan(items, free: 249, occasion: .duringJob).free == 569 * Self.megabyte)
    }

    @Test("a mirror goes with what borrows from it, and stays while a job works with that")
    func leaning() {
        let mirror = UpkeepItem.ID(.mirror, "m")
        func items(_ use: UpkeepItem.Use) -> [UpkeepItem] {
            [
                Self.item(.mirror, "m", megabytes: 400, hours: 50, cost: 1),
                Self.item(.workspace, "1", megabytes: 10, hours: 50, cost: 90, use: use, leansOn: [mirror]),
                Self.item(.tree, "m/tree", megabytes: 10, hours: 50, cost: 90, leansOn: [mirror]),
            ]
        }
        #expect(Self.names(Self.plan(items(.free))) == ["m room", "m/tree leans", "1 leans"])
        let held = Self.plan(items(.held))
        #expect(Self.names(held) == ["m/tree room"])
        #expect(held.shortage == 190 * Self.megabyte && held.mayTakeJobs)
    }

    @Test("with less than the floor no job is taken; what is on another disk gives no room")
    func shortage() {
        let items = [
            Self.item(.workspace, "1", megabytes: 900, hours: 5, use: .held),
            Self.item(.tool, "go", megabytes: 900, hours: 5, use: .kept("it is the owner's")),
            Self.item(.log, "l", megabytes: 900, hours: 5, isOnDisk: false),
        ]
        let plan = Self.plan(items, free: 124)
        #expect(plan.decisions.isEmpty && plan.shortage == 376 * Self.megabyte && !plan.mayTakeJobs)
        #expect(Self.plan(items, free: 125).mayTakeJobs)
    }

    @Test(
        "a policy is read from text",
        arguments: [
            ("free=20%", 2000, 400, 100), ("free=5g", 2000, 1000, 250), ("free=100m,least=50m", 2000, 100, 50),
            ("", 2000, 500, 125), ("", 100_000, 10_000, 1000), ("", 1_000_000, 20_000, 1000), ("", 400, 100, 25),
        ]
    )
    func policy(_ text: String, _ size: Int, _ reserve: Int, _ floor: Int) throws {
        let policy = try UpkeepPolicy(parsing: text)
        #expect(policy.reserve(of: size * Self.megabyte) == reserve * Self.megabyte)
        #expect(policy.floor(of: size * Self.megabyte) == floor * Self.megabyte)
    }

    @Test(
        "a text that is no policy says what is wrong",
        arguments: [
            ("fre=1g", "'fre' is not known; there are free, least, workspace, mirror, task, oldtask, tool, image, log"),
            ("free=90%", "'90%' is no value for 'free': a size such as 5g or 500m, or a share such as 10%"),
            ("workspace=30", "'30' is no value for 'workspace': days such as 30d, or never"),
            (
                "off,free=1g",
                "'off' is not known; there are free, least, workspace, mirror, task, oldtask, tool, image, log"
            ),
        ]
    )
    func fault(_ text: String, _ words: String) {
        let fault = #expect(throws: UpkeepPolicy.Fault.self) { try UpkeepPolicy(parsing: text) }
        #expect(fault?.description == words)
    }

    // MARK: Properties

    private static func world(_ seed: UInt64) -> (UpkeepSnapshot, UpkeepPolicy) {
        var random = SeededGenerator(seed: seed)
        let kinds: [UpkeepItem.Kind] = [.workspace, .task, .tool, .log, .image]
        var items = (0..<Int.random(in: 0...8, using: &random)).map { index in
            item(
                .mirror,
                "m\(index)",
                megabytes: Int.random(in: 0...300, using: &random),
                hours: Double.random(in: 0...3000, using: &random),
                cost: Double.random(in: 0...60, using: &random),
                use: Int.random(in: 0..<4, using: &random) == 0 ? .held : .free
            )
        }
        let mirrors = items.map(\.id)
        for index in 0..<Int.random(in: 0...30, using: &random) {
            let kind = kinds.randomElement(using: &random) ?? .log
            let use: UpkeepItem.Use =
                switch Int.random(in: 0..<6, using: &random) {
                case 0: .held
                case 1: .kept("somebody wants it")
                default: .free
                }
            let standing: UpkeepItem.Standing =
                switch Int.random(in: 0..<8, using: &random) {
                case 0: .abandoned
                case 1: .superseded(by: "2.0.0")
                default: .current
                }
            items.append(
                item(
                    kind,
                    "\(index)",
                    megabytes: Int.random(in: 0...200, using: &random),
                    hours: Double.random(in: 0...3000, using: &random),
                    cost: Double.random(in: 0...60, using: &random),
                    use: use,
                    standing: standing,
                    leansOn: kind == .workspace
                        ? Set(mirrors.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }) : [],
                    isOnDisk: Int.random(in: 0..<10, using: &random) > 0
                )
            )
        }
        let occasion = UpkeepOccasion.allCases.randomElement(using: &random) ?? .start
        let snapshot = UpkeepSnapshot(
            disk: UpkeepDisk(size: 4000 * megabyte, free: Int.random(in: 0...1500, using: &random) * megabyte),
            items: items.shuffled(using: &random),
            needs: (0..<Int.random(in: 0...5, using: &random)).map { _ in
                Int.random(in: 0...1500, using: &random) * megabyte
            },
            occasion: occasion
        )
        var policy = UpkeepPolicy()
        if Bool.random(using: &random) { policy.free = .percent(Int.random(in: 1...50, using: &random)) }
        policy.days[.workspace] = Bool.random(using: &random) ? Int.random(in: 0...100, using: &random) : nil
        return (snapshot, policy)
    }

    /// What is left after a plan was carried out.
    private static func after(_ snapshot: UpkeepSnapshot, _ plan: UpkeepPlan) -> UpkeepSnapshot {
        var next = snapshot
        let gone = Set(plan.decisions.map(\.item.id))
        next.items.removeAll { gone.contains($0.id) }
        next.disk.free = plan.free
        return next
    }

    @Test(
        "in any world: nothing in use goes, nor what it needs; enough goes or nothing is left; no more than needed; a second plan is empty"
    )
    func properties() {
        for seed in 0..<3000 as Range<UInt64> {
            let (snapshot, policy) = Self.world(seed)
            let plan = planUpkeep(snapshot, policy: policy, at: Self.now)
            let gone = Set(plan.decisions.map(\.item.id))
            #expect(gone.count == plan.decisions.count, "something goes twice, seed \(seed)")
            #expect(plan.decisions.allSatisfy { $0.item.use == .free }, "something in use goes, seed \(seed)")
            let needed = snapshot.items.filter { $0.use != .free }.reduce(into: Set()) { $0.formUnion($1.leansOn) }
            #expect(gone.isDisjoint(with: needed), "something goes that is needed, seed \(seed)")
            let freed = plan.decisions.filter(\.item.isOnDisk).reduce(0) { $0 + $1.item.bytes }
            #expect(plan.free == snapshot.disk.free + freed, "seed \(seed)")
            let left = Self.after(snapshot, plan)
            let couldGo = left.items.contains { item in
                item.use == .free && item.isOnDisk && item.bytes > 0 && !needed.contains(item.id)
            }
            #expect(plan.shortage == nil || !couldGo, "too little goes, seed \(seed)")
            // Without the last that went for room there would be too little.
            if let last = plan.decisions.lastIndex(where: { $0.reason.code == "room" }) {
                let rest = plan.decisions[last...].filter(\.item.isOnDisk).reduce(0) { $0 + $1.item.bytes }
                #expect(plan.free - rest < plan.target, "too much goes, seed \(seed)")
            }
            let again = planUpkeep(left, policy: policy, at: Self.now)
            #expect(again.decisions.isEmpty && again.free == plan.free, "a second plan does more, seed \(seed)")
            var other = snapshot
            other.items.sort { $0.id < $1.id }
            #expect(planUpkeep(other, policy: policy, at: Self.now) == plan, "the order of items matters, seed \(seed)")
            // Whatever leaned on what goes has gone with it.
            let lost = left.items.filter { $0.use == .free && !$0.leansOn.isDisjoint(with: gone) }
            #expect(lost.isEmpty, "something is left that is of no use, seed \(seed)")
        }
    }

    @Test(
        "the disk is looked at the more often the less is free",
        arguments: [(0, 50), (100, 50), (500, 250), (2000, 1000), (10_000, 5000), (900_000, 5000)]
    )
    func watch(_ megabytes: Int, _ milliseconds: Int) {
        #expect(UpkeepWatch.pause(free: megabytes * Self.megabyte) == .milliseconds(milliseconds))
    }
}
