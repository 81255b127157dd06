import Foundation
import Testing

@testable import RoostServer

@Suite("The plan of signing keys")
struct SigningKeyPlanTests {
    private static let policy = SigningKeyPolicy(life: 90 * 86_400, ahead: 86_400, longestToken: 3900)
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func day(_ number: Double) -> Date { Self.start + number * 86_400 }

    private func key(_ id: String, _ from: Double) -> SigningKeyTimes { SigningKeyTimes(id: id, signsFrom: day(from)) }

    private func plan(_ keys: [SigningKeyTimes], _ now: Double) -> SigningKeyPlan {
        planSigningKeys(keys, Self.policy, at: day(now))
    }

    @Test("without a key one is made that signs at once")
    func first() {
        #expect(plan([], 0) == SigningKeyPlan(make: day(0), signer: nil, published: [], dropped: []))
        #expect(plan([key("a", 0)], 0) == SigningKeyPlan(make: nil, signer: "a", published: ["a"], dropped: []))
    }

    @Test("the next key is made a day before it signs, and published from then on")
    func ahead() {
        #expect(plan([key("a", 0)], 88.9).make == nil)
        #expect(plan([key("a", 0)], 89).make == day(90))
        let both = [key("a", 0), key("b", 90)]
        #expect(plan(both, 89.5) == SigningKeyPlan(make: nil, signer: "a", published: ["b", "a"], dropped: []))
        #expect(plan(both, 90).signer == "b")
    }

    @Test("the old key stays until its last token has expired")
    func drop() {
        let both = [key("a", 0), key("b", 90)]
        let end = 90 + 3900.0 / 86_400
        #expect(plan(both, end - 0.001).published == ["b", "a"])
        #expect(plan(both, end) == SigningKeyPlan(make: nil, signer: "b", published: ["b"], dropped: ["a"]))
    }

    @Test("nobody asked for long: the old key signs until the new one has been published for a day")
    func late() {
        let late = plan([key("a", 0)], 400)
        #expect(late.signer == "a" && late.make == day(401))
    }

    @Test("for every moment there is a signer that is published, once the first key is there")
    func always() {
        var keys = [key("k0", 0)]
        for hour in 0..<(24 * 400) {
            let now = Double(hour) / 24
            let plan = plan(keys, now)
            #expect(plan.signer.map(plan.published.contains) == true)
            #expect(plan.published.count <= 2)
            keys.removeAll { plan.dropped.contains($0.id) }
            if let date = plan.make { keys.append(SigningKeyTimes(id: "k\(hour)", signsFrom: date)) }
        }
    }
}
