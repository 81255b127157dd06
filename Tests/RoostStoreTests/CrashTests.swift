import FoundationEssentials
import RoostModel
import Testing

@testable import RoostStore

/// The log is written from its start to its end, so a process killed at some instruction leaves a beginning of it; every beginning is
/// tried here by cutting copies of it off.
@Suite("A store that was killed")
struct CrashTests {
    /// One submission: three rows that belong together.
    private func changes(_ number: Int) -> [StoreChange] {
        [
            .putPool(Sample.pool(number, name: String(repeating: "x", count: 200))),
            .putRun(Sample.run(number)), .putSetting(name: "last", value: Data("\(number)".utf8)),
        ]
    }

    private func copy(_ source: String, to target: String, logBytes: ArraySlice<UInt8>) throws {
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        try Data(bytes(of: source + "/s")).write(to: URL(fileURLWithPath: target + "/s"))
        try Data(logBytes).write(to: URL(fileURLWithPath: target + "/s-wal"))
    }

    /// Opens a copy and checks that it holds whole submissions, from the first on without a gap.
    private func count(_ folder: String) async throws -> Int {
        let store = try SQLiteStore(path: folder + "/s", sealer: PlainSealer(), logger: .silent)
        let state = try await store.load()
        let count = state.pools.count
        #expect(state.pools.map(\.id.rawValue) == Array(1..<(count + 1)))
        #expect(state.activeRuns.map(\.id.rawValue) == Array(1..<(count + 1)))
        #expect(state.settings["last"].map { String(decoding: $0, as: UTF8.self) } == (count == 0 ? nil : "\(count)"))
        // It is not only readable.
        try await store.submit(changes(count + 1)).durable()
        await store.close()
        return count
    }

    @Test("holds whole submissions only, wherever in its log it was cut off")
    func everyBeginning() async throws {
        try await withScratchFolder { folder in
            let live = folder + "/live"
            try FileManager.default.createDirectory(atPath: live, withIntermediateDirectories: true)
            let store = try SQLiteStore(path: live + "/s", sealer: PlainSealer(), logger: .silent)
            let opened = bytes(of: live + "/s-wal").count
            for number in 1...12 { try await store.submit(changes(number)).durable() }
            let log = bytes(of: live + "/s-wal")
            #expect(log.count > opened)

            // Around each frame's end, in its header and in its page; then the last commit in small steps.
            let frame = 4_096 + 24
            var cuts = stride(from: opened, through: log.count, by: frame).flatMap {
                [$0 - 1, $0, $0 + 1, $0 + 23, $0 + 600]
            }
            cuts += stride(from: log.count - frame, through: log.count, by: 211)
            var counts: [Int] = []
            for cut in Set(cuts).sorted() where (opened..<log.count).contains(cut) {
                try copy(live, to: folder + "/copy", logBytes: log.prefix(cut))
                counts.append(try await count(folder + "/copy"))
            }
            #expect(counts == counts.sorted())
            #expect(counts.first == 0)
            #expect(Set(counts) == Set(0...11), "the last commit is whole only at the log's last byte")
            try copy(live, to: folder + "/copy", logBytes: log[...])
            #expect(try await count(folder + "/copy") == 12)
            await store.close()
        }
    }

    @Test("has everything that was called durable before it was killed, in the middle of other writes")
    func liveCopies() async throws {
        try await withScratchFolder { folder in
            let live = folder + "/live"
            try FileManager.default.createDirectory(atPath: live, withIntermediateDirectories: true)
            let store = try SQLiteStore(path: live + "/s", sealer: PlainSealer(), logger: .silent)
            // The main file stands still in this test: its log stays below the size at which it is taken over.
            var durable = 0
            for round in 0..<6 {
                var pending: [Commit] = []
                for number in (durable + 1)...(durable + 8) { pending.append(store.submit(changes(number))) }
                for commit in pending.prefix(round) { try await commit.durable() }
                let log = bytes(of: live + "/s-wal")
                try copy(live, to: folder + "/copy", logBytes: log[...])
                #expect(try await count(folder + "/copy") >= durable + round)
                for commit in pending { try await commit.durable() }
                durable += 8
            }
            await store.close()
        }
    }

    @Test("ends before the first damaged frame of its log")
    func damagedLog() async throws {
        try await withScratchFolder { folder in
            let live = folder + "/live"
            try FileManager.default.createDirectory(atPath: live, withIntermediateDirectories: true)
            let store = try SQLiteStore(path: live + "/s", sealer: PlainSealer(), logger: .silent)
            try await store.submit(changes(1)).durable()
            let first = bytes(of: live + "/s-wal").count
            for number in 2...4 { try await store.submit(changes(number)).durable() }
            var log = bytes(of: live + "/s-wal")
            log[first + 300] ^= 0xFF
            try copy(live, to: folder + "/copy", logBytes: log[...])
            #expect(try await count(folder + "/copy") == 1)
            await store.close()
        }
    }
}
