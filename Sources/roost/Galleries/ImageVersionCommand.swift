import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

/// `roost image-version`: images that machines are made from.
struct ImageVersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image-version",
        abstract: "Publish, find and withdraw versions of images.",
        discussion: """
            Example:
              roost image-version create agents debian 1.0.12 ./disk.qcow2 --target-region local --target-region east=2
            """,
        subcommands: [
            ImageVersionList.self, ImageVersionShow.self, ImageVersionCreate.self, ImageVersionUpdate.self,
            ImageVersionDelete.self, ImageVersionLatest.self, ImageVersionDownload.self, ImageVersionPromote.self,
            ImageVersionRevoke.self, ImageVersionPrune.self, ImageVersionPackages.self, ImageVersionDifference.self,
            ImageVersionLineage.self, ImageVersionUses.self,
        ]
    )
}

/// The version that a command is about.
struct ImageVersionArguments: ParsableArguments {
    @Argument(help: "Name of the gallery.")
    var gallery: String

    @Argument(help: "Name of the definition.")
    var definition: String

    @Argument(help: "The version, MAJOR.MINOR.PATCH.")
    var version: String
}

struct ImageVersionList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the versions of a definition, the lowest first.",
        discussion: """
            Example:
              roost image-version list agents debian
            """
    )

    @OptionGroup var which: ImageDefinitionArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.imageVersions(gallery: which.gallery, definition: which.definition)
        try output.print(list: all, empty: "The image definition '\(which.definition)' has no versions.") { _ in
            var table = Table("VERSION", "STATE", "REGIONS", "SIZE", "PUBLISHED", "NOTES")
            for version in all {
                table.add(
                    version.name ?? "",
                    version.properties?.provisioningState ?? "-",
                    version.regionText,
                    version.properties?.storageProfile?.content.map { SizeText.of($0.size) } ?? "-",
                    TimeText.ago(version.properties?.publishingProfile?.publishedDate),
                    version.noteText
                )
            }
            return table
        }
    }
}

struct ImageVersionShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a version and the state of its replicas.",
        discussion: """
            Example:
              roost image-version show agents debian 1.0.12
            """
    )

    @OptionGroup var which: ImageVersionArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let version = try await server.client.imageVersion(
            which.version,
            gallery: which.gallery,
            definition: which.definition
        )
        try output.print(version) { terminal in version.facts.render(terminal) }
    }
}

extension ImageVersionWire {
    var regionText: String {
        let regions = properties?.publishingProfile?.targetRegions ?? []
        return regions.map { "\($0.name)=\($0.regionalReplicaCount ?? 1)" }.joined(separator: ", ")
    }

    fileprivate var noteText: String {
        let publishing = properties?.publishingProfile
        return [
            properties?.revokedThrough != nil ? "revoked" : nil,
            publishing?.excludeFromLatest == true ? "excluded from latest" : nil,
            publishing?.endOfLifeDate.map { "end of life \(TimeText.day($0))" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    fileprivate var facts: Facts {
        var facts = Facts()
        facts.add("Image version", id)
        facts.add("State", properties?.provisioningState)
        facts.add("Reason", properties?.provisioningError)
        facts.add("Revoked", properties?.revokedThrough)
        facts.add("Reason", properties?.revocation?.reason)
        facts.add("Location", location)
        for region in properties?.replicationStatus?.summary ?? [] {
            facts.add(
                "Region \(region.region)",
                "\(region.state), \(region.progress) %" + (region.details.map { ", \($0)" } ?? "")
            )
        }
        facts.add("SHA-256", properties?.contentHash)
        facts.add("Size", properties?.storageProfile?.content.map { SizeText.of($0.size) })
        facts.add("Published", properties?.publishingProfile?.publishedDate.map { TimeText.moment($0) })
        facts.add("Notes", noteText)
        facts.add("Source", properties?.provenance?.source ?? properties?.storageProfile?.source?.id)
        facts.add("Template", properties?.provenance?.templateHash)
        facts.add("Commit", properties?.provenance?.templateCommit)
        facts.add("Builder", properties?.provenance?.builder)
        facts.add("Run", properties?.provenance?.run.map(String.init))
        for (name, value) in properties?.provenance?.artifact?.facts ?? [] { facts.add(name, value) }
        facts.add("Capabilities", properties?.capabilities?.tagText)
        facts.add("Tags", tags?.tagText)
        return facts
    }
}

struct ImageVersionUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change where a version is published; one that failed is tried again.",
        discussion: """
            Example:
              roost image-version update agents debian 1.0.12 --exclude-from-latest true
            """
    )

    @OptionGroup var which: ImageVersionArguments
    @OptionGroup var options: ImageVersionOptions

    @Flag(help: "Return before the replicas are there.")
    var noWait = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var version = try await server.client.putImageVersion(
            which.version,
            gallery: which.gallery,
            definition: which.definition,
            options.draft,
            mustExist: true
        )
        if !noWait { version = try await server.published(which) }
        try output.print(version) { _ in version.outcomeText }
        if version.isFailed { throw RoostExit.failed.code }
    }
}

