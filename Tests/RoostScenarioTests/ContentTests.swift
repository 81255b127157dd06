import Foundation
import FoundationNetworking
import RoostClient
import RoostContent
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Artifacts and caches through server and agent", .serialized, .timeLimit(.minutes(4)))
struct ContentTests {
    private static let artifacts = """
        stages:
        - stage: Build
          jobs:
          - job: Make
            steps:
            - bash: |
                mkdir -p out/bin out/obj out/.git
                echo one > out/a.txt
                printf '#!/bin/sh\\necho running' > out/bin/run; chmod 755 out/bin/run
                ln -s bin/run out/link
                echo junk > out/obj/x.o; echo junk > out/.git/config
                printf 'obj/\\n.git/\\n' > out/.artifactignore
                mkdir -p "$(Build.ArtifactStagingDirectory)"; echo staged > "$(Build.ArtifactStagingDirectory)/s.txt"
            - publish: out
              artifact: app
            - task: PublishBuildArtifacts@1
            - task: PublishBuildArtifacts@1
              inputs: { PathtoPublish: out/bin, ArtifactName: tarred, StoreAsTar: true }
            - bash: |
                echo "##vso[artifact.upload artifactname=logs]$PWD/out/a.txt"
                echo "##vso[artifact.associate artifactname=share;artifacttype=filepath]\\\\\\\\server\\\\share"
        - stage: Use
          jobs:
          - job: Fetch
            steps:
            - checkout: none
            - download: current
              artifact: app
            - bash: |
                cd "$(Pipeline.Workspace)/app"
                ls -A | sort | tr '\\n' ' '; ./bin/run; ./link; cat a.txt
                test ! -e obj && test ! -e .git && echo ignored
            - task: DownloadPipelineArtifact@2
              inputs: { patterns: "**/*.txt", path: "$(Pipeline.Workspace)/all" }
            - bash: cd "$(Pipeline.Workspace)/all" && find . -type f | sort | tr '\\n' ' '
            - task: DownloadBuildArtifacts@1
              inputs:
                artifactName: tarred
                extractTars: true
                downloadPath: $(Pipeline.Workspace)/old
            - bash: cd "$(Pipeline.Workspace)/old/tarred" && ls | tr '\\n' ' ' && ./run
            - task: DownloadPipelineArtifact@2
              displayName: not there
              continueOnError: true
              inputs: { artifact: nothing }
          - deployment: Ship
            dependsOn: Fetch
            environment: test
            strategy:
              runOnce:
                preDeploy:
                  steps:
                  - bash: test ! -e "$(Pipeline.Workspace)/logs" && echo not yet
                deploy:
                  steps:
                  - bash: cat "$(Pipeline.Workspace)/app/a.txt" "$(Pipeline.Workspace)/drop/s.txt" && echo deployed
        """

