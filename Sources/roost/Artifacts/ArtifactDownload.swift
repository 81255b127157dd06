import ArgumentParser
import Foundation
import RoostClient
import RoostContent
import RoostModel
import RoostWire

struct ArtifactDownload: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Fetch artifacts of a run.",
        discussion: """
            One artifact goes into the folder itself, all of a run each into a folder of its name. A download that was cut short goes on \
            where it was when it is started again.

            Examples:
              roost artifact download 12
              roost artifact download 12 drop --path out --pattern '**/*.dll' --pattern '!**/test/**'
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Argument(help: "Name of the artifact; all of the run without it.")
    var name: String?

    @Option(help: "Folder to put the files into.")
    var path = "."

    @Option(help: "Only files that fit, relative to the artifact; a pattern behind '!' takes away again.")
    var pattern: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        var name: String
        var path: String
        var files: Int
        var size: Int
        /// Bytes that came over the network.
        var travelled: Int
    }

    func run(on server: Connection) async throws {
        let all = try await server.client.artifacts(run: number, name: name).filter { artifact in
            guard artifact.content == nil else { return true }
            Terminal.printError("'\(artifact.name)' is at \(artifact.data ?? "another place") and is not fetched.")
            return false
        }
        var answers: [Answer] = []
        for artifact in all { answers.append(try await fetch(artifact, server)) }
        try output.print(answers) { _ in
            answers.isEmpty
                ? "Run \(number) has no artifacts to fetch."
                : answers.map { "\($0.name): \($0.files) files, \(SizeText.of($0.size)), in \($0.path)" }
                    .joined(separator: "\n")
        }
    }

    private func fetch(_ artifact: StoredArtifactWire, _ server: Connection) async throws -> Answer {
        let folder = name == nil ? "\(path)/\(artifact.name)" : path
        let bar = ProgressLine(artifact.name)
        defer { bar.end() }
        let source = RunChunkSource(client: server.client, run: number, owner: .artifact(artifact.id))
        let download = ContentDownload(from: source, told: bar.show)
        let manifest = try await download.manifest(artifact.content?.manifest ?? [])
        let patterns = PatternList(lines: pattern)
        let options = ContentDownload.Options(journal: "\(folder)/.roost-download-\(artifact.id)")
        do {
            let done = try await download.run(manifest, into: folder, options) { entry in
                patterns.isEmpty || (entry.kind != .folder && patterns.matches(entry.path))
            }
            return Answer(
                name: artifact.name,
                path: folder,
                files: done.files,
                size: done.total,
                travelled: done.travelled
            )
        } catch var fault as DownloadFault {
            fault.owner = "artifact '\(artifact.name)' of run \(number)"
            throw fault
        }
    }
}
