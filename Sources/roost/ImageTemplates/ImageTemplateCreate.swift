import ArgumentParser
import RoostClient
import RoostWire

struct ImageTemplateCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a template; it is checked here first.",
        discussion: """
            The template may be one of Image Builder, or of Packer in HCL2 or JSON. Placeholders and variables get their values from \
            --parameter; values are kept as they are, so secrets belong into a vault.

            Example:
              roost image-template create agent --file image.json --parameter rgName=images --pool builders
            """
    )

    @Argument(help: "Name of the template, unique in the organization.")
    var name: String

    @OptionGroup(title: "Template") var template: ImageTemplateFiles

    @Option(help: "Pool whose agents build it; the project's by default.")
    var pool: String?

    @Option(help: ArgumentHelp("A tag.", valueName: "name=value"))
    var tag: [Assignment] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard template.file != nil else { throw ValidationError("Name the template with --file.") }
    }

    func run(on server: Connection) async throws {
        var draft = ImageTemplateWire()
        let parameters = try template.parameters() ?? [:]
        try template.fill(&draft, parameters: parameters)
        draft.parameters = parameters
        draft.pool = pool
        draft.project = connection.project
        draft.tags = tag.tags
        let made = try await server.client.createImageTemplate(name, draft)
        try output.print(made) { _ in
            "Image template '\(made.name ?? name)' is there. Build it with 'roost image-template run \(made.name ?? name) --follow'."
        }
    }
}

struct ImageTemplateUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a template; what is not given stays as it is.",
        discussion: """
            Of a template of Image Builder only tags, the identity, distribute and vmProfile change; make another for anything else.

            Example:
              roost image-template update agent --file image.json --tag owner=team
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @OptionGroup(title: "Template") var template: ImageTemplateFiles

    @Option(help: "Pool whose agents build it.")
    var pool: String?

    @Option(help: ArgumentHelp("A tag; those given replace all that were there.", valueName: "name=value"))
    var tag: [Assignment] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var draft = ImageTemplateWire()
        draft.parameters = try template.parameters()
        if template.file != nil {
            let known = try await server.client.imageTemplate(name).parameters ?? [:]
            try template.fill(&draft, parameters: draft.parameters ?? known)
        }
        draft.pool = pool
        draft.tags = tag.tags
        let changed = try await server.client.updateImageTemplate(name, draft)
        try output.print(changed) { _ in "Image template '\(changed.name ?? name)' is changed." }
    }
}
