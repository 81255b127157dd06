import Foundation
import RoostModel
import Testing

@Suite("Settings of elastic pools")
struct ElasticSettingsTests {
    /// A Monday, 12:00 UTC.
    private static let noon = Date(timeIntervalSince1970: 1_700_481_600)

    @Test("all settings that cannot be are named at once, each with what to do")
    func flaws() {
        var settings = ElasticPoolSettings(max: 2, standby: 3, burst: 0, slots: 0)
        settings.schedules = [ElasticSchedule(name: "night", hours: BusinessHours(days: [], opensAt: 60, closesAt: 60))]
        settings.images = [ElasticImage(name: "a", gallery: "", definition: "d", selector: "?!", excluded: ["x"])]
        settings.bootDeadline = .fixed(.zero)
        let flaws = settings.flaws(withImages: true)
        #expect(
            flaws.map(\.field) == [
                "standby", "burst", "slots", "bootDeadline", "schedules[1].days", "schedules[1].hours", "schedules[1]",
                "images[1].gallery", "images[1].selector", "images[1].excluded",
            ]
        )
        #expect(flaws.allSatisfy { !$0.problem.isEmpty && !$0.advice.isEmpty })
        #expect(throws: InvalidElasticPool.self) { try settings.checked(withImages: true) }
        #expect(InvalidElasticPool(flaws: flaws).description.contains("Lower standby, or raise max."))
    }

    @Test("images are needed by some engines and refused by others")
    func images() {
        let image = ElasticImage(name: "a", gallery: "g", definition: "d")
        #expect(ElasticPoolSettings(max: 1).flaws(withImages: true).map(\.field) == ["images"])
        #expect(ElasticPoolSettings(max: 1).flaws(withImages: false) == [])
        #expect(ElasticPoolSettings(max: 1, images: [image]).flaws(withImages: false).map(\.field) == ["images"])
        let twice = ElasticPoolSettings(
            max: 1,
            images: [image, ElasticImage(name: "A", gallery: "g", definition: "d")]
        )
        #expect(twice.flaws(withImages: true).map(\.field) == ["images[2].name"])
    }

    @Test("a schedule changes maximum and standby while it is open, and says when it closes")
    func schedule() {
        var settings = ElasticPoolSettings(max: 4, standby: 1)
        let hours = BusinessHours(days: [.monday], opensAt: 12 * 60, closesAt: 13 * 60, minutesAheadOfUTC: 0)
        settings.schedules = [ElasticSchedule(name: "lunch", hours: hours, max: 2, standby: 2)]
        let open = settings.policy(at: Self.noon)
        #expect((open.max, open.ceiling) == (2, .schedule("lunch")))
        #expect(settings.standby(ofImage: 0, at: Self.noon) == 2)
        #expect(open.changesIn == .seconds(3_600))
        let before = settings.policy(at: Self.noon - 60)
        #expect((before.max, before.ceiling, before.changesIn) == (4, .settings, .seconds(60)))
        #expect(settings.standby(ofImage: 0, at: Self.noon - 60) == 1)
    }

    @Test("a spent budget leaves no place and no standby until midnight")
    func budget() {
        var settings = ElasticPoolSettings(max: 4, standby: 1)
        settings.budget = ElasticBudget(machineHoursPerDay: 2)
        #expect(settings.policy(at: Self.noon, usage: ElasticUsage(today: .seconds(7_199))).max == 4)
        let spent = ElasticUsage(today: .seconds(7_200), thisMonth: .seconds(7_200))
        let policy = settings.policy(at: Self.noon, usage: spent)
        #expect((policy.max, policy.ceiling) == (0, .budget(.day, hours: 2)))
        #expect(policy.changesIn == .seconds(12 * 3_600))
        #expect(settings.standby(ofImage: 0, at: Self.noon, usage: spent) == 0)
        let snapshot = ScalingSnapshot(
            pool: PoolID(1),
            policy: policy,
            images: [ScalingExample.image("v1", standby: 0)],
            waiting: [WaitingJob(RequestID(9))],
            instances: [InstanceFacts(1, .used, image: ScalingExample.version("v1"), providerID: "p1")]
        )
        let text = planScaling(snapshot).actions.text
        #expect(
            text
                == "delete 1 (over the maximum because the 2 machine-hours of this day are spent) · explain 1 (jobs: at max)"
        )
    }

    @Test("the deadline of a start is learnt from those before, within limits")
    func deadline() {
        let learnt = ElasticPoolSettings.BootDeadline.learnt
        #expect(learnt.time(after: []) == .seconds(600))
        #expect(learnt.time(after: Array(repeating: .seconds(1), count: 50)) == .seconds(10))
        #expect(learnt.time(after: Array(repeating: .seconds(20), count: 50)) == .seconds(80))
        #expect(
            learnt.time(after: Array(repeating: .seconds(20), count: 48) + [.seconds(90), .seconds(90)]) == .seconds(80)
        )
        #expect(learnt.time(after: Array(repeating: .seconds(500), count: 50)) == .seconds(600))
        #expect(ElasticPoolSettings.BootDeadline.fixed(.seconds(7)).time(after: []) == .seconds(7))
    }

    @Test("a store keeps settings, and reads those that know less")
    func stored() throws {
        let settings = ElasticPoolSettings(
            max: 3,
            timeToLive: .seconds(3_600),
            bootDeadline: .fixed(.seconds(30)),
            canary: nil,
            images: [ElasticImage(name: "a", gallery: "g", definition: "d", capabilities: ["x": "1"], standby: 1)]
        )
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(ElasticPoolSettings.self, from: data) == settings)
        let old = try JSONDecoder().decode(ElasticPoolSettings.self, from: Data(#"{"max": 3}"#.utf8))
        #expect(old == ElasticPoolSettings(max: 3, canary: nil))
    }

    @Test("interactive tests are accepted with a warning")
    func interactive() {
        #expect(ElasticPoolSettings(max: 1).warnings == [])
        #expect(ElasticPoolSettings(max: 1, interactiveUI: true).warnings.count == 1)
    }
}
