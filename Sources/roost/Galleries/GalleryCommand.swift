import ArgumentParser
import RoostClient
import RoostWire

/// `roost gallery`: what holds definitions of images.
struct GalleryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery",
        abstract: "Keep galleries of images on the server.",
        discussion: """
            Example:
              roost gallery create agents
            """,
        subcommands: [
            GalleryList.self, GalleryShow.self, GalleryCreate.self, GalleryUpdate.self, GalleryDelete.self,
            GalleryRegions.self,
        ]
    )
}

struct GalleryList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the galleries.",
        discussion: """
            Example:
              roost gallery list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.galleries()
        try output.print(list: all, empty: "There is no gallery yet; make one with 'roost gallery create NAME'.") { _ in
            var table = Table("NAME", "LOCATION", "DESCRIPTION")
            for gallery in all {
                table.add(gallery.name ?? "", gallery.location ?? "-", gallery.properties?.description ?? "")
            }
            return table
        }
    }
}

struct GalleryShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a gallery.",
        discussion: """
            Example:
              roost gallery show agents
            """
    )

    @Argument(help: "Name of the gallery.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let gallery = try await server.client.gallery(name)
        try output.print(gallery) { terminal in
            var facts = Facts()
            facts.add("Gallery", gallery.name)
            facts.add("Unique name", gallery.properties?.identifier?.uniqueName)
            facts.add("Location", gallery.location)
            facts.add("Description", gallery.properties?.description)
            facts.add("Tags", gallery.tags?.tagText)
            facts.add("Made", TimeText.ago(gallery.createdAt))
            facts.add("By", gallery.createdBy)
            return facts.render(terminal)
        }
    }
}

struct GalleryCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a gallery; one that is there already is changed.",
        discussion: """
            Names have letters, digits, '.' and '_'.

            Example:
              roost gallery create agents --location west
            """
    )

    @Argument(help: "Name of the gallery, unique in the organization.")
    var name: String

    @Option(help: "The region in which uploads arrive; 'local' without it.")
    var location: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("A tag.", valueName: "name=value"))
    var tag: [Assignment] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let draft = GalleryWire(location: location, tags: tag.tags, description: description)
        let made = try await server.client.putGallery(name, draft)
        try output.print(made) { _ in "Gallery '\(made.name ?? name)' is there, in region '\(made.location ?? "-")'." }
    }
}

struct GalleryUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a gallery; what is not given stays as it is.",
        discussion: """
            Example:
              roost gallery update agents --description 'images of build agents'
            """
    )

    @Argument(help: "Name of the gallery.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("A tag; those given replace all that were there.", valueName: "name=value"))
    var tag: [Assignment] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let draft = GalleryWire(tags: tag.tags, description: description)
        let changed = try await server.client.putGallery(name, draft, mustExist: true)
        try output.print(changed) { _ in "Gallery '\(changed.name ?? name)' is changed." }
    }
}

struct GalleryDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a gallery that has no definitions.",
        discussion: """
            Example:
              roost gallery delete agents
            """
    )

    @Argument(help: "Name of the gallery.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteGallery(name)
        Terminal.print("Gallery '\(name)' is deleted.")
    }
}

struct GalleryRegions: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "regions",
        abstract: "List the regions that the server keeps images in.",
        discussion: """
            Example:
              roost gallery regions
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.imageRegions()
        try output.print(list: all, empty: "The server has no regions.") { _ in
            var table = Table("NAME")
            for region in all { table.add(region.name) }
            return table
        }
    }
}

extension [Assignment] {
    /// Nil when none was given, so that those there are stay.
    var tags: [String: String]? { isEmpty ? nil : Assignment.dictionary(self) }
}

extension [String: String] {
    /// In the order of the names.
    var tagText: String { sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ") }
}
