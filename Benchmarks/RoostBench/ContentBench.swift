import Foundation
import RoostClient
import RoostContent
import RoostModel
import RoostTesting
import RoostWire

/// Artifacts and caches: files to a server and back, beside `cp` and `tar | zstd` on the same machine.
///
/// Client and server are two processes on loopback; every chunk is hashed, compressed and checked on the way. What is read was written just before, so that
/// all of them read from memory.
enum ContentBench {
    static func run(megabytes: Int) async throws -> [Measurement] {
        try await Site.with(agents: 0) { site in
            let pipeline = try await site.pipeline("steps:\n- script: echo\n")
            let run = try await site.queue(pipeline)
            try await site.finished(run)
            let source = "\(site.folder.path)/source"
            let size = try makeFiles(source, megabytes: megabytes)
            let rate: (Double) -> Double = { Double(size) / 1e6 / $0 }
            let copy = try await seconds("cp", ["-r", source, "\(site.folder.path)/copied"], site)
            let pack = try await seconds(
                "sh",
                ["-c", "tar -cf - -C \(source) . | zstd -q -1 -o \(site.folder.path)/x.zst"],
                site
            )
            let unpacked = "\(site.folder.path)/unpacked"
            try FileManager.default.createDirectory(atPath: unpacked, withIntermediateDirectories: true)
            let unpack = try await seconds(
                "sh",
                ["-c", "zstd -q -d -c \(site.folder.path)/x.zst | tar -xf - -C \(unpacked)"],
                site
            )
            let peak = PeakMemory()
            let first = try await upload(source, site, run)
            let again = try await upload(source, site, run)
            let download = try await download(first.outcome, "fetched", site, run)
            return [
                Measurement(name: "copy \(size / 1_000_000) MB with cp", value: rate(copy), unit: "MB/s", isRate: true),
                Measurement(
                    name: "publish them, beside tar | zstd -1",
                    value: rate(first.time),
                    unit: "MB/s",
                    peer: rate(pack),
                    isRate: true
                ),
                Measurement(name: "publish them again", value: rate(again.time), unit: "MB/s", isRate: true),
                Measurement(
                    name: "fetch them, beside zstd -d | tar",
                    value: rate(download),
                    unit: "MB/s",
                    peer: rate(unpack),
                    isRate: true
                ),
                Measurement(name: "memory of the client for all that at most", value: peak.growth, unit: "MB"),
            ]
        }
    }

    /// One half text, one quarter of it in small files; one half that does not compress.
    private static func makeFiles(_ folder: String, megabytes: Int) throws -> Int {
        let files = FileManager.default
        var size = 0
        var random = SystemRandomNumberGenerator()
        func write(_ bytes: Data, _ name: String) throws {
            let path = "\(folder)/\(name)"
            try files.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true
            )
            try bytes.write(to: URL(fileURLWithPath: path))
            size += bytes.count
        }
        let words = (0..<2000).map { _ in String(random.next() % 1_000_000, radix: 36) }
        func text(_ count: Int) -> Data {
            var text = ""
            while text.utf8.count < count { text += words[Int(random.next() % 2000)] + " " }
            return Data(text.utf8.prefix(count))
        }
        for number in 0..<megabytes / 2 {
            var noise = Data(capacity: 1_000_000)
            for _ in 0..<125_000 { withUnsafeBytes(of: random.next()) { noise.append(contentsOf: $0) } }
            try write(noise, "noise/\(number / 16)/\(number).bin")
        }
        for number in 0..<megabytes / 4 { try write(text(1_000_000), "text/\(number).txt") }
        for number in 0..<megabytes * 25 { try write(text(10_000), "small/\(number / 100)/\(number).js") }
        return size
    }

    private static func seconds(_ program: String, _ words: [String], _ site: Site) async throws -> Double {
        let start = ContinuousClock.now
        let child = try ChildProgram(executable: "/usr/bin/env", [program] + words, folder: site.folder.path)
        let (code, output) = await child.finished()
        guard code == 0 else { throw TestFailure("\(program) failed:\n\(output)") }
        return (ContinuousClock.now - start).inSeconds
    }

    private static func upload(
        _ source: String,
        _ site: Site,
        _ run: Int
    ) async throws -> (outcome: ContentUpload.Outcome, time: Double) {
        let start = ContinuousClock.now
        var scan = FolderScan()
        try scan.add(source)
        let sent = try await ContentUpload(to: RunChunkSink(client: site.client, run: run)).run(scan)
        return (sent, (ContinuousClock.now - start).inSeconds)
    }

    private static func download(
        _ sent: ContentUpload.Outcome,
        _ name: String,
        _ site: Site,
        _ run: Int
    ) async throws -> Double {
        let content = ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
        let artifact = try await site.client.publishArtifact(
            run: run,
            ArtifactDraftWire(name: name, type: "PipelineArtifact", content: content)
        )
        let start = ContinuousClock.now
        let source = RunChunkSource(client: site.client, run: run, owner: .artifact(artifact.id))
        let download = ContentDownload(from: source)
        try await download.run(download.manifest(sent.manifest), into: "\(site.folder.path)/\(name)")
        return (ContinuousClock.now - start).inSeconds
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
