import Foundation
import RoostClient
import RoostContent
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("The cache over HTTP")
struct CacheServiceTests {
    private static let fork = RunPullRequest(
        number: 7,
        id: "7",
        sourceBranch: "refs/heads/main",
        targetBranch: "refs/heads/main",
        sourceCommit: "",
        isFork: true
    )

    @Test("a key is written once, is found whole or by its beginning, and may be removed")
    func life() async throws {
        try await LiveServer.with { server in
            let client = try server.jobClient()
            let key = CacheKey(["npm", "1"])
            #expect(try await client.findCache(run: 1, keys: [key]) == nil)
            let content = try await server.upload(["m/a": "one"], as: client)
            let saved = try await client.saveCache(run: 1, CacheDraftWire(key: key, content: content))
            #expect(saved.isNew == true && saved.scope == "refs/heads/main")
            let other = try await server.upload(["m/a": "two"], as: client)
            let again = try await client.saveCache(run: 1, CacheDraftWire(key: key, content: other))
            #expect(again.isNew == false && again.content == content && again.id == saved.id)
            #expect(try await client.findCache(run: 1, keys: [key])?.isExact == true)
            let stranger = ChunkCodec.id(of: [1, 2, 3])
            await #expect(throws: ClientError.self) {
                try await client.cacheChunk(run: 1, cache: saved.id, stranger, isSuspect: true)
            }
            #expect(try await client.findCache(run: 1, keys: [key]) != nil, "a wrong question costs no entry")
            let near = try await client.findCache(run: 1, keys: [CacheKey(["npm", "2"]), CacheKey(["npm"])])
            #expect(near?.isExact == false && near?.id == saved.id)
            let listed = try await server.send(.GET, "/Fabrikam%20Fibre/_apis/roost/caches?pipeline=1").list
            #expect(listed.count == 1)
            #expect((listed.first?["pipeline"] as? [String: Any])?["name"] as? String == "ci")
            #expect(try await server.send(.DELETE, "/_apis/roost/caches/\(saved.id)").status == 204)
            #expect(try await client.findCache(run: 1, keys: [key]) == nil)
            let bad = await #expect(throws: ClientError.self) {
                try await client.findCache(run: 1, keys: [CacheKey([""])])
            }
            #expect(bad?.summary.contains("an empty part") == true)
            await client.close()
        }
    }

    @Test("of many writers of one key one wins, and all read the same whole entry")
    func race() async throws {
        try await LiveServer.with { server in
            let client = try server.jobClient()
            let key = CacheKey(["race"])
            let entries = await withTaskGroup(of: CacheEntryWire?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        guard let content = try? await server.upload(["a": "\(number)", "b": "\(number)"], as: client)
                        else { return nil }
                        return try? await client.saveCache(run: 1, CacheDraftWire(key: key, content: content))
                    }
                }
                return await group.reduce(into: [CacheEntryWire?]()) { $0.append($1) }.compactMap { $0 }
            }
            #expect(entries.count == 8)
            #expect(entries.count { $0.isNew == true } == 1)
            #expect(Set(entries.map(\.id)).count == 1 && Set(entries.map(\.content)).count == 1)
            let found = try #require(try await client.findCache(run: 1, keys: [key]))
            let source = RunChunkSource(client: client, run: 1, owner: .cache(found.id))
            let folder = try ScratchFolder()
            let download = ContentDownload(from: source)
            try await download.run(download.manifest(found.content.manifest), into: folder.path)
            let texts = try ["a", "b"].map { try String(contentsOfFile: "\(folder.path)/\($0)", encoding: .utf8) }
            #expect(texts[0] == texts[1])
            folder.remove()
            await client.close()
        }
    }

    @Test("what a fork keeps no run of the main branch finds, and asked for by its number it is refused")
    func fork() async throws {
        try await LiveServer.with { server in
            let plane = server.app.plane
            let client = try server.jobClient()
            let key = CacheKey(["npm", "1"])
            var forked = server.seed.run
            // A fork may call its branch what it likes, also like the trusted one.
            forked.cause.pullRequest = Self.fork
            #expect(forked.sourceBranch == "refs/heads/main")
            let poison = ManifestPages.split(ContentManifest())
            for page in poison { try await plane.putChunk(page.chunk.id, page.stored, run: forked) }
            let draft = CacheDraftWire(key: key, content: ContentWire(manifest: poison.map(\.chunk), files: 0, size: 0))
            let entry = try await plane.saveCache(run: forked, draft, by: .system).entry
            #expect(entry.scope == "fork:7")
            #expect(try await client.findCache(run: 1, keys: [key, CacheKey(["npm"])]) == nil)
            let chunk = try #require(poison.first?.chunk.id)
            let refused = await #expect(throws: ClientError.self) {
                try await client.cacheChunk(run: 1, cache: entry.id.rawValue, chunk)
            }
            #expect(refused?.code == "content.not-readable")
            #expect(refused?.summary.contains("runs of refs/heads/main read refs/heads/main only") == true)
            // What the fork sent is not known to the main branch's runs either: nobody can refer to it by its name.
            #expect(try await client.missingChunks(run: 1, [chunk]) == [chunk])
            // The other way is allowed.
            let content = try await server.upload(["m": "good"], as: client)
            let saved = try await client.saveCache(run: 1, CacheDraftWire(key: CacheKey(["go"]), content: content))
            #expect(try await plane.findCache([CacheKey(["go"])], run: forked)?.entry.id.rawValue == saved.id)
            await client.close()
        }
    }

    @Test("unused entries and those beyond the limit go, and so does their content")
    func eviction() async throws {
        try await LiveServer.with(flags: ["cache-limit": "100", "cache-retention": "1h"]) { server in
            let client = try server.jobClient()
            for name in ["a", "b"] {
                let content = try await server.upload([name: String(repeating: name, count: 60)], as: client)
                _ = try await client.saveCache(run: 1, CacheDraftWire(key: CacheKey([name]), content: content))
            }
            let plane = server.app.plane
            try await plane.keepContent()
            #expect(plane.caches(project: nil, pipeline: nil).map(\.key) == [CacheKey(["b"])])
            let sweep = try await plane.keepContent(at: Date() + 7200, grace: .seconds(1))
            #expect(plane.caches(project: nil, pipeline: nil).isEmpty)
            #expect(sweep.left == 0 && sweep.removed == 4)
            await client.close()
        }
    }

    @Test("an entry that is damaged is given up, so that the key can be written anew")
    func damage() async throws {
        try await LiveServer.with { server in
            let client = try server.jobClient()
            let key = CacheKey(["k"])
            let content = try await server.upload(["a": "one"], as: client)
            let saved = try await client.saveCache(run: 1, CacheDraftWire(key: key, content: content))
            for file in try server.chunkFiles() { try Data([0, 1, 2]).write(to: URL(fileURLWithPath: file)) }
            let source = RunChunkSource(client: client, run: 1, owner: .cache(saved.id))
            await #expect(throws: (any Error).self) {
                try await ContentDownload(from: source).manifest(content.manifest)
            }
            #expect(try await client.findCache(run: 1, keys: [key]) == nil)
            let anew = try await server.upload(["a": "one"], as: client)
            #expect(try await client.saveCache(run: 1, CacheDraftWire(key: key, content: anew)).isNew == true)
            await client.close()
        }
    }
}