    @Test(
        "what a job publishes a later one fetches: as a whole, by pattern, in the older form, and before a deployment"
    )
    func artifacts() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.artifacts])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent {
                let run = try await cluster.queue(try await cluster.pipeline(repository))
                let view = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(view.run.state == .completed(.succeededWithIssues), "\(output)")
                #expect(output.contains(" .artifactignore a.txt bin link running"), "\(output)")
                #expect(output.contains("Z one"))
                #expect(output.contains("ignored"))
                #expect(output.contains("./app/a.txt ./drop/s.txt ./logs/a.txt "))
                #expect(output.contains("run running"))
                #expect(output.contains("Artifact nothing was not found for build \(view.run.number)"))
                #expect(output.contains("not yet"))
                #expect(output.contains("deployed"))
                let all = try await cluster.plane.artifacts(of: run.id)
                #expect(all.map(\.name) == ["app", "drop", "tarred", "logs", "share"])
                #expect(all.last?.kind == .place(type: "filepath", data: "\\\\server\\share"))
            }
        }
    }

    private static let cached = """
        steps:
        - task: Cache@2
          name: cache
          inputs:
            key: 'deps | "$(Agent.OS)" | lock.txt'
            restoreKeys: |
              deps | "$(Agent.OS)"
            path: $(Pipeline.Workspace)/deps
            cacheHitVar: CACHE_RESTORED
        - bash: |
            echo "hit=$(CACHE_RESTORED) env=$CACHE_RESTORED have=$(cat "$(Pipeline.Workspace)/deps/v" 2>/dev/null)"
            mkdir -p "$(Pipeline.Workspace)/deps"; cp lock.txt "$(Pipeline.Workspace)/deps/v"
            chmod 700 "$(Pipeline.Workspace)/deps/v"; ln -sf v "$(Pipeline.Workspace)/deps/l"
            test "$(cat lock.txt)" != broken
        """

    @Test("a cache misses, is kept only by a job that succeeds, hits, and falls back to the beginning of its key")
    func cache() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.cached, "lock.txt": "broken"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent {
                let pipeline = try await cluster.pipeline(repository)
                func next() async throws -> String {
                    // Each run on a machine that has nothing.
                    let work = "\(cluster.folder.path)/agent-local/_work"
                    for folder in (try? FileManager.default.contentsOfDirectory(atPath: work)) ?? []
                    where Int(folder) != nil {
                        try? FileManager.default.removeItem(atPath: "\(work)/\(folder)/deps")
                    }
                    let run = try await cluster.queue(pipeline)
                    _ = try await cluster.finished(run.id)
                    return try await cluster.output(of: run.id)
                }
                let failed = try await next()
                #expect(failed.contains("hit=false env=false have="), "\(failed)")
                #expect(failed.contains("Skipping because the job status was not 'Succeeded'."))
                try repository.commit(["lock.txt": "one"], "one")
                let first = try await next()
                #expect(first.contains("hit=false env=false have="), "\(first)")
                #expect(first.contains("Saved item: 2 files"))
                let second = try await next()
                #expect(second.contains("hit=true env=true have=one"), "\(second)")
                #expect(second.contains("nothing is kept"))
                try repository.commit(["lock.txt": "two"], "two")
                let third = try await next()
                #expect(third.contains("hit=inexact env=inexact have=one"), "\(third)")
                #expect(cluster.plane.caches(project: nil, pipeline: pipeline.id).count == 2)
                #expect(third.contains("Post-job: Cache"))
            }
        }
    }

    @Test("a damaged entry is told and counts as a miss: the job goes on, and keeps its files anew")
    func damagedCache() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.cached, "lock.txt": "one"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent {
                let pipeline = try await cluster.pipeline(repository)
                _ = try await cluster.finished(try await cluster.queue(pipeline).id)
                try Self.damage(cluster)
                let run = try await cluster.queue(pipeline)
                let view = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(view.run.state == .completed(.succeeded), "\(output)")
                #expect(output.contains("##[warning]The cache could not be restored, and the job goes on without it."))
                #expect(output.contains("hit=false"))
                #expect(output.contains("Saved item"))
            }
        }
    }

    @Test("a damaged artifact fails the step that fetches it, with its name, the file and what to do")
    func damagedArtifact() async throws {
        let yaml = """
            stages:
            - stage: A
              jobs:
              - job: Make
                steps:
                - bash: mkdir out && head -c 50000 /dev/urandom > out/data.bin
                - publish: out
                  artifact: drop
            - stage: B
              jobs:
              - job: Wait
                steps:
                - bash: while [ ! -e "$(GO)" ]; do sleep 0.05; done
                - download: current
            """
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent {
                let go = "\(cluster.folder.path)/go"
                let run = try await cluster.queue(
                    try await cluster.pipeline(repository),
                    variables: ["GO": PipelineVariable(value: go)]
                )
                try await cluster.until(run.id) { view in
                    view.jobs.contains { $0.name == "Wait" && $0.state.lease != nil }
                }
                let artifact = try #require(try await cluster.plane.artifacts(of: run.id).first)
                try Self.damage(cluster, but: artifact.content?.manifest.first?.id.description ?? "")
                _ = FileManager.default.createFile(atPath: go, contents: nil)
                let view = try await cluster.finished(run.id)
                #expect(view.run.state == .completed(.failed))
                let output = try await cluster.output(of: run.id)
                #expect(
                    output.contains("The file 'data.bin' of the artifact 'drop' of run \(run.id) cannot be restored."),
                    "\(output)"
                )
                #expect(output.contains("Publish the files again"))
            }
        }
    }

    /// Changes a byte in the middle of every stored chunk but one.
    private static func damage(_ cluster: TestCluster, but kept: String = "-") throws {
        let root = "\(cluster.folder.path)/content"
        for name in try FileManager.default.subpathsOfDirectory(atPath: root)
        where name.count(where: { $0 == "/" }) == 2 {
            guard !name.hasSuffix(kept) else { continue }
            var bytes = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)"))
            bytes[bytes.count / 2] ^= 0x55
            try bytes.write(to: URL(fileURLWithPath: "\(root)/\(name)"))
        }
    }

    @Test("a fork's run keeps what no run of the main branch gets")
    func fork() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.cached, "lock.txt": "one"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent {
                let pipeline = try await cluster.pipeline(repository)
                var request = RunRequest(pipeline: pipeline.id, variables: [:])
                request.reason = .pullRequest
                request.cause.pullRequest = RunPullRequest(
                    number: 7,
                    id: "7",
                    sourceBranch: "refs/heads/main",
                    targetBranch: "refs/heads/main",
                    sourceCommit: "",
                    isFork: true
                )
                let forked = try await cluster.plane.queueRun(request, by: .system)
                _ = try await cluster.finished(forked.id)
                let kept = cluster.plane.caches(project: nil, pipeline: pipeline.id)
                #expect(kept.map(\.scope) == ["fork:7"])
                let run = try await cluster.queue(pipeline)
                _ = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(output.contains("There is a cache miss."), "\(output)")
                let scopes = cluster.plane.caches(project: nil, pipeline: pipeline.id).map(\.scope)
                #expect(scopes == ["refs/heads/main", "fork:7"])
            }
        }
    }

    @Test("a pipeline fetches what its resource published, and the newest run of a pipeline it names")
    func otherPipelines() async throws {
        let lib = try ScratchRepository([
            "azure-pipelines.yml":
                "steps:\n- bash: mkdir out && echo $(Build.BuildId) > out/v\n- publish: out\n  artifact: lib\n"
        ])
        defer { lib.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent {
                let library = try await cluster.pipeline(lib, name: "lib")
                let first = try await cluster.queue(library)
                _ = try await cluster.finished(first.id)
                let app = try ScratchRepository([
                    "azure-pipelines.yml": """
                    resources:
                      pipelines:
                      - pipeline: base
                        source: lib
                    steps:
                    - download: base
                      artifact: lib
                    - bash: echo "alias=$(cat "$(Pipeline.Workspace)/base/lib/v")"
                    - task: DownloadPipelineArtifact@2
                      name: named
                      inputs:
                        buildType: specific
                        definition: \(library.id)
                        artifact: lib
                        path: $(Pipeline.Workspace)/named
                    - bash: echo "named=$(cat "$(Pipeline.Workspace)/named/v") number=$(named.BuildNumber)"
                    """
                ])
                defer { app.remove() }
                let run = try await cluster.queue(try await cluster.pipeline(app, name: "app"))
                let view = try await cluster.finished(run.id)
                let output = try await cluster.output(of: run.id)
                #expect(view.run.state == .completed(.succeeded), "\(output)")
                #expect(output.contains("alias=\(first.id)"))
                #expect(output.contains("named=\(first.id) number=\(first.number)"))
            }
        }
    }
}

