import Foundation
import RoostModel
import Testing

@Suite("Several images and versions in one pool")
struct ScalingImageTests {
    private func version(_ image: String, _ number: String, capabilities: Capabilities? = [:]) -> ScalingVersion {
        let version = ElasticInstance.Image(name: image, version: "g/\(image)/\(number)", digest: "\(image)-\(number)")
        let offer: Capabilities = [ElasticOffer.image: image, ElasticOffer.version: number, ElasticOffer.trial: "no"]
        return ScalingVersion(version, capabilities: capabilities, offer: offer)
    }

    private func image(_ name: String, standby: Int = 0, capabilities: Capabilities? = [:]) -> ScalingImage {
        ScalingImage(name: name, standby: standby, wanted: version(name, "1.0.0", capabilities: capabilities))
    }

    private func job(_ request: Int, _ demands: String...) throws -> WaitingJob {
        WaitingJob(RequestID(request), demands: Set(try demands.map { try Demand(parsing: $0) }))
    }

    private func machine(
        _ number: Int,
        _ phase: ElasticPhase,
        _ version: ScalingVersion?,
        lifetime: Int = 0
    ) -> InstanceFacts {
        let image = version?.image ?? ElasticInstance.Image()
        return InstanceFacts(number, phase, lifetime: .seconds(lifetime), image: image, providerID: "p\(number)")
    }

    private func snapshot(max: Int = 4, _ images: [ScalingImage], _ jobs: [WaitingJob]) -> ScalingSnapshot {
        let policy = ScalingPolicy(max: max, canaryShare: 10, canaryMachines: 1)
        return ScalingSnapshot(pool: PoolID(1), policy: policy, images: images, waiting: jobs)
    }

    private func made(_ plan: ScalingPlan) -> [String] {
        plan.actions.compactMap { if case .create(_, let image, _) = $0 { image.digest } else { nil } }
    }

    @Test("a job gets a machine of the first image that meets its demands")
    func first() throws {
        let images = [
            image("linux"), image("docker", capabilities: ["docker": "29"]),
            image("other", capabilities: ["docker": "30"]),
        ]
        let plan = planScaling(snapshot(images, [try job(1), try job(2, "docker"), try job(3, "windows")]))
        #expect(made(plan) == ["linux-1.0.0", "docker-1.0.0"])
        #expect(plan.prospects[RequestID(3)] == .short(.noImage))
    }

    @Test("what an image offers that nobody has seen yet may be anything but another image")
    func unknown() throws {
        let images = [image("linux", capabilities: nil), image("docker", capabilities: nil)]
        let plan = planScaling(snapshot(images, [try job(1, "go"), try job(2, "ImageOverride -equals docker")]))
        #expect(made(plan) == ["linux-1.0.0", "docker-1.0.0"])
    }

    @Test("a pinned version is made though another is wanted; one that is refused is not")
    func pins() throws {
        var main = image("main")
        main.others = [version("main", "0.9.0")]
        let jobs = [
            try job(1, "Roost.ImageVersion -equals 0.9.0"), try job(2, "Roost.NotImageVersion -equals 1.0.0"),
            try job(3),
        ]
        #expect(made(planScaling(snapshot([main], jobs))) == ["main-0.9.0", "main-0.9.0", "main-1.0.0"])
        main.quarantined = ["main-0.9.0"]
        #expect(planScaling(snapshot([main], jobs)).prospects[RequestID(1)] == .short(.noImage))
    }

    @Test("at the maximum an idle machine of another image makes room for a job, though it is on standby")
    func room() throws {
        var world = snapshot(max: 1, [image("a", standby: 1), image("b")], [try job(1, "ImageOverride -equals b")])
        world.instances = [machine(1, .idle, world.images[0].wanted)]
        let plan = planScaling(world)
        #expect(plan.actions.text == "explain 1 (jobs: at max) · delete 1 (makes room for image 'b')")
    }

