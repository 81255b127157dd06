import Foundation
import Testing

@testable import RoostImages

@Suite("What may stay in a cache of layers")
struct LayerPruningTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    private func layer(_ name: String, over parent: String? = nil, bytes: Int = 10, age: Double) -> StoredLayer {
        let record = LayerRecord(identity: name, key: name, parent: parent, title: name, made: now)
        return StoredLayer(record: record, bytes: bytes, used: now - age)
    }

    private func gone(_ layers: [StoredLayer], _ limits: LayerLimits) -> [String] {
        limits.excess(layers, at: now).map(\.record.title).sorted()
    }

    @Test("a layer counts as used when one over it was")
    func useBelow() {
        let layers = [layer("base", age: 900), layer("step", over: "base", age: 1), layer("old", age: 900)]
        #expect(gone(layers, LayerLimits(age: .seconds(100))) == ["old"])
    }

    @Test("what stands over a layer that is gone goes, also when its base has gone before")
    func above() {
        let layers = [layer("step", over: "base", age: 1), layer("whole", age: 1)]
        #expect(gone(layers, LayerLimits()) == ["step"])
    }

    @Test("by size those go that were used least lately, the upper before the lower")
    func size() {
        let layers = [
            layer("base", age: 5), layer("a", over: "base", age: 5), layer("b", over: "a", age: 5),
            layer("new", age: 1),
        ]
        #expect(gone(layers, LayerLimits(bytes: 30)) == ["b"])
        #expect(gone(layers, LayerLimits(bytes: 10)) == ["a", "b", "base"])
        #expect(gone(layers, LayerLimits(bytes: 0)).count == 4)
    }
}

@Suite("Users of sandboxes")
struct SandboxUserTests {
    @Test("names and numbers are looked up as the image knows them")
    func lookup() {
        let passwd = "root:x:0:0::/root:/bin/sh\nbuild:x:1000:100:B:/home/build:/bin/sh\nbroken\n"
        let user = SandboxUser.named("build", passwd: passwd, group: "users:x:100:\nwheel:x:10:a,build\n")
        #expect(user == SandboxUser(name: "build", number: 1000, group: 100, groups: [10], home: "/home/build"))
        #expect(SandboxUser.named("1000", passwd: passwd, group: "")?.name == "build")
        #expect(SandboxUser.named("7", passwd: passwd, group: "")?.group == 7)
        #expect(SandboxUser.named("nobody", passwd: passwd, group: "") == nil)
    }

    @Test("subordinate numbers are those of the name or the number, and broken lines are passed over")
    func subordinate() {
        let text = "a:100000\nb:x:1\nb:200000:65536\n1000:300000:10\n"
        #expect(SubordinateRange.first(amongLines: text, of: ["b"]) == SubordinateRange(first: 200000, count: 65536))
        #expect(SubordinateRange.first(amongLines: text, of: ["c", "1000"])?.first == 300000)
        #expect(SubordinateRange.first(amongLines: text, of: ["c"]) == nil)
    }
}
