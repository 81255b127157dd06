import Foundation
import RoostContent
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Keys and folders of the cache")
struct CacheTests {
    private func write(_ text: String, _ path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test("texts stay as they are, paths and patterns stand for the names and contents of files")
    func keys() async throws {
        try await ScratchFolder.with { folder in
            for name in ["package-lock.json", "a/package-lock.json", "a/node_modules/x/package-lock.json"] {
                try write(name, "\(folder)/s/\(name)")
            }
            let fingerprint = CacheFingerprint(base: "\(folder)/s", workspace: folder)
            let texts = try fingerprint.resolve(#"npm | "v1.2" | Linux"#)
            #expect(texts.key == CacheKey(["npm", #""v1.2""#, "Linux"]))
            let file = try fingerprint.resolve("package-lock.json").key.segments
            // SHA-256 of "\nSHA256(s/package-lock.json)=[17]…", as Azure Pipelines' agent makes it.
            #expect(file.count == 1 && Data(base64Encoded: file[0])?.count == 32)
            let all = try fingerprint.resolve("**/package-lock.json")
            #expect(all.lines.first == " - **/package-lock.json [file pattern; matches: 3]")
            let some = try fingerprint.resolve("**/package-lock.json,!**/node_modules/**")
            #expect(some.lines.first?.hasSuffix("matches: 2]") == true)
            #expect(some.key != all.key)
            let before = all.key
            try write("changed", "\(folder)/s/a/package-lock.json")
            #expect(try fingerprint.resolve("**/package-lock.json").key != before)
        }
    }

    @Test(
        "a key that cannot be resolved says why",
        arguments: [
            ("yarn.lock", "File not found: yarn.lock"), ("**/*.lock", "No matching files found for pattern: **/*.lock"),
            ("a | *", "`*` is a reserved key segment. For path glob, use `./*`."),
            ("'a'", "A key segment cannot start with a single-quote character."), (" | ", "The key is empty."),
        ]
    )
    func faults(_ key: String, _ problem: String) async throws {
        try await ScratchFolder.with { folder in
            let fingerprint = CacheFingerprint(base: folder, workspace: folder)
            let fault = #expect(throws: CacheFingerprint.Faults.self) { try fingerprint.resolve(key) }
            #expect(fault?.problems == [problem])
        }
    }

    /// Chunks in memory; from a number of fetches on it gives none, or never answers.
    private actor Shelf: ChunkSink, ChunkSource {
        struct Cut: Error {}

        private var chunks: [ChunkID: [UInt8]] = [:]
        private var left = Int.max
        private var hangs = false
        private var hanging: [CheckedContinuation<Void, Never>] = []
        private var watcher: CheckedContinuation<Void, Never>?

        func cut(after fetches: Int, hangs: Bool = false) { (left, self.hangs) = (fetches, hangs) }

        /// Returns when a fetch hangs.
        func untilItHangs() async {
            guard hanging.isEmpty else { return }
            await withCheckedContinuation { watcher = $0 }
        }

        func release() { for continuation in hanging { continuation.resume() } }

        func missing(_ wanted: [ChunkID]) async throws -> Set<ChunkID> { Set(wanted.filter { chunks[$0] == nil }) }
        func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws { chunks[chunk] = stored }

        func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] {
            left -= 1
            guard left >= 0 else {
                if hangs {
                    await withCheckedContinuation { continuation in
                        hanging.append(continuation)
                        watcher?.resume()
                        watcher = nil
                    }
                }
                throw Cut()
            }
            guard let stored = chunks[chunk] else { throw ChunkFault.missing(chunk) }
            return stored
        }
    }

    private func entry(_ folder: String, on shelf: Shelf) async throws -> ContentManifest {
        for name in ["a", "b", "c"] {
            var bytes = Data(count: 600_000)
            for place in stride(from: 0, to: bytes.count, by: 3) { bytes[place] = UInt8.random(in: 0...255) }
            try FileManager.default.createDirectory(atPath: "\(folder)/kept/sub", withIntermediateDirectories: true)
            try bytes.write(to: URL(fileURLWithPath: "\(folder)/kept/sub/\(name)"))
        }
        var scan = FolderScan()
        try scan.add("\(folder)/kept", under: "0")
        let sent = try await ContentUpload(to: shelf).run(scan)
        return try await ContentDownload(from: shelf).manifest(sent.manifest)
    }

    @Test("a restore that is cut half-way leaves the target as it was", arguments: [false, true])
    func halfWay(_ targetExists: Bool) async throws {
        try await ScratchFolder.with { folder in
            let shelf = Shelf()
            let manifest = try await entry(folder, on: shelf)
            if targetExists { try write("mine", "\(folder)/target/sub/a") }
            let files = CacheFolders(paths: ["\(folder)/target"], temporary: "\(folder)/temp", id: UUID())
            await shelf.cut(after: 1)
            await #expect(throws: (any Error).self) {
                try await files.restore(manifest, ContentDownload(from: shelf)) { _ in }
            }
            #expect(FileManager.default.fileExists(atPath: "\(folder)/target") == targetExists)
            if targetExists {
                #expect(try String(contentsOfFile: "\(folder)/target/sub/a", encoding: .utf8) == "mine")
            }
            #expect(FileTree.names(in: "\(folder)/temp").isEmpty, "nothing is left behind")
        }
    }

