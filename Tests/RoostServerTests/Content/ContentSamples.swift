import Foundation
import RoostClient
import RoostContent
import RoostModel
import RoostTesting
import RoostWire

@testable import RoostServer

extension LiveServer {
    /// A client that acts for the seed's running job.
    func jobClient() throws -> RoostClient {
        try RoostClient(
            url: app.address,
            credential: .bearer(Secret(job)),
            options: ClientOptions(userAgent: "test", retries: 0)
        )
    }

    /// Sends files to the seed's run, and gives what is needed to publish them.
    func upload(
        _ files: [String: String],
        modes: [String: Int] = [:],
        as client: RoostClient
    ) async throws -> ContentWire {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        for (name, text) in files { try folder.write(text, to: name, mode: modes[name] ?? 0o644) }
        var scan = FolderScan()
        try scan.add(folder.path)
        let sent = try await ContentUpload(to: RunChunkSink(client: client, run: 1)).run(scan)
        return ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
    }

    /// Files of the chunk store.
    func chunkFiles() throws -> [String] {
        let root = folder.appending(path: "content").path
        return try FileManager.default.subpathsOfDirectory(atPath: root)
            .filter { $0.count(where: { $0 == "/" }) == 2 && !$0.hasPrefix(".") }.map { "\(root)/\($0)" }
    }
}