struct ImageVersionDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a version.",
        discussion: """
            One that a channel points at, or whose safety profile keeps it, is not deleted.

            Example:
              roost image-version delete agents debian 1.0.12
            """
    )

    @OptionGroup var which: ImageVersionArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteImageVersion(
            which.version,
            gallery: which.gallery,
            definition: which.definition
        )
        Terminal.print("Image version '\(which.version)' of '\(which.definition)' is deleted.")
    }
}

struct ImageVersionPromote: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Point a channel, such as 'stable', at a version.",
        discussion: """
            Example:
              roost image-version promote agents debian 1.0.12 stable
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Argument(help: "Name of the channel.")
    var channel: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let definition = try await server.client.promoteImage(
            which.version,
            to: channel,
            gallery: which.gallery,
            definition: which.definition
        )
        try output.print(definition) { _ in "The channel '\(channel)' of '\(which.definition)' is \(which.version)." }
    }
}

struct ImageVersionRevoke: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Let nobody get a version any more, nor those that were built from it.",
        discussion: """
            Example:
              roost image-version revoke agents debian 1.0.12 --reason 'holds a private key'
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Option(help: "Why, for those who asked for it.")
    var reason: String?

    @Flag(help: "Take the revocation back.")
    var undo = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if undo == (reason != nil) { throw ValidationError("Give either --reason or --undo.") }
    }

    func run(on server: Connection) async throws {
        let version = try await server.client.revokeImage(
            which.version,
            gallery: which.gallery,
            definition: which.definition,
            reason: reason
        )
        try output.print(version) { _ in
            let through = version.properties?.revokedThrough.map { "revoked, through \($0)" } ?? "not revoked any more"
            return "Image version '\(which.version)' is \(through)."
        }
    }
}

struct ImageVersionPrune: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete old versions, all but the highest.",
        discussion: """
            Versions that a channel points at, or that their safety profile keeps, stay.

            Example:
              roost image-version prune agents debian --keep 5 --dry-run
            """
    )

    @OptionGroup var which: ImageDefinitionArguments

    @Option(help: "So many published versions stay.")
    var keep: Int

    @Flag(help: "Only say what would be deleted.")
    var dryRun = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let plan = try await server.client.retainImages(
            gallery: which.gallery,
            definition: which.definition,
            keep: keep,
            isTrial: dryRun
        )
        try output.print(list: plan, empty: "The image definition '\(which.definition)' has no versions.") { _ in
            var table = Table("VERSION", dryRun ? "WOULD BE" : "IS", "BECAUSE")
            for decision in plan { table.add(decision.version, decision.deleted ? "deleted" : "kept", decision.reason) }
            return table
        }
    }
}
