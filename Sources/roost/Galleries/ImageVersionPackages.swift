import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct ImageVersionPackages: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "packages",
        abstract: "List the packages that are in a version.",
        discussion: """
            Example:
              roost image-version packages agents debian 1.0.12 --name openssl
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Option(help: "Only packages of this name, or built from a source of this name.")
    var name: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var inventory = try await server.inventory(which.gallery, which.definition, which.version)
        if let name { inventory.packages = PackageQuery(name: name).matches(in: inventory.packages) }
        try output.print(inventory) { terminal in
            var table = Table("NAME", "VERSION", "ARCHITECTURE", "SOURCE")
            for package in inventory.packages {
                table.add(package.name, package.version, package.architecture, package.source ?? "")
            }
            return table.render(terminal)
        }
    }
}

struct ImageVersionDifference: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how the packages of two versions differ.",
        discussion: """
            Exit codes: 0 no difference, 1 differences or a failure.

            Example:
              roost image-version diff agents debian 1.0.12 1.1.0
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Argument(help: "The version it is compared with.")
    var other: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let before = try await server.inventory(which.gallery, which.definition, which.version)
        let after = try await server.inventory(which.gallery, which.definition, other)
        let difference = PackageDifference(from: before.packages, to: after.packages)
        try output.print(difference) { terminal in
            difference.isEmpty ? "The packages are the same." : Self.text(difference, terminal)
        }
        if !difference.isEmpty { throw RoostExit.failed.code }
    }

    private static func text(_ difference: PackageDifference, _ terminal: Terminal) -> String {
        var table = Table("", "NAME", "ARCHITECTURE", "FROM", "TO")
        for change in difference.changed {
            table.add(change.isDowngrade ? "lower" : "higher", change.name, change.architecture, change.from, change.to)
        }
        for package in difference.added { table.add("new", package.name, package.architecture, "", package.version) }
        for package in difference.removed { table.add("gone", package.name, package.architecture, package.version, "") }
        return table.render(terminal)
    }
}

struct ImageVersionLineage: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "lineage",
        abstract: "Show where a version comes from, and which jobs ran on it.",
        discussion: """
            From the commit of its template over its bases and layers to the agents and jobs that ran on it.

            Example:
              roost image-version lineage agents debian 1.0.12 --days 7
            """
    )

    @OptionGroup var which: ImageVersionArguments

    @Option(help: "How far back jobs are looked for.")
    var days = 30

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        /// The version, its base, that one's base, and so on.
        var versions: [ImageVersionWire]
        var uses: [ImageUseWire]
    }

    func run(on server: Connection) async throws {
        var versions: [ImageVersionWire] = []
        var next: ImageVersionKey? = ImageVersionKey(
            resource: "/galleries/\(which.gallery)/images/\(which.definition)/versions/\(which.version)"
        )
        while let key = next, versions.count < 100 {
            let version: ImageVersionWire
            do throws(ClientError) {
                version = try await server.client.imageVersion(
                    key.number.description,
                    gallery: key.definition.gallery,
                    definition: key.definition.definition
                )
            } catch {
                // A base may have been deleted; what it was called is in the version above.
                guard !versions.isEmpty, error.code == "image-version.not-found" else { throw error }
                break
            }
            versions.append(version)
            next = version.properties?.provenance?.parent
        }
        guard let own = versions.first?.id else { throw CommandFailure.incompleteAnswer(what: "id") }
        let uses = try await server.client.imageUses(image: own, days: days)
        try output.print(Answer(versions: versions, uses: uses.value)) { terminal in
            (versions.map(\.lineageText) + [uses.value.text(terminal)]).joined(separator: "\n\n")
        }
    }
}

struct ImageVersionUses: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "uses",
        abstract: "List the jobs that ran on images, such as those with a package that has a flaw.",
        discussion: """
            Exit codes: 0 answered, 1 a failure, or versions whose packages nobody knows.

            Example:
              roost image-version uses --package openssl --below 3.0.16-1~deb12u1 --days 30
            """
    )

    @Option(help: "Only versions with a package of this name, or built from a source of this name.")
    var package: String?

    @Option(help: "Only versions whose package is below this one.")
    var below: String?

    @Option(help: ArgumentHelp("Only this version.", valueName: "id"))
    var image: String?

    @Option(help: "How far back jobs are looked for.")
    var days = 30

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if below != nil, package == nil { throw ValidationError("Give --package, too: --below is about its version.") }
        guard (1...3660).contains(days) else { throw ValidationError("--days is a number from 1 to 3660.") }
    }

    func run(on server: Connection) async throws {
        let uses = try await server.client.imageUses(image: image, package: package, below: below, days: days)
        try output.print(uses) { uses.value.text($0) }
        for image in uses.unknown {
            Terminal.printError("What is in \(image) is not known: it was deleted, or has no inventory.")
        }
        if !uses.unknown.isEmpty { throw RoostExit.failed.code }
    }
}

extension Connection {
    fileprivate func inventory(
        _ gallery: String,
        _ definition: String,
        _ version: String
    ) async throws -> ImageInventory {
        try await client.imageInventory(version, gallery: gallery, definition: definition)
    }
}

extension [ImageUseWire] {
    fileprivate func text(_ terminal: Terminal) -> String {
        guard !isEmpty else { return "No job ran on it." }
        var table = Table("WHEN", "PIPELINE", "RUN", "AGENT", "IMAGE", "PACKAGES")
        for use in self {
            table.add(
                TimeText.moment(use.time),
                use.pipeline ?? "-",
                use.buildNumber ?? "\(use.buildId)",
                use.agent,
                use.image,
                use.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
            )
        }
        return table.render(terminal)
    }
}

extension ImageVersionWire {
    fileprivate var lineageText: String {
        let provenance = properties?.provenance
        var lines = [id ?? "-"]
        if let commit = provenance?.templateCommit { lines.append("  template commit  \(commit)") }
        if let hash = provenance?.templateHash { lines.append("  template         sha256:\(hash)") }
        if let builder = provenance?.builder { lines.append("  builder          \(builder)") }
        if let run = provenance?.run { lines.append("  built by run     \(run)") }
        if let source = provenance?.source { lines.append("  base             \(source)") }
        for (name, value) in provenance?.artifact?.facts ?? [] { lines.append("  \(name)  \(value)") }
        for layer in provenance?.layers ?? [] {
            lines.append("  layer            \(layer.key.prefix(12))  \(layer.title)")
        }
        return lines.joined(separator: "\n")
    }
}
