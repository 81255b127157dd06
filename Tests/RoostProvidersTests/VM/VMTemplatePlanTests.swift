import Foundation
import RoostModel
import Testing

@testable import RoostProviders

@Suite("Which memories are saved, and which go")
struct VMTemplatePlanTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func key(_ image: String, memory: Int = 1024) -> VMTemplateKey {
        let shape = VMShape(memory: memory, processors: 2, network: .server, isFast: false)
        return VMTemplateKey(image: image, shape: shape, program: "1a2b")
    }

    private static func wish(_ image: String) -> VMTemplateWish { VMTemplateWish(key: key(image), image: image) }

    private static func fact(
        _ image: String,
        _ state: VMTemplateFact.State = .ready,
        hours: Double = 1,
        isNeeded: Bool = false
    ) -> VMTemplateFact {
        let used = now.addingTimeInterval(-hours * 3600)
        return VMTemplateFact(name: key(image).text, state: state, used: used, isNeeded: isNeeded)
    }

    private static func steps(
        _ facts: [VMTemplateFact],
        _ wishes: [VMTemplateWish] = [],
        isMaking: Bool = false
    ) -> [VMTemplateStep] {
        VMTemplatePlan.steps(facts, wishes: wishes, isMaking: isMaking, at: now)
    }

    @Test("one wish at a time is fulfilled, once, and none while another is made")
    func wishes() {
        #expect(Self.steps([], [Self.wish("a1"), Self.wish("b2")]) == [.make(Self.wish("a1"))])
        #expect(Self.steps([Self.fact("a1")], [Self.wish("a1"), Self.wish("b2")]) == [.make(Self.wish("b2"))])
        #expect(Self.steps([Self.fact("a1")], [Self.wish("a1")]) == [])
        #expect(Self.steps([Self.fact("c3", .begun)], [Self.wish("a1")], isMaking: true) == [])
    }

    @Test("what nobody used for a day goes, unless a machine stands on it; what was refused is tried again then")
    func days() {
        let old = Self.fact("a1", hours: 25)
        let refused = Self.fact("b2", .refused, hours: 25)
        let begun = Self.fact("c3", .begun)
        #expect(Self.steps([old]) == [.remove(old, because: .unused)])
        #expect(Self.steps([Self.fact("a1", hours: 25, isNeeded: true), Self.fact("a1", hours: 23)]) == [])
        #expect(Self.steps([Self.fact("b2", .refused)], [Self.wish("b2")]) == [])
        let again: [VMTemplateStep] = [.remove(refused, because: .tryAgain), .make(Self.wish("b2"))]
        #expect(Self.steps([refused], [Self.wish("b2")]) == again)
        #expect(Self.steps([begun]) == [.remove(begun, because: .interrupted)])
    }

    @Test("there are never more than eight: the one that was used longest ago makes room, and none that is needed")
    func room() {
        let eight = (1...8).map { Self.fact("a\($0)", hours: Double($0), isNeeded: $0 > 6) }
        let steps: [VMTemplateStep] = [.remove(eight[5], because: .room), .make(Self.wish("b2"))]
        #expect(Self.steps(eight, [Self.wish("b2")]) == steps)
        let all = eight.map { fact in
            var fact = fact
            fact.isNeeded = true
            return fact
        }
        #expect(Self.steps(all, [Self.wish("b2")]) == [])
    }

    @Test("names of memories are read back, differ with everything that counts, and nothing else is a name")
    func keys() {
        var keys = [Self.key("a1"), Self.key("b2"), Self.key("a1", memory: 512)]
        var shape = Self.key("a1").shape
        shape.network = .host
        keys.append(VMTemplateKey(image: "a1", shape: shape, program: "1a2b"))
        shape.isFast = true
        keys.append(VMTemplateKey(image: "a1", shape: shape, program: "1a2b"))
        shape.processors = 3
        keys.append(VMTemplateKey(image: "a1", shape: shape, program: "1a2c"))
        #expect(Set(keys.map(\.text)).count == keys.count)
        for key in keys { #expect(VMTemplateKey(key.text) == key) }
        for text in [
            "", "a1", "a1-1024-2-server-tcg", "a1-1024-2-server-tcg-1a2b.part", "../-1-1-host-kvm-1",
            "a1-01-2-host-tcg-1",
        ] {
            #expect(VMTemplateKey(text) == nil, "\(text)")
        }
    }
}
