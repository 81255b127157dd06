import ArgumentParser
import Foundation
import RoostClient
import RoostContent
import RoostModel
import RoostWire

struct ImageVersionCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Publish a file or a folder, or another version's content, as a version.",
        discussion: """
            Only what the region does not have is sent; an upload that was cut short goes on when it is started again. The version is \
            published once all its replicas were read back and have the same SHA-256.

            Examples:
              roost image-version create agents debian 1.0.12 ./disk.qcow2 --target-region local --target-region east=2
              roost image-version create agents debian 2.0.0 --source /galleries/test/images/debian/versions/1.0.12
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Argument(help: "The file or folder.", completion: .file())
    var path: String?

    @Option(help: ArgumentHelp("A version whose content this is to be.", valueName: "id"))
    var source: String?

    @Option(help: "The region in which the content arrives; the gallery's without it.")
    var location: String?

    @OptionGroup var options: ImageVersionOptions

    @Option(help: "What the content must have; anything else is not published.")
    var sha256: String?

    @Option(help: "What it was built from: a version of a gallery by its id, or any other name.")
    var builtFrom: String?

    @Option(help: "SHA-256 of the template it was built by.")
    var templateHash: String?

    @Option(help: "What built it.")
    var builder: String?

    @Option(help: "Number of the run that built it.")
    var buildRun: Int?

    @Option(help: ArgumentHelp("A capability that its agents will have.", valueName: "name=value"))
    var capability: [Assignment] = []

    @Flag(help: "Return before the replicas are there.")
    var noWait = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if (path == nil) == (source == nil) { throw ValidationError("Give either a path or --source.") }
    }

    func run(on server: Connection) async throws {
        var draft = options.draft
        draft.location = location
        draft.properties?.contentHash = sha256
        if [builtFrom, templateHash, builder].contains(where: { $0 != nil }) || buildRun != nil {
            draft.properties?.provenance = .init(
                templateHash: templateHash,
                source: builtFrom,
                builder: builder,
                run: buildRun
            )
        }
        draft.properties?.capabilities = capability.tags
        if let path {
            draft.properties?.storageProfile = .init(content: try await upload(path, server))
        } else {
            draft.properties?.storageProfile = .init(source: .init(id: source))
        }
        var made = try await server.client.putImageVersion(
            which.version,
            gallery: which.gallery,
            definition: which.definition,
            draft
        )
        if !noWait { made = try await server.published(which) }
        try output.print(made) { _ in made.outcomeText }
        if made.isFailed { throw RoostExit.failed.code }
    }

    private func upload(_ path: String, _ server: Connection) async throws -> ContentWire {
        // Refused before anything is sent: the definition must be there.
        _ = try await server.client.imageDefinition(which.definition, gallery: which.gallery)
        var scan = FolderScan()
        try scan.add(path)
        let bar = ProgressLine("\(which.definition) \(which.version)")
        defer { bar.end() }
        let sink = GalleryChunkSink(client: server.client, gallery: which.gallery, region: location)
        let sent = try await ContentUpload(to: sink, told: bar.show).run(scan)
        return ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
    }
}

extension Connection {
    /// How often a version is looked at while its replicas are made.
    private static let interval = Duration.milliseconds(300)

    /// The version once it is published or has failed; shows how far its replicas are.
    func published(_ which: ImageVersionArguments) async throws -> ImageVersionWire {
        try await published(gallery: which.gallery, definition: which.definition, version: which.version)
    }

    /// The same of a version by its names; `say` gets how far its replicas are, whenever that changes.
    func published(
        gallery: String,
        definition: String,
        version number: String,
        say: (String) -> Void = { _ in }
    ) async throws -> ImageVersionWire {
        let bar = ProgressLine("replicas of \(number)")
        defer { bar.end() }
        var last = ""
        while true {
            let version = try await client.imageVersion(number, gallery: gallery, definition: definition)
            let text = version.replicationText
            if text != last, !text.isEmpty { say(text) }
            last = text
            guard version.properties?.provisioningState != "Creating",
                version.properties?.provisioningState != "Updating"
            else {
                var progress = TransferProgress()
                let regions = version.properties?.replicationStatus?.summary ?? []
                let size = version.properties?.storageProfile?.content?.size ?? 0
                progress.total = size * regions.count
                progress.done = regions.reduce(0) { $0 + size / 100 * $1.progress }
                bar.show(progress)
                try await Task.sleep(for: Self.interval)
                continue
            }
            return version
        }
    }
}

extension ImageVersionWire {
    /// How far each region is, such as `west 100 %, east 40 %`.
    var replicationText: String {
        let regions = properties?.replicationStatus?.summary ?? []
        return regions.map { "\($0.region) \($0.progress) %" }.joined(separator: ", ")
    }

    var isFailed: Bool { properties?.provisioningState == "Failed" }

    /// What became of it, in one line.
    var outcomeText: String {
        let number = name ?? ""
        switch properties?.provisioningState {
        case "Succeeded":
            return "Image version '\(number)' is published in \(regionText); SHA-256 \(properties?.contentHash ?? "-")."
        case "Failed":
            return
                "Image version '\(number)' is not published: \(properties?.provisioningError ?? "-"). Try again with 'roost image-version update'."
        default: return "Image version '\(number)' is accepted; its replicas are being made."
        }
    }
}
