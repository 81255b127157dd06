import ArgumentParser
import Foundation
import RoostImages

/// `roost image cache`: the layers that builds of root file systems keep.
struct ImageCacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "List and remove the layers that image builds keep.",
        subcommands: [ImageCacheListCommand.self, ImageCachePruneCommand.self]
    )
}

/// Which cache of layers is meant.
struct ImageCacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where layers are kept. (default: roost/image-layers in $XDG_CACHE_HOME or ~/.cache)",
            valueName: "folder"
        )
    )
    var cacheFolder: String?

    /// The cache, made when it is not there.
    func open() throws -> LayerCache {
        let folder = cacheFolder ?? LayerCache.standardFolder(ProcessInfo.processInfo.environment)
        return try LayerCache(URL(filePath: folder).standardizedFileURL.path)
    }
}

/// `roost image cache list`.
struct ImageCacheListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List layers, those that were used last first."
    )

    @OptionGroup var options: ImageCacheOptions

    func run() async throws {
        let layers = try await options.open().layers()
        for layer in layers { print(layer.line) }
        print("\(layers.count) layers, \(layers.reduce(0) { $0 + $1.bytes } / 1024) KiB")
    }
}

/// `roost image cache prune`.
struct ImageCachePruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove layers that were not used for long, or until the rest is small enough.",
        discussion: """
            Without limits, layers that were not used for 30 days are removed. What stands over a layer goes with it.
            """
    )

    @OptionGroup var options: ImageCacheOptions

    @Option(help: ArgumentHelp("Remove layers that were not used for so many days.", valueName: "days"))
    var olderThan: Int?

    @Option(help: ArgumentHelp("Keep at most so many MiB of layers.", valueName: "MiB"))
    var keep: Int?

    func validate() throws {
        guard (olderThan ?? 0) >= 0, (keep ?? 0) >= 0, (keep ?? 0) < 1 << 40, (olderThan ?? 0) < 1 << 20 else {
            throw ValidationError("Limits are whole numbers that are not below zero.")
        }
    }

    func run() async throws {
        let days = olderThan ?? (keep == nil ? 30 : nil)
        let limits = LayerLimits(age: days.map { .seconds($0 * 86400) }, bytes: keep.map { $0 * 1024 * 1024 })
        let gone = try await options.open().prune(limits, at: .now)
        for layer in gone { print(layer.line) }
        print("\(gone.count) layers removed, \(gone.reduce(0) { $0 + $1.bytes } / 1024) KiB")
    }
}

extension StoredLayer {
    /// Its name, size, last use and title in one line.
    fileprivate var line: String {
        let size = "\(bytes / 1024) KiB"
        return "\(record.identity.prefix(12))  \(String(repeating: " ", count: max(0, 12 - size.count)))\(size)  "
            + "\(used.formatted(.iso8601))  \(record.title)"
    }
}
