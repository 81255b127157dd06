import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

/// `roost image-definition`: what all versions of an image have in common.
struct ImageDefinitionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image-definition",
        abstract: "Keep the definitions of a gallery's images.",
        discussion: """
            Example:
              roost image-definition create agents debian --publisher contoso --offer agents --sku debian-13 --os-type Linux
            """,
        subcommands: [
            ImageDefinitionList.self, ImageDefinitionShow.self, ImageDefinitionCreate.self,
            ImageDefinitionUpdate.self, ImageDefinitionDelete.self,
        ]
    )
}

/// The definition that a command is about.
struct ImageDefinitionArguments: ParsableArguments {
    @Argument(help: "Name of the gallery.")
    var gallery: String

    @Argument(help: "Name of the definition.")
    var definition: String
}

struct ImageDefinitionList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the definitions of a gallery.",
        discussion: """
            Example:
              roost image-definition list agents
            """
    )

    @Argument(help: "Name of the gallery.")
    var gallery: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.imageDefinitions(gallery: gallery)
        try output.print(list: all, empty: "The gallery '\(gallery)' has no image definitions.") { _ in
            var table = Table("NAME", "PUBLISHER", "OFFER", "SKU", "OS", "GENERATION", "ARCHITECTURE")
            for definition in all {
                let facts = definition.properties
                table.add(
                    definition.name ?? "",
                    facts?.identifier?.publisher ?? "-",
                    facts?.identifier?.offer ?? "-",
                    facts?.identifier?.sku ?? "-",
                    facts?.osType ?? "-",
                    facts?.hyperVGeneration ?? "-",
                    facts?.architecture ?? "-"
                )
            }
            return table
        }
    }
}

struct ImageDefinitionShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a definition and its channels.",
        discussion: """
            Example:
              roost image-definition show agents debian
            """
    )

    @OptionGroup var which: ImageDefinitionArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let definition = try await server.client.imageDefinition(which.definition, gallery: which.gallery)
        try output.print(definition) { terminal in definition.facts.render(terminal) }
    }
}

extension ImageDefinitionWire {
    fileprivate var facts: Facts {
        var facts = Facts()
        facts.add("Image definition", name)
        facts.add("Publisher", properties?.identifier?.publisher)
        facts.add("Offer", properties?.identifier?.offer)
        facts.add("Sku", properties?.identifier?.sku)
        facts.add("System", [properties?.osType, properties?.osState].compactMap(\.self).joined(separator: ", "))
        facts.add("Generation", properties?.hyperVGeneration)
        facts.add("Architecture", properties?.architecture)
        facts.add("Location", location)
        facts.add("Description", properties?.description)
        facts.add("End of life", properties?.endOfLifeDate.map { TimeText.day($0) })
        facts.add("Features", properties?.features?.map { "\($0.name)=\($0.value)" }.joined(separator: ", "))
        facts.add("Channels", properties?.channels?.tagText)
        facts.add("Tags", tags?.tagText)
        return facts
    }
}

struct ImageDefinitionCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a definition; of one that is there already, what may change is changed.",
        discussion: """
            Publisher, offer and sku together are unique in the gallery; they, the system, the generation and the architecture never change.

            Example:
              roost image-definition create agents debian --publisher contoso --offer agents --sku debian-13 \
            --os-type Linux --hyper-v-generation V2
            """
    )

    @OptionGroup var which: ImageDefinitionArguments

    @Option(name: [.customShort("p"), .long], help: "Who publishes the image.")
    var publisher: String

    @Option(name: [.customShort("f"), .long], help: "What group of images it is of.")
    var offer: String

    @Option(name: [.customShort("s"), .long], help: "Which of the group it is.")
    var sku: String

    @Option(help: ArgumentHelp("The operating system.", valueName: "Linux|Windows"))
    var osType: String

    @Option(help: ArgumentHelp("Whether machines of it are made anew.", valueName: "Generalized|Specialized"))
    var osState = "Generalized"

    @Option(help: ArgumentHelp("BIOS or UEFI.", valueName: "V1|V2"))
    var hyperVGeneration = "V2"

    @Option(help: ArgumentHelp("The processors.", valueName: "x64|Arm64"))
    var architecture = "x64"

    @Option(help: "Its region; the gallery's without it.")
    var location: String?

    @OptionGroup var options: ImageDefinitionOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var draft = options.draft
        draft.location = location
        draft.properties?.identifier = .init(publisher: publisher, offer: offer, sku: sku)
        draft.properties?.osType = osType
        draft.properties?.osState = osState
        draft.properties?.hyperVGeneration = hyperVGeneration
        draft.properties?.architecture = architecture
        let made = try await server.client.putImageDefinition(which.definition, gallery: which.gallery, draft)
        try output.print(made) { _ in "Image definition '\(made.name ?? which.definition)' is there." }
    }
}

struct ImageDefinitionUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a definition; what is not given stays as it is.",
        discussion: """
            Example:
              roost image-definition update agents debian --end-of-life-date 2027-06-30
            """
    )

    @OptionGroup var which: ImageDefinitionArguments
    @OptionGroup var options: ImageDefinitionOptions

    @Option(help: "A channel to take away; its version stays.")
    var removeChannel: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        for channel in removeChannel {
            try await server.client.deleteImageChannel(channel, gallery: which.gallery, definition: which.definition)
        }
        let changed = try await server.client.putImageDefinition(
            which.definition,
            gallery: which.gallery,
            options.draft,
            mustExist: true
        )
        try output.print(changed) { _ in "Image definition '\(changed.name ?? which.definition)' is changed." }
    }
}

struct ImageDefinitionDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a definition that has no versions.",
        discussion: """
            Example:
              roost image-definition delete agents debian
            """
    )

    @OptionGroup var which: ImageDefinitionArguments
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteImageDefinition(which.definition, gallery: which.gallery)
        Terminal.print("Image definition '\(which.definition)' is deleted.")
    }
}
