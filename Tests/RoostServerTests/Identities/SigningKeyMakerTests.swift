import Foundation
import Synchronization
import Testing

@testable import RoostServer

@Suite("Private keys that are made beside the requests")
struct SigningKeyMakerTests {
    private final class Factory: Sendable {
        struct Broken: Error {}
        let made = Mutex(0)

        func make() throws -> Data {
            let number = made.withLock { made in
                made += 1
                return made
            }
            // The second fails, as a machine out of memory does.
            if number == 2 { throw Broken() }
            return Data([UInt8(number)])
        }
    }

    @Test("all who need one at a time get the one that was begun ahead; a failure is not kept")
    func shared() async throws {
        let factory = Factory()
        let maker = SigningKeyMaker { try factory.make() }
        maker.begin()
        let keys = try await withThrowingTaskGroup(of: Data.self) { group in
            for _ in 0..<8 { group.addTask { try await maker.next() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(keys) == [Data([1])] && keys.count == 8)
        maker.used()
        await #expect(throws: Factory.Broken.self) { try await maker.next() }
        #expect(try await maker.next() == Data([3]))
        #expect(try await maker.fresh() == Data([4]))
        #expect(try await maker.next() == Data([3]))
    }

    @Test("a server without a key makes one ahead, once, also when many ask for the first token")
    func server() async throws {
        try await LiveServer.with { server in
            let (identity, secret, _) = try await server.identity()
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await server.token(LiveServer.form(identity, secret)).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 8))
            #expect(server.app.plane.read { $0.signingKeys.count } == 1)
        }
    }
}