    @Test("only chosen jobs meet a candidate, one machine of it is made, and others wait for nothing")
    func canary() throws {
        var main = image("main")
        main.candidate = version("main", "2.0.0")
        let numbers = Array(1...200)
        let chosen = numbers.filter { mayMeetCandidate(RequestID($0), digest: "main-2.0.0", share: 10) }
        let jobs = try numbers.prefix(60).map { try job($0) }
        let plan = planScaling(snapshot(max: 60, [main], jobs))
        #expect(made(plan).count { $0 == "main-2.0.0" } == 1)
        var world = snapshot(max: 1, [main], try numbers.filter { !chosen.contains($0) }.prefix(3).map { try job($0) })
        world.instances = [machine(1, .idle, main.candidate)]
        #expect(planScaling(world).prospects.values.allSatisfy { if case .short = $0 { true } else { false } })
        world.waiting = [try job(chosen[0])]
        #expect(planScaling(world).prospects[RequestID(chosen[0])] == .idle(machine: 1))
    }

    @Test("at the maximum a used machine makes room for a candidate once, when a chosen job waits")
    func canaryRoom() throws {
        var main = image("main")
        main.candidate = version("main", "2.0.0")
        let chosen = try #require((1...500).first { mayMeetCandidate(RequestID($0), digest: "main-2.0.0", share: 10) })
        var world = snapshot(max: 2, [main], [try job(chosen), try job(1_000), try job(1_001)])
        world.instances = [machine(1, .used, main.wanted), machine(2, .used, main.wanted)]
        #expect(planScaling(world).actions.text.hasPrefix("delete 1 (makes room for the new image) · reimage 2 (used)"))
    }

    @Test("machines of a withdrawn version go at once, busy ones after their job")
    func withdrawn() {
        var main = image("main")
        main.quarantined = ["main-2.0.0"]
        let bad = version("main", "2.0.0")
        var world = snapshot([main], [])
        world.instances = [
            machine(1, .idle, bad), machine(2, .busy, bad), machine(3, .used, bad), machine(4, .booting, bad),
        ]
        let plan = planScaling(world)
        #expect(
            plan.actions.text
                == "delete 1 (withdrawn image) · delete 4 (withdrawn image) · delete 3 (withdrawn image)"
        )
    }

    @Test("a machine with several slots counts for as many jobs")
    func slots() throws {
        var world = snapshot([image("main", standby: 1)], try (1...5).map { try job($0) })
        world.policy.slots = 2
        let plan = planScaling(world)
        #expect(made(plan).count == 3)
        world.instances = [machine(1, .busy, world.images[0].wanted)]
        world.instances[0].freeSlots = 1
        world.waiting = [try job(1)]
        #expect(planScaling(world).prospects[RequestID(1)] == .idle(machine: 1))
    }

    @Test("a person's wish is done when the job has ended, by force at once")
    func wishes() {
        var world = snapshot([image("main")], [])
        world.instances = [machine(1, .busy, world.images[0].wanted), machine(2, .idle, world.images[0].wanted)]
        world.instances[0].jobs = [RequestID(1)]
        world.instances[0].wish = ElasticInstance.Wish(.delete, by: "ann")
        world.instances[1].wish = ElasticInstance.Wish(.save, by: "ann")
        #expect(planScaling(world).actions.text == "save 2 (asked for by ann)")
        world.instances[0].wish?.force = true
        #expect(
            planScaling(world).actions.text
                == "fence 1 (asked for by ann) · loseJob a (asked for by ann) · delete 1 (asked for by ann) · save 2 (asked for by ann)"
        )
    }

    @Test("a machine that is too old is replaced, not just removed")
    func old() {
        var world = snapshot([image("main", standby: 1)], [])
        world.policy.timeToLive = .seconds(3_600)
        world.instances = [machine(1, .idle, world.images[0].wanted, lifetime: 4_000)]
        #expect(planScaling(world).actions.text == "create 2 (surge for roll-out)")
        world.instances.append(machine(2, .idle, world.images[0].wanted))
        #expect(planScaling(world).actions.text == "delete 1 (too old)")
    }

    @Test("an image without a version says why, to jobs and to standby")
    func noVersion() throws {
        let none = ScalingImage(name: "main", standby: 1, wanted: nil, problem: "channel 'stable' is empty.")
        let plan = planScaling(snapshot([none], [try job(1)]))
        let sentence = "Image 'main' has no version to make machines of: channel 'stable' is empty."
        #expect(plan.prospects[RequestID(1)]?.sentence == sentence)
        #expect(plan.actions.text == "explain 1 (jobs: no version) · explain 1 (standby: no version)")
    }
}
