import Foundation
import RoostClient
import RoostContent
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Artifacts over HTTP")
struct ArtifactRouteTests {
    private let base = "/Fabrikam%20Fibre/_apis/build/builds/1/artifacts"

    private func publish(
        _ files: [String: String],
        _ name: String = "drop",
        type: String = "PipelineArtifact",
        modes: [String: Int] = [:],
        on server: LiveServer
    ) async throws -> StoredArtifactWire {
        let client = try server.jobClient()
        let result: Result<StoredArtifactWire, any Error>
        do {
            let content = try await server.upload(files, modes: modes, as: client)
            let draft = ArtifactDraftWire(name: name, type: type, content: content)
            result = .success(try await client.publishArtifact(run: 1, draft))
        } catch { result = .failure(error) }
        await client.close()
        return try result.get()
    }

    @Test("a published artifact is listed and described as clients of builds read it")
    func shapes() async throws {
        try await LiveServer.with { server in
            _ = try await publish(["a.txt": "hello"], on: server)
            let list = try await server.send(.GET, base).list
            #expect(list.map { $0["name"] as? String } == ["drop"])
            let one = try await server.send(.GET, "\(base)?artifactName=drop").decode(BuildArtifactWire.self)
            #expect(one.source == server.seed.job.id.description)
            #expect(one.resource?.type == "PipelineArtifact")
            #expect(one.resource?.properties?["artifactsize"] == "5")
            #expect(one.resource?.downloadUrl?.hasSuffix("artifactName=drop&api-version=7.1&%24format=zip") == true)
            let missing = try await server.send(.GET, "\(base)?artifactName=other")
            #expect(missing.status == 404)
            #expect(missing.typeKey == "ArtifactNotFoundException")
            #expect(missing.message.contains("Artifact other was not found for build 20261124.1"))
            let pipelines = try await server.send(
                .GET,
                "/Fabrikam%20Fibre/_apis/pipelines/1/runs/1/artifacts?artifactName=drop&$expand=signedContent"
            ).json
            #expect((pipelines["signedContent"] as? [String: Any])?["url"] as? String == one.resource?.downloadUrl)
        }
    }