extension ContentTests {
    private static let small = """
        steps:
        - bash: mkdir -p out/sub; echo one > out/a.txt; echo two > out/sub/b.md
        - publish: out
          artifact: drop
        """

    @Test("the command line lists, fetches by pattern, publishes and deletes, and pages show the same")
    func commands() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.small])
        defer { repository.remove() }
        try await TestCluster.with(dashboard: true) { cluster in
            try await cluster.withRealAgent {
                let run = try await cluster.queue(try await cluster.pipeline(repository))
                _ = try await cluster.finished(run.id)
                let folder = cluster.folder
                func roost(_ words: String...) async throws -> (Int32, String) {
                    let program = try ChildProgram(
                        "roost",
                        words,
                        environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
                        folder: folder.path
                    )
                    let (code, output) = await program.finished()
                    return (code, output)
                }
                let id = "\(run.id)"
                let (_, list) = try await roost("artifact", "list", id)
                #expect(list.contains("drop  PipelineArtifact  2      8 B"), "\(list)")
                let (_, files) = try await roost("artifact", "files", id, "drop", "--output", "json")
                #expect(files.contains(#""path" : "sub/b.md""#))
                let (code, fetched) = try await roost(
                    "artifact",
                    "download",
                    id,
                    "drop",
                    "--path",
                    "\(folder.path)/got",
                    "--pattern",
                    "**/*.md"
                )
                #expect(code == 0 && fetched.contains("drop: 1 files, 4 B"), "\(fetched)")
                #expect(
                    try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/got").sorted() == [
                        "sub", "sub/b.md",
                    ]
                )
                try folder.write("page", to: "site/index.html")
                let (_, sent) = try await roost("artifact", "upload", id, "site", "\(folder.path)/site")
                #expect(sent.contains("Artifact 'site' of run \(id): 1 files, 4 B"), "\(sent)")
                let (refused, text) = try await roost("artifact", "download", id, "nope")
                #expect(refused == 1 && text.contains("Artifact nope was not found"), "\(text)")
                try await Self.pages(cluster, run)
                let (_, gone) = try await roost("artifact", "delete", id, "site")
                #expect(gone.contains("is deleted"))
                #expect(try await cluster.plane.artifacts(of: run.id).map(\.name) == ["drop"])
            }
        }
    }

    private static func pages(_ cluster: TestCluster, _ run: Run) async throws {
        let session = try cluster.plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(60))?
            .exposed
        func page(_ path: String) async throws -> (HTTPURLResponse, String) {
            var request = URLRequest(url: try #require(URL(string: cluster.address.dropLast() + path)))
            request.setValue("roost_session=\(session ?? "")", forHTTPHeaderField: "Cookie")
            let (data, response) = try await URLSession.shared.data(for: request)
            return (try #require(response as? HTTPURLResponse), String(decoding: data, as: UTF8.self))
        }
        let artifact = try #require(try await cluster.plane.artifacts(of: run.id).first)
        let (_, whole) = try await page("/runs/\(run.id)")
        #expect(whole.contains("/runs/\(run.id)/artifacts/\(artifact.id)/zip"))
        let (_, own) = try await page("/runs/\(run.id)/artifacts/\(artifact.id)")
        #expect(own.contains("file?path=sub%2Fb.md"))
        let (head, text) = try await page("/runs/\(run.id)/artifacts/\(artifact.id)/file?path=sub%2Fb.md")
        #expect(text == "two\n")
        #expect(head.value(forHTTPHeaderField: "Content-Disposition")?.hasPrefix("attachment") == true)
    }

    @Test("transfers go on after the network was cut in the middle of them")
    func cut() async throws {
        try await TestCluster.with { cluster in
            let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo\n"])
            defer { repository.remove() }
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let folder = cluster.folder
            var bytes = Data(count: 20_000_000)
            for place in stride(from: 0, to: bytes.count, by: 2) { bytes[place] = UInt8.random(in: 0...255) }
            try FileManager.default.createDirectory(atPath: "\(folder.path)/in", withIntermediateDirectories: true)
            try bytes.write(to: URL(fileURLWithPath: "\(folder.path)/in/large"))
            let port = try #require(URL(string: cluster.address)?.port)
            let wire = try await CutWire.start(target: port, everyBytes: 6_000_000)
            let client = try RoostClient(
                url: "http://127.0.0.1:\(wire.port)/",
                credential: .personalToken(cluster.token),
                options: ClientOptions(userAgent: "test", retries: 5)
            )
            var scan = FolderScan()
            try scan.add("\(folder.path)/in")
            let sent = try await ContentUpload(to: RunChunkSink(client: client, run: run.id.rawValue)).run(scan)
            let artifact = try await client.publishArtifact(
                run: run.id.rawValue,
                ArtifactDraftWire(
                    name: "a",
                    type: "PipelineArtifact",
                    content: ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
                )
            )
            let source = RunChunkSource(client: client, run: run.id.rawValue, owner: .artifact(artifact.id))
            let download = ContentDownload(from: source)
            try await download.run(download.manifest(sent.manifest), into: "\(folder.path)/out")
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/out/large")) == bytes)
            #expect(wire.cuts >= 4, "the wire was cut in both directions")
            await client.close()
            try await wire.stop()
        }
    }
}

