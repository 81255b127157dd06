import Foundation
import RoostModel
import Testing

@Suite("Worked examples of elastic pools")
struct ScalingTableTests {
    @Test("the page has all examples")
    func complete() {
        #expect(ScalingExample.all.map(\.number) == Array(1...ScalingExample.all.count))
        #expect(ScalingExample.all.count >= 33)
    }

    @Test("a plan has the actions of the page", arguments: ScalingExample.all)
    func row(_ example: ScalingExample) {
        #expect(planScaling(example.snapshot).actions.text == example.actions)
    }

    @Test("rows in any order give the same plan", arguments: ScalingExample.all)
    func order(_ example: ScalingExample) {
        var other = example.snapshot
        other.instances.reverse()
        other.waiting.reverse()
        other.listing?.reverse()
        #expect(planScaling(other) == planScaling(example.snapshot))
    }

    @Test("written down and planned again, nothing is left to do but to explain", arguments: ScalingExample.all)
    func again(_ example: ScalingExample) throws {
        let plan = planScaling(example.snapshot)
        let next = try example.snapshot.applying(plan.actions)
        let rest = planScaling(next).actions.filter { if case .explain = $0 { false } else { true } }
        #expect(rest.text == "none")
    }
}
