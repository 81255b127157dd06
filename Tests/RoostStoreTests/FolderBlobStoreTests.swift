import FoundationEssentials
import Testing

@testable import RoostStore

@Suite("The folder blob store")
struct FolderBlobStoreTests {
    private let log = BlobKey("runs/1/logs/1")

    private func path(_ folder: String) -> String { folder + "/runs/1/logs/1~" }

    private func write(_ bytes: [UInt8], _ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder + "/runs/1/logs", withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path(folder)))
    }

    @Test("cuts off an append that was killed at any of its bytes, and takes it again")
    func tornAppend() async throws {
        let log = try #require(log)
        let first = Array("a whole append\n".utf8)
        let second = Array("the one that was killed\n".utf8)
        let old = BlobHeader(length: first.count).bytes + first
        try await withScratchFolder { folder in
            for taken in 0...second.count {
                try write(old + second.prefix(taken), folder)
                let store = try FolderBlobStore(path: folder)
                #expect(try await store.size(log) == first.count)
                #expect(try await store.content(log) == first)
                // A shorter append must not bring the rest of the torn one back.
                #expect(try await store.append([88], to: log, at: first.count) == first.count + 1)
                let next = try FolderBlobStore(path: folder)
                #expect(try await next.content(log) == first + [88])
                #expect(
                    try await next.append([88] + second, to: log, at: first.count) == first.count + 1 + second.count
                )
                #expect(try await next.content(log) == first + [88] + second)
            }
        }
    }

    @Test("takes a file that was killed before its header was whole for a blob that is not there")
    func tornHeader() async throws {
        let log = try #require(log)
        try await withScratchFolder { folder in
            for size in [0, 1, 12, 13, 40, 63] {
                try write(Array(BlobHeader(length: 5).bytes.prefix(size)), folder)
                let store = try FolderBlobStore(path: folder)
                #expect(try await store.size(log) == nil)
                #expect(try await store.append([1, 2], to: log, at: 0) == 2)
                #expect(try await FolderBlobStore(path: folder).content(log) == [1, 2])
            }
        }
    }

    @Test("ends a blob where its file ends when a power cut kept the count and lost the bytes")
    func powerCut() async throws {
        let log = try #require(log)
        try await withScratchFolder { folder in
            try write(BlobHeader(length: 10).bytes + [1, 2, 3], folder)
            let store = try FolderBlobStore(path: folder)
            #expect(try await store.content(log) == [1, 2, 3])
            #expect(try await store.append([4], to: log, at: 3) == 4)
        }
    }

    @Test("calls a file that is no blob damaged, and leaves it alone")
    func damaged() async throws {
        let log = try #require(log)
        try await withScratchFolder { folder in
            let content = [UInt8](repeating: 65, count: 100)
            try write(content, folder)
            let store = try FolderBlobStore(path: folder)
            for attempt in 0..<2 {
                let error = await #expect(throws: StoreError.self) { try await store.append([1], to: log, at: nil) }
                #expect(error?.code == "store.corrupt", "attempt \(attempt)")
            }
            #expect(bytes(of: path(folder)) == content)
        }
    }

    @Test("goes on with a deletion that was cut short")
    func deletionCutShort() async throws {
        try await withScratchFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/.trash/1/logs",
                withIntermediateDirectories: true
            )
            try Data([1]).write(to: URL(fileURLWithPath: folder + "/.trash/1/logs/3~"))
            _ = try FolderBlobStore(path: folder)
            #expect(!FileManager.default.fileExists(atPath: folder + "/.trash"))
        }
    }

    @Test("says that its folder cannot be made")
    func cannotOpen() async throws {
        let error = #expect(throws: StoreError.self) { try FolderBlobStore(path: "/proc/roost/blobs") }
        #expect(error?.code == "store.cannot-open")
    }

    @Test("keeps few files open, however many blobs are written and waited for")
    func openFiles() async throws {
        try await withScratchFolder { folder in
            let store = try FolderBlobStore(path: folder, openFileLimit: 8)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<100 {
                    let log = try key("runs/\(number)")
                    _ = try await store.append([UInt8(number)], to: log, at: nil)
                    guard number.isMultiple(of: 2) else { continue }
                    group.addTask { try await store.followed(log).count }
                }
                for number in 0..<100 {
                    _ = try await store.append([1, 2], to: try key("runs/\(number)"), at: nil)
                    // Beside those that are kept, each of the 50 followers may just be reading; without a limit there would be 100.
                    #expect(openFiles(under: folder) <= 8 + 50)
                }
                for number in 0..<100 { try await store.finish(try key("runs/\(number)")) }
                for try await count in group { #expect(count == 3) }
            }
        }
    }

    private func openFiles(under folder: String) -> Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return descriptors.count { descriptor in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
            return target?.hasPrefix(folder + "/") ?? false
        }
    }

    @Test("hands a follower that comes late a large blob in small pieces")
    func slowFollower() async throws {
        try await withScratchFolder { folder in
            let store = try FolderBlobStore(path: folder)
            let log = try key("large")
            var stream = store.follow(log, from: 0).makeAsyncIterator()
            let block = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            for _ in 0..<4 { _ = try await store.append(block, to: log, at: nil) }
            try await store.finish(log)
            var offset = 0
            while let chunk = try await stream.next() {
                #expect(chunk.count <= 256 << 10)
                #expect(chunk.first == block[offset % block.count])
                offset += chunk.count
            }
            #expect(offset == 4 << 20)
        }
    }

    @Test(
        "writes its header as text that says what it is",
        arguments: [(BlobHeader(length: 1_234), "roost-blob 1 growing  00000000000000001234")]
    )
    func header(header: BlobHeader, text: String) {
        #expect(header.bytes.count == BlobHeader.size)
        #expect(String(decoding: header.bytes, as: UTF8.self).hasPrefix(text))
        #expect(BlobHeader(header.bytes) == header)
        #expect(BlobHeader(BlobHeader(length: 7, finished: true).bytes) == BlobHeader(length: 7, finished: true))
        var other = header.bytes
        other[30] = UInt8(ascii: "x")
        #expect(BlobHeader(other) == nil)
    }

    @Test(
        "takes no key that leaves its folder",
        arguments: ["", "/a", "a/", "a//b", "..", "a/../b", ".a", "a~", "a b", "é"]
    )
    func badKeys(text: String) {
        #expect(BlobKey(text) == nil)
    }
}
