import ArgumentParser
import Foundation
import RoostClient
import RoostContent
import RoostWire

struct ArtifactUpload: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Publish a folder or a file as an artifact of a run.",
        discussion: """
            Only what the server does not have is sent; an upload that was cut short goes on when it is started again. A file \
            .artifactignore in the folder says what is left out, as .gitignore does.

            Example:
              roost artifact upload 12 docs ./site
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Argument(help: "Name of the artifact.")
    var name: String

    @Argument(help: "The folder or file.")
    var path: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let rules = try? String(contentsOfFile: "\(path)/.artifactignore", encoding: .utf8)
        var scan = FolderScan(ignore: rules.map { IgnoreRules($0) } ?? .standard)
        try scan.add(path)
        let bar = ProgressLine(name)
        let sent: ContentUpload.Outcome
        do {
            sent = try await ContentUpload(to: RunChunkSink(client: server.client, run: number), told: bar.show).run(
                scan
            )
        } catch {
            bar.end()
            throw error
        }
        bar.end()
        let content = ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
        let draft = ArtifactDraftWire(name: name, type: "PipelineArtifact", content: content)
        let artifact = try await server.client.publishArtifact(run: number, draft)
        try output.print(artifact) { _ in
            "Artifact '\(name)' of run \(number): \(sent.files) files, \(SizeText.of(sent.size)); \(SizeText.of(sent.sent)) sent."
        }
    }
}