    @Test("an archive holds the files under the artifact's name, with their modes")
    func archive() async throws {
        try await LiveServer.with { server in
            _ = try await publish(["a.txt": "hello", "bin/run": "#!/bin/sh\n"], modes: ["bin/run": 0o755], on: server)
            for query in ["&$format=zip", "&%24format=zip"] {
                let answer = try await server.send(.GET, "\(base)?artifactName=drop\(query)")
                #expect(answer.headers["Content-Type"] == ["application/zip"])
                let file = server.folder.appending(path: "drop.zip")
                try answer.bytes.write(to: file)
                let script = """
                    import sys, zipfile
                    z = zipfile.ZipFile(sys.argv[1])
                    assert z.testzip() is None
                    print([(i.filename, oct(i.external_attr >> 16), z.read(i).decode()) for i in z.infolist()])
                    """
                #expect(
                    try Self.python(script, file.path) == """
                        [('drop/a.txt', '0o100644', 'hello'), ('drop/bin/', '0o40755', ''), \
                        ('drop/bin/run', '0o100755', '#!/bin/sh\\n')]
                        """
                )
            }
        }
    }

    private static func python(_ script: String, _ argument: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, argument]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    @Test("single files and the file container of a run are read by path")
    func files() async throws {
        try await LiveServer.with { server in
            _ = try await publish(["a.txt": "hello", "sub/b c.txt": "bee"], type: "Container", on: server)
            let file = try await server.send(.GET, "\(base)?artifactName=drop&$format=file&subPath=/sub/b%20c.txt")
            #expect(file.text == "bee")
            #expect(file.headers["Content-Disposition"].first?.contains("b%20c.txt") == true)
            #expect(file.headers["X-Content-Type-Options"] == ["nosniff"])
            let lost = try await server.send(.GET, "\(base)?artifactName=drop&$format=file&subPath=/nope")
            #expect(lost.status == 404)
            let items = try await server.send(.GET, "/_apis/resources/Containers/1?itemPath=drop").list
            #expect(items.map { $0["path"] as? String } == ["drop", "drop/a.txt", "drop/sub", "drop/sub/b c.txt"])
            #expect(items.map { $0["itemType"] as? String } == ["folder", "file", "folder", "file"])
            let item = try await server.send(
                .GET,
                "/_apis/resources/Containers/1/drop/sub/b%20c.txt",
                headers: [("Accept", "application/octet-stream")]
            )
            #expect(item.text == "bee")
        }
    }

    @Test("a second artifact of a name is refused, the same one again is not, and a container takes more files")
    func names() async throws {
        try await LiveServer.with { server in
            let first = try await publish(["a": "1"], on: server)
            let asker = try server.jobClient()
            let draft = ArtifactDraftWire(
                name: "drop",
                type: "PipelineArtifact",
                content: try #require(first.content)
            )
            #expect(try await asker.publishArtifact(run: 1, draft).id == first.id)
            await asker.close()
            let refused = await #expect(throws: ClientError.self) { try await publish(["a": "2"], "DROP", on: server) }
            #expect(refused?.summary == "Artifact drop already exists for build 20261124.1.")
            _ = try await publish(["a": "1", "b": "old"], "logs", type: "Container", on: server)
            _ = try await publish(["b": "new", "c": "3"], "logs", type: "Container", on: server)
            let client = try server.jobClient()
            #expect(try await client.artifactFiles(run: 1, name: "logs").map(\.path) == ["a", "b", "c"])
            await client.close()
            #expect(try await server.send(.GET, "\(base)?artifactName=logs&$format=file&subPath=b").text == "new")
            let bad = await #expect(throws: ClientError.self) { try await publish(["a": "1"], "a/b", on: server) }
            #expect(bad?.summary.contains("'/' is not allowed in it") == true)
        }
    }

    @Test("of many writers of one name one wins, whole, and the others hear of it")
    func race() async throws {
        try await LiveServer.with { server in
            let client = try server.jobClient()
            let outcomes = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        guard let content = try? await server.upload(["n": "\(number)", "m": "\(number)"], as: client)
                        else {
                            return -1
                        }
                        let draft = ArtifactDraftWire(name: "race", type: "PipelineArtifact", content: content)
                        return (try? await client.publishArtifact(run: 1, draft)).map { _ in number }
                    }
                }
                return await group.reduce(into: [Int?]()) { $0.append($1) }
            }
            await client.close()
            let winners = outcomes.compactMap { $0 }
            #expect(winners.count == 1 && winners != [-1])
            for name in ["n", "m"] {
                let text = try await server.send(.GET, "\(base)?artifactName=race&$format=file&subPath=\(name)").text
                #expect(text == "\(winners[0])")
            }
        }
    }

    @Test("bytes that are not what their name says are refused, and an upload that is not complete is not published")
    func integrity() async throws {
        try await LiveServer.with { server in
            let client = try server.jobClient()
            let wrong = ChunkCodec.id(of: [1])
            let refused = await #expect(throws: ClientError.self) {
                try await client.putChunk(run: 1, wrong, ChunkCodec.encode([2]))
            }
            #expect(refused?.code == "content.damaged")
            let manifest = ContentManifest(
                chunks: [ContentChunk(id: wrong, size: 1)],
                entries: [.init(path: "a", kind: .file(size: 1, offset: 0), mode: 0o644, modified: 0)]
            )
            let pages = ManifestPages.split(manifest)
            for page in pages { try await client.putChunk(run: 1, page.chunk.id, page.stored) }
            let content = ContentWire(manifest: pages.map(\.chunk), files: 1, size: 1)
            let incomplete = await #expect(throws: ClientError.self) {
                try await client.publishArtifact(
                    run: 1,
                    ArtifactDraftWire(name: "x", type: "PipelineArtifact", content: content)
                )
            }
            #expect(incomplete?.code == "content.incomplete")
            await client.close()
        }
    }

    @Test("damage on the disk is told with the artifact and what to do, and the same files sent again repair it")
    func damage() async throws {
        try await LiveServer.with { server in
            let files = ["a.txt": String(repeating: "hello ", count: 9000)]
            let artifact = try await publish(files, on: server)
            let manifest = try #require(artifact.content?.manifest.first?.id.description)
            for file in try server.chunkFiles() where !file.hasSuffix(manifest) {
                var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
                bytes[bytes.count - 1] ^= 0xff
                try bytes.write(to: URL(fileURLWithPath: file))
            }
            let zip = try await server.send(.GET, "\(base)?artifactName=drop&$format=zip")
            #expect(zip.status == 410)
            #expect(zip.message.contains("is damaged"))
            #expect(zip.message.contains("It belongs to artifact 'drop' of run 20261124.1."))
            let client = try server.jobClient()
            let source = RunChunkSource(client: client, run: 1, owner: .artifact(artifact.id))
            let folder = try ScratchFolder()
            let download = ContentDownload(from: source)
            let list = try await download.manifest(#require(artifact.content).manifest)
            let fault = await #expect(throws: DownloadFault.self) { try await download.run(list, into: folder.path) }
            #expect(fault?.files == ["a.txt"])
            #expect(try server.chunkFiles().count == 1, "the damaged piece is removed, so that it counts as missing")
            _ = try await publish(files, "again", on: server)
            try await download.run(list, into: folder.path)
            #expect(try String(contentsOfFile: "\(folder.path)/a.txt", encoding: .utf8) == files["a.txt"])
            folder.remove()
            await client.close()
        }
    }

    @Test("artifacts go with their run, and their content with the last that refers to it")
    func retention() async throws {
        try await LiveServer.with { server in
            _ = try await publish(["a": "one"], "first", on: server)
            _ = try await publish(["b": "two"], "second", on: server)
            let plane = server.app.plane
            #expect(try await plane.keepContent(grace: .seconds(60)).removed == 0, "all is referred to")
            try await plane.deleteArtifact("first", of: server.seed.run, by: .system)
            #expect(
                try await plane.keepContent(grace: .seconds(60)).removed == 0,
                "what was just sent stays for a time"
            )
            let later = Date() + 3600
            #expect(try await plane.keepContent(at: later, grace: .seconds(60)).removed == 2)
            #expect(try await server.send(.GET, "\(base)?artifactName=second&$format=zip").status == 200)
        }
    }

    @Test("a job reads the artifacts of other pipelines only when its file names them")
    func otherPipelines() async throws {
        try await LiveServer.with { server in
            let plane = server.app.plane
            let caller = Caller(
                .job(server.seed.job.id, run: RunID(1), plan: server.seed.run.planID, project: server.seed.project.id)
            )
            var own = server.seed.run
            var other = server.seed.run
            (other.id, other.pipeline, other.pipelineName, other.number) = (RunID(9), PipelineID(9), "lib", "9")
            let refusal = #expect(throws: ContentError.self) { try plane.requireReadable(other, by: caller, own) }
            #expect(refusal?.code == "content.not-readable")
            #expect(
                refusal?.summary.contains("names that pipeline neither as a resource nor in a download step") == true
            )
            own.plan.stages[0].jobs[0].steps.append(
                PlannedStep(
                    name: "d",
                    displayName: "",
                    task: TaskReference(id: "", name: "DownloadPipelineArtifact", version: "2"),
                    inputs: ["definition": "9"]
                )
            )
            try plane.requireReadable(other, by: caller, own)
            own.cause.pullRequest = RunPullRequest(
                number: 7,
                id: "7",
                sourceBranch: "refs/heads/x",
                targetBranch: "refs/heads/main",
                sourceCommit: "",
                isFork: true
            )
            #expect(throws: ContentError.self) { try plane.requireReadable(other, by: caller, own) }
            (other.project) = server.seed.otherProject.id
            own.cause.pullRequest = nil
            #expect(throws: ContentError.self) { try plane.requireReadable(other, by: caller, own) }
        }
    }
}
