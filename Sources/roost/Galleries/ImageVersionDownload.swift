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
        let key = (gallery: which.gallery, definition: which.definition, version: which.version)
        let journal = "\(path)/.roost-image-\(which.gallery)-\(which.definition)-\(which.version)"
        let (version, done) = try await server.fetchImage(key, into: path, journal: journal, region: region)
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

extension Connection {
    /// Brings the files of a version into a folder, each piece checked, and shows how far it is.
    ///
    /// A file beside them lets it go on when it was cut short; it goes when all is there.
    func fetchImage(
        _ key: (gallery: String, definition: String, version: String),
        into folder: String,
        journal: String,
        region: String? = nil
    ) async throws -> (version: ImageVersionWire, done: TransferProgress) {
        let version = try await client.imageVersion(key.version, gallery: key.gallery, definition: key.definition)
        let source = ImageChunkSource(
            client: client,
            gallery: key.gallery,
            definition: key.definition,
            version: key.version,
            region: region
        )
        let bar = ProgressLine("\(key.definition) \(key.version)")
        defer { bar.end() }
        let download = ContentDownload(from: source, told: bar.show)
        let manifest = try await download.manifest(version.properties?.storageProfile?.content?.manifest ?? [])
        return (version, try await download.run(manifest, into: folder, .init(journal: journal)))
    }
}