extension ContentTests {
    private static let large = """
        steps:
        - checkout: none
        - bash: echo $PPID > "$(NOTE)"
        - task: Cache@2
          inputs: { key: large, path: "$(Pipeline.Workspace)/deps", cacheHitVar: HIT }
        - bash: |
            echo "hit=$(HIT)"
            cd "$(Pipeline.Workspace)"
            if [ "$(HIT)" != true ]; then
              mkdir -p deps/sub
              for n in 1 2 3 4 5 6 7 8 9; do head -c 3000000 /dev/urandom > deps/sub/$n; done
              (cd deps && sha256sum sub/*) > "$(NOTE).sums"
            fi
            (cd deps && sha256sum -c "$(NOTE).sums" | grep -c OK)
        """

    @Test(
        "a worker killed with SIGKILL in the middle of a restore leaves nothing of it, and the next run restores the whole"
    )
    func killedRestore() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.large])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let port = try #require(URL(string: cluster.address)?.port)
            let wire = try await CutWire.start(target: port)
            try await cluster.withRealAgent(url: "http://127.0.0.1:\(wire.port)/") {
                let note = "\(cluster.folder.path)/note"
                let pipeline = try await cluster.pipeline(repository)
                func queue() async throws -> Run {
                    try await cluster.queue(pipeline, variables: ["NOTE": PipelineVariable(value: note)])
                }
                let first = try await queue()
                #expect(try await cluster.finished(first.id).run.state == .completed(.succeeded))
                let deps = "\(cluster.folder.path)/agent-local/_work/1/deps"
                try FileManager.default.removeItem(atPath: deps)

                wire.stall(after: 12_000_000)
                let second = try await queue()
                for await _ in wire.stalls { break }
                #expect(!FileManager.default.fileExists(atPath: deps), "nothing is there before all of it is")
                let text = try String(contentsOfFile: note, encoding: .utf8).trimmingCharacters(in: .newlines)
                kill(try #require(Int32(text)), SIGKILL)
                wire.goOn()
                #expect(try await cluster.finished(second.id).run.state == .completed(.failed))
                #expect(!FileManager.default.fileExists(atPath: deps))

                let third = try await queue()
                let view = try await cluster.finished(third.id)
                let output = try await cluster.output(of: third.id)
                #expect(view.run.state == .completed(.succeeded), "\(output)")
                #expect(output.contains("hit=true") && output.contains("Z 9"), "\(output)")
            }
            try await wire.stop()
        }
    }
}