    @Test("at the moment a restore is killed, nothing of it is in the target, and the next one is whole")
    func killed() async throws {
        try await ScratchFolder.with { folder in
            let shelf = Shelf()
            let manifest = try await entry(folder, on: shelf)
            let files = CacheFolders(paths: ["\(folder)/target"], temporary: "\(folder)/temp", id: UUID())
            await shelf.cut(after: 1, hangs: true)
            // What hangs here is where a SIGKILL would end the process: no code after it may matter.
            let restore = Task { try await files.restore(manifest, ContentDownload(from: shelf)) { _ in } }
            await shelf.untilItHangs()
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/target"))
            await shelf.cut(after: .max)
            let again = CacheFolders(paths: ["\(folder)/target"], temporary: "\(folder)/temp", id: UUID())
            try await again.restore(manifest, ContentDownload(from: shelf)) { _ in }
            for name in ["a", "b", "c"] {
                #expect(
                    FileManager.default.contentsEqual(
                        atPath: "\(folder)/target/sub/\(name)",
                        andPath: "\(folder)/kept/sub/\(name)"
                    )
                )
            }
            await shelf.release()
            _ = await restore.result
        }
    }

    @Test(
        "files of a target that has content stay beside the restored ones, and one killed in moving is told and begun anew"
    )
    func merging() async throws {
        try await ScratchFolder.with { folder in
            let shelf = Shelf()
            let manifest = try await entry(folder, on: shelf)
            try write("mine", "\(folder)/target/sub/z")
            try write("old", "\(folder)/target/sub/a")
            let files = CacheFolders(paths: ["\(folder)/target"], temporary: "\(folder)/temp", id: UUID())
            try await files.restore(manifest, ContentDownload(from: shelf)) { _ in }
            #expect(Set(FileTree.names(in: "\(folder)/target/sub")) == ["a", "b", "c", "z"])
            #expect(FileTree.names(in: folder).sorted() == ["kept", "target", "temp"])
            try write("", "\(folder)/target.roost-restoring")
            let told = Told()
            try await files.restore(manifest, ContentDownload(from: shelf)) { told.lines.append($0) }
            #expect(
                told.lines == ["An earlier restore of '\(folder)/target' was cut short; the folder is emptied first."]
            )
            #expect(Set(FileTree.names(in: "\(folder)/target/sub")) == ["a", "b", "c"])
            #expect(!FileTree.exists("\(folder)/target.roost-restoring"))
        }
    }

    private final class Told { var lines: [String] = [] }
}
