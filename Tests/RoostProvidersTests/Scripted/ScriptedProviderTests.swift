import Foundation
import RoostModel
import RoostProviders
import Synchronization
import Testing

@Suite("A provider that does what a script says")
struct ScriptedProviderTests {
    let server = UUID()

    func order(_ instance: Int, generation: Int = 1) throws -> MachineOrder {
        MachineOrder(
            tag: MachineTag(server: server, pool: PoolID(1), instance: instance, generation: generation),
            image: nil,
            joining: MachineJoining(
                url: try #require(URL(string: "http://127.0.0.1:1/")),
                pool: "p",
                agent: "a\(instance)",
                token: Secret("t")
            )
        )
    }

    /// Runs until it is ended.
    static let idle: ScriptedProvider.Program = { _ in
        let (stream, _) = AsyncStream<Void>.makeStream()
        for await _ in stream {}
    }

    @Test("each fate is what it says")
    func fates() async throws {
        let provider = ScriptedProvider(quota: 3, program: Self.idle)
        provider.plan(.create, .answerIsLost, .lies, .twins, .fails("no power"), .throttled(.seconds(3)), .works)
        await #expect(
            throws: ProviderFailure.unknown("the answer to the creation of \(try order(1).tag.name) was lost")
        ) {
            try await provider.create(order(1))
        }
        #expect(provider.truth.map(\.tag.instance) == [1])
        #expect(try await provider.create(order(2)).tag.instance == 2)
        #expect(provider.truth.count == 1, "it said that it made one, and did not")
        _ = try await provider.create(order(3))
        #expect(provider.truth.filter { $0.tag.instance == 3 }.count == 2)
        await #expect(throws: ProviderFailure.failed("no power")) { try await provider.create(order(4)) }
        await #expect(throws: ProviderFailure.throttled(retryAfter: .seconds(3), "too many calls")) {
            try await provider.create(order(4))
        }
        await #expect(throws: ProviderFailure.quota(room: 0, "there are 3 machines, as many as there may be")) {
            try await provider.create(order(4))
        }
        #expect(try await provider.create(order(1)).tag.instance == 1, "the same machine needs no room")
        await provider.shutDown()
        #expect(provider.truth.isEmpty)
    }

    @Test("listings may be late, stale, partial or none; none is never empty")
    func listings() async throws {
        let provider = ScriptedProvider(program: Self.idle)
        provider.plan(.create, .listedLate(listings: 2), .works)
        _ = try await provider.create(order(1))
        _ = try await provider.create(order(2))
        let instances = { try await provider.machines(of: server, in: nil).map(\.tag.instance) }
        #expect(try await instances() == [2])
        #expect(try await instances() == [2])
        #expect(try await instances() == [1, 2])
        provider.plan(.list, .partial, .stale, .fails("it sleeps"))
        #expect(try await instances() == [1])
        try await provider.delete(#require(provider.truth.first { $0.tag.instance == 1 }).id)
        #expect(try await instances() == [1, 2], "as it was before")
        await #expect(throws: ProviderFailure.unknown("it sleeps")) { try await instances() }
        #expect(try await instances() == [2])
        #expect(try await provider.machines(of: UUID(), in: nil).isEmpty)
        await provider.shutDown()
    }

    @Test("a machine ends with its program, a new generation with a new one, and both wake")
    func lives() async throws {
        let started = Mutex<[Int]>([])
        let (go, open) = AsyncStream<Void>.makeStream()
        let provider = ScriptedProvider { machine in
            started.withLock { $0.append(machine.order.tag.generation) }
            for await _ in go { break }
        }
        let wakes = provider.wakes()
        let machine = try await provider.create(order(1))
        open.yield()
        for await _ in wakes { break }
        #expect(provider.truth.map(\.state) == [.stopped])
        let next = try await provider.reimage(machine.id, order(1, generation: 2))
        #expect(try await provider.reimage(machine.id, order(1, generation: 2)) == next)
        #expect(provider.truth.map(\.state) == [.running])
        provider.lose(machine.id)
        #expect(provider.truth.isEmpty)
        await provider.shutDown()
        #expect(started.withLock { $0 } == [1, 2])
    }

    @Test("the same seed gives the same fates in any order of calls, and time passes only when told")
    func seeds() async throws {
        let clock = ScriptedClock()
        let outcomes = { (seed: UInt64, instances: [Int]) async throws -> [Int: String] in
            let faults = ScriptedFaults.everything(perThousand: 80, slowness: .milliseconds(10) ... .milliseconds(500))
            let provider = ScriptedProvider(seed: seed, faults: faults, pause: clock.pause, program: Self.idle)
            var found: [Int: String] = [:]
            try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for instance in instances {
                    let order = try order(instance)
                    group.addTask {
                        do { return (instance, "\(try await provider.create(order).state)") } catch {
                            return (instance, "\(error)")
                        }
                    }
                }
                while clock.sleepers < instances.count { await Task.yield() }
                #expect(found.isEmpty)
                clock.advance(by: .seconds(1))
                for try await (instance, text) in group { found[instance] = text }
            }
            let twins = provider.truth.map { "\($0.id)" }.sorted().joined(separator: " ")
            found[0] = twins
            await provider.shutDown()
            return found
        }
        let instances = Array(1...60)
        let first = try await outcomes(1, instances)
        // Names hold the server's id, which is the same here.
        #expect(try await outcomes(1, instances.reversed()) == first)
        #expect(try await outcomes(2, instances) != first)
        #expect(Set(first.values).count > 4, "many things happen")
    }
}
