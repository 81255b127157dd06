import FoundationEssentials
import RoostModel
import Testing

@testable import RoostStore

@Suite("A full disk", .enabled(if: SmallDisk.isAvailable, "mounting a small file system needs root"))
struct DiskFullTests {
    @Test("fails the store's commits, harms nothing, and ends with a recovery once there is space")
    func store() async throws {
        try await SmallDisk.with { disk in
            let store = try SQLiteStore(path: disk + "/roost.sqlite", sealer: PlainSealer(), logger: .silent)
            try await store.submit([.putPool(Sample.pool(1)), .putRun(Sample.fullRun)]).durable()
            let ballast = try SmallDisk.fill(disk)

            // The log's file may still have room of an earlier generation; go on until it has not.
            var stored = 1
            var failure: StoreError?
            while failure == nil, stored < 2_000 {
                do {
                    let name = String(repeating: "x", count: 4_096)
                    try await store.submit([.putPool(Sample.pool(stored + 1, name: name))]).durable()
                    stored += 1
                } catch {
                    failure = error as? StoreError
                    if failure == nil { throw error }
                }
            }
            #expect(failure == .diskFull(path: disk + "/roost.sqlite"))
            let next = store.submit([.putPool(Sample.pool(9_000))])
            await #expect(throws: StoreError.needsRecovery(path: disk + "/roost.sqlite")) { try await next.durable() }
            #expect(try await store.load().pools.count == stored)

            await store.recover()
            let still = store.submit([.putPool(Sample.pool(9_001, name: String(repeating: "x", count: 9_000)))])
            await #expect(throws: StoreError.diskFull(path: disk + "/roost.sqlite")) { try await still.durable() }

            try FileManager.default.removeItem(atPath: ballast)
            await store.recover()
            try await store.submit([.putPool(Sample.pool(9_002))]).durable()
            #expect(try await store.load().pools.count == stored + 1)
            await store.close()

            let again = try SQLiteStore(path: disk + "/roost.sqlite", sealer: PlainSealer(), logger: .silent)
            let state = try await again.load()
            #expect(state.pools.count == stored + 1)
            #expect(state.activeRuns == [Sample.fullRun])
            await again.close()
        }
    }

    @Test("keeps a store from being made, with a message that says so")
    func newStore() async throws {
        try await SmallDisk.with { disk in
            _ = try SmallDisk.fill(disk)
            let error = #expect(throws: StoreError.self) {
                try SQLiteStore(path: disk + "/roost.sqlite", sealer: PlainSealer(), logger: .silent)
            }
            #expect(error?.code == "store.disk-full")
        }
    }

    @Test("fails an append, leaves the blob as it was, and is over by itself once there is space")
    func blobs() async throws {
        try await SmallDisk.with { disk in
            let store = try FolderBlobStore(path: disk + "/blobs")
            let key = try #require(BlobKey("runs/1/logs/1"))
            _ = try await store.append(Array("first\n".utf8), to: key, at: nil)
            let ballast = try SmallDisk.fill(disk)
            let large = [UInt8](repeating: 7, count: 300_000)
            let error = await #expect(throws: StoreError.self) { try await store.append(large, to: key, at: 6) }
            #expect(error?.code == "store.disk-full")
            #expect(try await store.read(key, 0..<1_000) == Array("first\n".utf8))
            try FileManager.default.removeItem(atPath: ballast)
            #expect(try await store.append(large, to: key, at: 6) == 300_006)
            #expect(try await store.read(key, 4..<8) == [UInt8(ascii: "t"), 10, 7, 7])
        }
    }
}
