import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostContent

@Suite("Content that travels")
struct TransferTests {
    /// Bytes that do not compress, the same for the same seed.
    static func noise(_ count: Int, seed: UInt64) -> Data {
        var state = seed
        var bytes = [UInt8](repeating: 0, count: count)
        for place in bytes.indices {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[place] = UInt8(truncatingIfNeeded: state >> 33)
        }
        return Data(bytes)
    }

    private func sample() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("hello\n", to: "in/a.txt")
        try folder.write("#!/bin/sh\n", to: "in/bin/run me %20.sh", mode: 0o755)
        try folder.write("", to: "in/empty")
        try Self.noise(3_000_000, seed: 1).write(to: URL(fileURLWithPath: "\(folder.path)/in/large.bin"))
        try Self.noise(300_000, seed: 2).write(to: URL(fileURLWithPath: "\(folder.path)/in/middle.bin"))
        try FileManager.default.createDirectory(atPath: "\(folder.path)/in/void", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/in/link",
            withDestinationPath: "bin/run me %20.sh"
        )
        return folder
    }

    private func upload(_ path: String, to shelf: ChunkShelf) async throws -> ContentUpload.Outcome {
        var scan = FolderScan()
        try scan.add(path)
        return try await ContentUpload(to: shelf).run(scan)
    }

    private func tree(_ path: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            let full = "\(path)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: full)
            let mode = String((attributes[.posixPermissions] as? Int ?? 0), radix: 8)
            switch attributes[.type] as? FileAttributeType {
            case .typeSymbolicLink?:
                found[name] = "-> \(try FileManager.default.destinationOfSymbolicLink(atPath: full))"
            case .typeDirectory?: found[name] = "folder \(mode)"
            default:
                let bytes = try Data(contentsOf: URL(fileURLWithPath: full))
                found[name] = "\(mode) \(bytes.count) \(ChunkCodec.id(of: Array(bytes)))"
            }
        }
        return found
    }

    @Test("files, modes, links, empty files and folders come back as they were")
    func roundTrip() async throws {
        let folder = try sample()
        defer { folder.remove() }
        let shelf = ChunkShelf()
        let sent = try await upload("\(folder.path)/in", to: shelf)
        #expect(sent.files == 6)
        let download = ContentDownload(from: shelf)
        let manifest = try await download.manifest(sent.manifest)
        try await download.run(manifest, into: "\(folder.path)/out")
        #expect(try tree("\(folder.path)/out") == tree("\(folder.path)/in"))
    }

    @Test("what is there already is not sent again, wherever it stands")
    func deduplication() async throws {
        let folder = try sample()
        defer { folder.remove() }
        let shelf = ChunkShelf()
        let first = try await upload("\(folder.path)/in", to: shelf)
        shelf.forgetCounts()
        #expect(try await upload("\(folder.path)/in", to: shelf).sent == 0)
        #expect(shelf.sent == 0)
        try folder.write("in front of all", to: "in/0.txt")
        var large = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/in/large.bin"))
        large.insert(contentsOf: Data("in the middle".utf8), at: 1_500_000)
        try large.write(to: URL(fileURLWithPath: "\(folder.path)/in/large.bin"))
        let second = try await upload("\(folder.path)/in", to: shelf)
        #expect(second.manifest != first.manifest)
        #expect(second.sent < 2_500_000, "only the chunks around the changes travel")
    }

    @Test("an upload that was cut goes on with what is missing")
    func uploadGoesOn() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/in", withIntermediateDirectories: true)
        try Self.noise(24_000_000, seed: 3).write(to: URL(fileURLWithPath: "\(folder.path)/in/large.bin"))
        let shelf = ChunkShelf()
        shelf.cut(afterSends: 5)
        await #expect(throws: ChunkShelf.Gone.self) { try await upload("\(folder.path)/in", to: shelf) }
        #expect(shelf.chunks.count == 5)
        shelf.cut()
        shelf.forgetCounts()
        _ = try await upload("\(folder.path)/in", to: shelf)
        #expect(shelf.sent == shelf.chunks.count - 5)
    }

    @Test("a download with a journal goes on where it was cut")
    func downloadGoesOn() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        try FileManager.default.createDirectory(atPath: "\(folder.path)/in", withIntermediateDirectories: true)
        try Self.noise(24_000_000, seed: 4).write(to: URL(fileURLWithPath: "\(folder.path)/in/large.bin"))
        let shelf = ChunkShelf()
        let sent = try await upload("\(folder.path)/in", to: shelf)
        let download = ContentDownload(from: shelf)
        let manifest = try await download.manifest(sent.manifest)
        let options = ContentDownload.Options(journal: "\(folder.path)/journal")
        shelf.cut(afterFetches: 7)
        await #expect(throws: ChunkShelf.Gone.self) {
            try await download.run(manifest, into: "\(folder.path)/out", options)
        }
        shelf.cut()
        shelf.forgetCounts()
        try await download.run(manifest, into: "\(folder.path)/out", options)
        // What was under way at the cut may be fetched twice.
        #expect(shelf.fetched.count < manifest.chunks.count)
        #expect(try tree("\(folder.path)/out") == tree("\(folder.path)/in"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/journal"))
    }

    @Test("a damaged chunk is named with the files it is part of, and leaves no half file")
    func damage() async throws {
        let folder = try sample()
        defer { folder.remove() }
        let shelf = ChunkShelf()
        let sent = try await upload("\(folder.path)/in", to: shelf)
        let download = ContentDownload(from: shelf)
        let manifest = try await download.manifest(sent.manifest)
        let chunk = try #require(manifest.chunks.last)
        var stored = try #require(shelf.chunks[chunk.id])
        stored[stored.count / 2] ^= 1
        shelf.replace(chunk.id, by: stored)
        let fault = await #expect(throws: DownloadFault.self) {
            try await download.run(manifest, into: "\(folder.path)/out")
        }
        #expect(fault?.files == ["middle.bin"])
        #expect(fault?.summary.contains("'middle.bin' cannot be restored") == true)
        #expect(fault?.advice == "Publish the files again, which replaces the piece.")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out/middle.bin"))
    }

    @Test("only the chunks of the wanted files travel")
    func partOfIt() async throws {
        let folder = try sample()
        defer { folder.remove() }
        let shelf = ChunkShelf()
        let sent = try await upload("\(folder.path)/in", to: shelf)
        let download = ContentDownload(from: shelf)
        let manifest = try await download.manifest(sent.manifest)
        shelf.forgetCounts()
        let patterns = PatternList("**/*.txt")
        try await download.run(manifest, into: "\(folder.path)/out") { $0.isFile && patterns.matches($0.path) }
        #expect(try tree("\(folder.path)/out").keys.sorted() == ["a.txt"])
        #expect(shelf.fetched.count == 1)
    }

    @Test("a link in the target is replaced, not written through")
    func linkInTarget() async throws {
        let folder = try sample()
        defer { folder.remove() }
        let shelf = ChunkShelf()
        let sent = try await upload("\(folder.path)/in", to: shelf)
        let download = ContentDownload(from: shelf)
        let manifest = try await download.manifest(sent.manifest)
        try folder.write("precious", to: "elsewhere/a.txt")
        try folder.write("", to: "out/x")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: "\(folder.path)/out/a.txt", withDestinationPath: "../elsewhere/a.txt")
        try files.createSymbolicLink(atPath: "\(folder.path)/out/bin", withDestinationPath: "../elsewhere")
        try await download.run(manifest, into: "\(folder.path)/out")
        #expect(try String(contentsOfFile: "\(folder.path)/elsewhere/a.txt", encoding: .utf8) == "precious")
        #expect(try files.contentsOfDirectory(atPath: "\(folder.path)/elsewhere") == ["a.txt"])
        #expect(try String(contentsOfFile: "\(folder.path)/out/a.txt", encoding: .utf8) == "hello\n")
    }
}

