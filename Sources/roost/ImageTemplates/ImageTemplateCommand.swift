import ArgumentParser
import RoostClient
import RoostWire

/// `roost image-template`: templates that the server keeps and builds.
struct ImageTemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image-template",
        abstract: "Keep templates of images on the server and build them there.",
        discussion: """
            Example:
              roost image-template create agent --file image.json --parameter rgName=images
              roost image-template run agent --follow
            """,
        subcommands: [
            ImageTemplateList.self, ImageTemplateShow.self, ImageTemplateCreate.self, ImageTemplateUpdate.self,
            ImageTemplateDelete.self, ImageTemplateRunCommand.self, ImageTemplateCancel.self, ImageTemplateStatus.self,
            ImageTemplateOutputs.self, ImageTemplateLog.self, ImageTemplateTriggerCommand.self,
        ]
    )
}

struct ImageTemplateList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the templates with their last builds.",
        discussion: """
            Example:
              roost image-template list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.imageTemplates()
        let empty = "There is no image template yet; make one with 'roost image-template create NAME --file FILE'."
        try output.print(list: all, empty: empty) { _ in
            var table = Table("NAME", "FORM", "LAST BUILD", "WHEN", "RUN")
            for template in all {
                let status = template.properties?.lastRunStatus
                table.add(
                    template.name ?? "",
                    template.form ?? "-",
                    status.map(\.words) ?? "-",
                    TimeText.ago(status?.startTime),
                    template.lastRunId.map(String.init) ?? "-"
                )
            }
            return table
        }
    }
}

struct ImageTemplateShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a template.",
        discussion: """
            Example:
              roost image-template show agent
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @Flag(help: "With what is in its files; with --output json.")
    var files = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let template = try await server.client.imageTemplate(name, withFiles: files)
        try output.print(template) { terminal in template.facts.render(terminal) }
    }
}

struct ImageTemplateDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a template with its builds; what they published stays.",
        discussion: """
            Example:
              roost image-template delete agent
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteImageTemplate(name)
        Terminal.print("Image template '\(name)' is deleted.")
    }
}

extension ImageTemplateWire {
    var facts: Facts {
        var facts = Facts()
        facts.add("Template", name)
        facts.add("Form", form)
        facts.add("File", main)
        facts.add("Files", files?.map(\.path).joined(separator: ", "))
        facts.add("Parameters", parameters.flatMap { $0.isEmpty ? nil : $0.tagText })
        facts.add("Commit", commit)
        facts.add("Pool", pool)
        facts.add("Begins with", source.map { "/galleries/\($0.gallery)/images/\($0.definition), \($0.version)" })
        facts.add("Publishes to", distributesTo.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") })
        facts.add("Tags", tags.flatMap { $0.isEmpty ? nil : $0.tagText })
        facts.add("Last build", properties?.lastRunStatus.map { "\($0.words), run \(lastRunId ?? 0)" })
        facts.add("Message", properties?.lastRunStatus?.message)
        facts.add("Trigger", trigger.map { "\($0.name ?? ""): \($0.properties?.status?.message ?? "")" })
        facts.add("Made", TimeText.ago(createdAt))
        facts.add("By", createdBy)
        return facts
    }
}

extension ImageRunStatusWire {
    /// Its state, and while it runs what it does.
    var words: String {
        let state = runState ?? "-"
        return endTime == nil ? runSubState.map { "\(state), \($0)" } ?? state : state
    }
}
