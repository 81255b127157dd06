import RoostStore
import Testing

@Suite("Every blob store")
struct BlobContractTests {
    @Test("gives back what was appended, by range", arguments: BlobEngine.all)
    func ranges(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let log = try key("runs/17/logs/3")
            #expect(try await store.append(Array("hello ".utf8), to: log, at: nil) == 6)
            #expect(try await store.append(Array("world".utf8), to: log, at: nil) == 11)
            #expect(try await store.append([], to: log, at: nil) == 11)
            #expect(try await store.size(log) == 11)
            #expect(try await store.content(log) == Array("hello world".utf8))
            #expect(try await store.read(log, 4..<8) == Array("o wo".utf8))
            #expect(try await store.read(log, 9..<99) == Array("ld".utf8))
            #expect(try await store.read(log, 11..<12).isEmpty)
            #expect(try await store.read(log, 500..<600).isEmpty)
        }
    }

    @Test("does not write again what is there, and refuses a gap", arguments: BlobEngine.all)
    func offsets(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let log = try key("a")
            #expect(try await store.append(Array("abcd".utf8), to: log, at: 0) == 4)
            #expect(try await store.append(Array("abcd".utf8), to: log, at: 0) == 4)
            #expect(try await store.append(Array("cdef".utf8), to: log, at: 2) == 6)
            #expect(try await store.append(Array("b".utf8), to: log, at: 1) == 6)
            await #expect(throws: StoreError.self) { try await store.append([1], to: log, at: 7) }
            #expect(try await store.append([], to: log, at: 6) == 6)
            #expect(try await store.content(log) == Array("abcdef".utf8))
        }
    }

    @Test("knows nothing of a blob that is not there", arguments: BlobEngine.all)
    func missing(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let log = try key("x/y")
            #expect(try await store.size(log) == nil)
            #expect(try await store.isFinished(log) == false)
            #expect(try await store.content(log).isEmpty)
            try await store.delete(log)
            try await store.deleteAll(under: log)
            #expect(try await store.size(log) == nil)
        }
    }

    @Test("takes nothing new after the end, and what is known again", arguments: BlobEngine.all)
    func finish(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let log = try key("a")
            _ = try await store.append([1, 2, 3], to: log, at: nil)
            #expect(try await store.isFinished(log) == false)
            try await store.finish(log)
            try await store.finish(log)
            #expect(try await store.isFinished(log))
            #expect(try await store.append([2, 3], to: log, at: 1) == 3)
            await #expect(throws: StoreError.self) { try await store.append([3, 4], to: log, at: 2) }
            await #expect(throws: StoreError.self) { try await store.append([4], to: log, at: nil) }
            #expect(try await store.content(log) == [1, 2, 3])
            try await store.finish(try key("empty"))
            #expect(try await store.size(try key("empty")) == 0)
            #expect(try await store.followed(try key("empty")).isEmpty)
        }
    }

    @Test("deletes one blob, and all under a prefix, and no neighbour", arguments: BlobEngine.all)
    func deletion(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let names = ["runs/1", "runs/1/logs/1", "runs/1/logs/2", "runs/10/logs/1", "runs/2"]
            let keys = try names.map { try key($0) }
            for key in keys { _ = try await store.append([7], to: key, at: nil) }
            try await store.deleteAll(under: keys[0])
            let sizes = [1, nil, nil, 1, 1]
            for (key, size) in zip(keys, sizes) { #expect(try await store.size(key) == size, "\(key)") }
            try await store.delete(keys[4])
            #expect(try await store.size(keys[4]) == nil)
            for key in [keys[1], keys[4]] {
                #expect(try await store.append([8, 9], to: key, at: 0) == 2)
                #expect(try await store.content(key) == [8, 9])
            }
        }
    }

    @Test("shows a follower what is there, what comes, and the end", arguments: BlobEngine.all)
    func follow(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let log = try key("runs/1/logs/1")
            _ = try await store.append(Array("old ".utf8), to: log, at: nil)
            var chunks = store.follow(log, from: 0).makeAsyncIterator()
            #expect(try await chunks.next() == Array("old ".utf8))
            async let next = chunks.next()
            _ = try await store.append(Array("new".utf8), to: log, at: nil)
            #expect(try await next == Array("new".utf8))
            try await store.finish(log)
            #expect(try await store.followed(log, from: 2) == Array("d new".utf8))
            #expect(try await store.followed(log, from: 7).isEmpty)
            #expect(try await store.followed(log, from: 70).isEmpty)
        }
    }

    @Test("lets a follower wait for a blob that does not exist yet", arguments: BlobEngine.all)
    func followBeforeBirth(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            let log = try key("runs/1/logs/1")
            async let followed = store.followed(log)
            async let late = store.followed(log, from: 1)
            _ = try await store.append([1], to: log, at: nil)
            _ = try await store.append([2], to: log, at: nil)
            try await store.finish(log)
            #expect(try await followed == [1, 2])
            #expect(try await late == [2])
        }
    }

    @Test("ends a follower when its blob is deleted or its task is cancelled", arguments: BlobEngine.all)
    func followEnds(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            for name in ["runs/1/logs/1", "runs/1/logs/2"] {
                let log = try key(name)
                _ = try await store.append([1], to: log, at: nil)
                var chunks = store.follow(log, from: 0).makeAsyncIterator()
                #expect(try await chunks.next() == [1])
                async let end = chunks.next()
                if name.hasSuffix("1") {
                    try await store.delete(log)
                } else {
                    try await store.deleteAll(under: key("runs"))
                }
                #expect(try await end == nil)
            }
            let task = Task { try await store.followed(try key("never")) }
            task.cancel()
            #expect(try await task.value.isEmpty)
        }
    }

    @Test("gives every follower of every blob exactly its bytes, whatever happens at once", arguments: BlobEngine.all)
    func concurrency(engine: BlobEngine) async throws {
        try await engine.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for blob in 0..<12 {
                    let log = try key("runs/\(blob)/logs/1")
                    let pieces = (0..<40).map { piece in [UInt8](repeating: UInt8(piece), count: 100 + blob * piece) }
                    let whole = pieces.flatMap { $0 }
                    for offset in [0, 1, 1_000] {
                        group.addTask {
                            let followed = try await store.followed(log, from: offset)
                            #expect(followed == Array(whole.dropFirst(offset)))
                        }
                    }
                    group.addTask {
                        for piece in pieces { _ = try await store.append(piece, to: log, at: nil) }
                        try await store.finish(log)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("keeps what it had for the next one on the same folder", arguments: BlobEngine.all)
    func restart(engine: BlobEngine) async throws {
        try await withScratchFolder { folder in
            let first = try engine.open(folder)
            _ = try await first.append([1, 2, 3], to: try key("a/b"), at: nil)
            _ = try await first.append([4], to: try key("a/c"), at: nil)
            try await first.finish(try key("a/c"))
            let second = try engine.open(folder)
            #expect(try await second.content(try key("a/b")) == [1, 2, 3])
            #expect(try await second.isFinished(try key("a/b")) == false)
            #expect(try await second.isFinished(try key("a/c")))
            #expect(try await second.append([3, 4], to: try key("a/b"), at: 2) == 4)
        }
    }
}