@Suite("A list of files as text")
struct ManifestTests {
    @Test("what is written is read again")
    func roundTrip() throws {
        let manifest = ContentManifest(
            chunks: [ContentChunk(id: ChunkCodec.id(of: [1, 2, 3]), size: 3)],
            entries: [
                .init(path: "a b/ü%\n", kind: .file(size: 3, offset: 0), mode: 0o755, modified: 17),
                .init(path: "c", kind: .folder, mode: 0o700, modified: -1),
                .init(path: "d", kind: .link(target: "../x y"), mode: 0, modified: 0),
            ]
        )
        #expect(try ContentManifest(text: manifest.text) == manifest)
    }

    @Test(
        "a list that would write elsewhere is refused",
        arguments: [
            "folder 755 0 ../x", "folder 755 0 /etc", "folder 755 0 a//b", "file 644 0 5 0 a",
            "link 0 a /etc\nfile 644 0 0 0 a/b", "folder 755 0 a\nfolder 755 0 a", "file 644 0 9223372036854775807 1 a",
            "folder 755 0 a/../b", "folder 777777 0 a", "chunk 00 3", "what 1",
        ]
    )
    func refusals(_ lines: String) {
        #expect(throws: ManifestFault.self) { try ContentManifest(text: Array("roost-manifest 1\n\(lines)\n".utf8)) }
    }

    @Test("files of a second list replace those of the first and keep their content")
    func adding() throws {
        let one = ChunkCodec.id(of: [1])
        let two = ChunkCodec.id(of: [2])
        let first = ContentManifest(
            chunks: [ContentChunk(id: one, size: 1)],
            entries: [
                .init(path: "a", kind: .file(size: 1, offset: 0), mode: 0, modified: 0),
                .init(path: "b", kind: .file(size: 1, offset: 0), mode: 0, modified: 0),
            ]
        )
        let second = ContentManifest(
            chunks: [ContentChunk(id: two, size: 1)],
            entries: [.init(path: "b", kind: .file(size: 1, offset: 0), mode: 0, modified: 0)]
        )
        let both = first.adding(second)
        #expect(both.entries.map(\.path) == ["a", "b"])
        #expect(both.entries[1].kind == .file(size: 1, offset: 1))
        #expect(both.chunks.map(\.id) == [one, two])
    }

    @Test("a chunk is what its name says, or it is refused")
    func codec() throws {
        for bytes in [[], [7], [UInt8](repeating: 65, count: 100_000), Array(TransferTests.noise(5000, seed: 9))] {
            let id = ChunkCodec.id(of: bytes)
            let stored = ChunkCodec.encode(bytes)
            #expect(try ChunkCodec.decode(stored, of: id) == bytes)
            #expect(throws: ChunkFault.self) { try ChunkCodec.decode(stored + [0], of: id) }
            #expect(throws: ChunkFault.self) { try ChunkCodec.decode(Array(stored.dropLast()), of: id) }
        }
        #expect(ChunkCodec.encode([UInt8](repeating: 65, count: 100_000)).count < 200)
        #expect(throws: ChunkFault.self) { try ChunkCodec.decode([9, 1], of: ChunkCodec.id(of: [1])) }
    }
}
