import Foundation
import RoostModel
import Testing

@Suite("What people ask of machines")
struct ElasticWishTests {
    private func machine(_ phases: ElasticPhase...) throws -> ElasticInstance {
        let moment = Date(timeIntervalSince1970: 1_000)
        var machine = ElasticInstance(pool: PoolID(1), number: 4, image: .init(), at: moment, because: "test")
        for phase in phases { try machine.move(to: phase, at: moment, because: "test") }
        return machine
    }

    @Test("what can become of a machine is noted, after its jobs or not", arguments: ElasticInstance.Wish.Kind.allCases)
    func noted(kind: ElasticInstance.Wish.Kind) throws {
        let wish = ElasticInstance.Wish(kind, by: "ann")
        for var machine in [
            try machine(.creating), try machine(.creating, .booting), try machine(.creating, .idle),
            try machine(.creating, .idle, .busy), try machine(.creating, .idle, .busy, .used),
            try machine(.creating, .idle, .recycling),
        ] {
            try machine.ask(wish)
            #expect(machine.wish == wish)
        }
    }

    @Test("what cannot is refused, and what it is already is no error")
    func refused() throws {
        var saved = try machine(.creating, .idle, .saved)
        #expect(throws: IllegalInstanceMove(instance: 4, from: .saved, to: .recycling)) {
            try saved.ask(.init(.reimage, by: "ann"))
        }
        try saved.ask(.init(.save, by: "ann"))
        #expect(saved.wish == nil)
        try saved.ask(.init(.delete, by: "ann"))
        #expect(saved.wish?.kind == .delete)
        var deleting = try machine(.creating, .deleting)
        for kind in [ElasticInstance.Wish.Kind.reimage, .save] {
            #expect(throws: IllegalInstanceMove.self) { try deleting.ask(.init(kind, by: "ann")) }
        }
        try deleting.ask(.init(.delete, by: "ann"))
        #expect(deleting.wish == nil)
    }
}
