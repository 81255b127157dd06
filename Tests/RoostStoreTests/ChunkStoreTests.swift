import FoundationEssentials
import RoostModel
import RoostStore
import Testing

@Suite("Chunks in a folder")
struct ChunkStoreTests {
    private func id(_ number: UInt8) throws -> ChunkID {
        try #require(ChunkID(bytes: [UInt8](repeating: number, count: 32)))
    }

    @Test("a chunk that was put is there after a restart, in its space only")
    func keeping() async throws {
        try await withScratchFolder { folder in
            let (one, two) = (try id(1), try id(2))
            let store = FolderChunkStore(path: folder + "/content")
            #expect(try await store.missing([one, two], in: "a") == [one, two])
            try await store.put(one, [1, 2, 3], in: "a")
            let again = FolderChunkStore(path: folder + "/content")
            #expect(try await again.missing([one, two], in: "a") == [two])
            #expect(try await again.read(one, in: "a") == [1, 2, 3])
            #expect(try await again.read(one, in: "b") == nil)
            #expect(try await again.spaces() == ["a"])
            try await again.delete(one, in: "a")
            try await again.delete(one, in: "a")
            #expect(try await again.read(one, in: "a") == nil)
        }
    }

    @Test("many writers of one chunk all succeed, and readers see it whole or not at all")
    func writers() async throws {
        try await withScratchFolder { folder in
            let store = FolderChunkStore(path: folder)
            let chunk = try id(7)
            let bytes = [UInt8](repeating: 9, count: 100_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await store.put(chunk, bytes, in: "s") }
                    group.addTask {
                        let read = try await store.read(chunk, in: "s")
                        #expect(read == nil || read == bytes)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/.new").isEmpty)
        }
    }

    @Test("what a killed writer left is removed at the next start")
    func leftovers() async throws {
        try await withScratchFolder { folder in
            try FileManager.default.createDirectory(atPath: folder + "/.new", withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: folder + "/.new/1-1", contents: Data([1]))
            let store = FolderChunkStore(path: folder)
            #expect(!FileManager.default.fileExists(atPath: folder + "/.new/1-1"))
            #expect(try await store.spaces().isEmpty)
        }
    }

    @Test("a sweep takes what is neither kept nor lately used; asking whether it is there counts as use")
    func sweep() async throws {
        try await withScratchFolder { folder in
            let store = FolderChunkStore(path: folder)
            let chunks = try (1...3).map { try id($0) }
            for chunk in chunks { try await store.put(chunk, [0, 1], in: "s") }
            let before = Date() + 100
            #expect(try await store.sweep("s", keeping: [], usedBefore: Date() - 100).removed == 0)
            let sweep = try await store.sweep("s", keeping: [chunks[0]], usedBefore: before)
            #expect(sweep == ChunkSweep(removed: 2, freed: 4, left: 1))
            #expect(try await store.missing(chunks, in: "s") == [chunks[1], chunks[2]])
        }
    }
}