extension ContentTests {
    private static let local = """
        stages:
        - stage: A
          jobs:
          - job: Make
            steps:
            - bash: mkdir -p out; echo one > out/a; echo two > b
            - publish: out
              artifact: app
            - task: PublishBuildArtifacts@1
              inputs: { PathtoPublish: out, ArtifactName: drop }
            - task: PublishBuildArtifacts@1
              inputs: { PathtoPublish: b, ArtifactName: drop }
            - task: Cache@2
              inputs: { key: '"x"', path: out, cacheHitVar: HIT }
            - bash: echo "hit=$(HIT)"
        - stage: B
          jobs:
          - deployment: D
            environment: e
            strategy:
              runOnce:
                deploy:
                  steps:
                  - bash: cat "$(Pipeline.Workspace)/app/a" "$(Pipeline.Workspace)/drop/a" "$(Pipeline.Workspace)/drop/b"
        """

    @Test("a run without a server keeps artifacts for its own time, and takes every cache for a miss")
    func localRun() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.local])
        defer { repository.remove() }
        let program = try ChildProgram(
            "roost",
            ["run", "\(repository.path)/azure-pipelines.yml"],
            folder: repository.path
        )
        let (code, output) = await program.finished()
        #expect(code == 0, "\(output)")
        #expect(output.contains("hit=false"))
        #expect(output.contains("one\n    one\n    two"), "\(output)")
    }
}
