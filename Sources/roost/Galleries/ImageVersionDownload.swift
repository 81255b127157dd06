import ArgumentParser
import RoostClient
import RoostContent
import RoostWire

struct ImageVersionDownload: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Fetch the content of a version, each piece checked by its hash.",
        discussion: """
            A download that was cut short goes on where it was when it is started again.

            Example:
              roost image-version download agents debian 1.0.12 --path ./images
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Option(help: "Folder to put the files into.")
    var path = "."

    @Option(help: "The region to fetch from first; the version's own without it.")
    var region: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        var version: String
        var path: String
        var files: Int
        var size: Int
        var contentHash: String?
    }

    func run(on server: Connection) async throws {
        let version = try await server.client.imageVersion(
            which.version,
            gallery: which.gallery,
            definition: which.definition
        )
        let source = ImageChunkSource(
            client: server.client,
            gallery: which.gallery,
            definition: which.definition,
            version: which.version,
            region: region
        )
        let bar = ProgressLine("\(which.definition) \(which.version)")
        defer { bar.end() }
        let download = ContentDownload(from: source, told: bar.show)
        let manifest = try await download.manifest(version.properties?.storageProfile?.content?.manifest ?? [])
        let journal = "\(path)/.roost-image-\(which.gallery)-\(which.definition)-\(which.version)"
        let done = try await download.run(manifest, into: path, .init(journal: journal))
        let answer = Answer(
            version: which.version,
            path: path,
            files: done.files,
            size: done.total,
            contentHash: version.properties?.contentHash
        )
        try output.print(answer) { _ in
            "\(which.definition) \(which.version): \(done.files) files, \(SizeText.of(done.total)), in \(path)"
        }
    }
}
