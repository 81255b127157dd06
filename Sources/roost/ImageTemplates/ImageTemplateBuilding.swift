import ArgumentParser
import RoostClient
import RoostWire

struct ImageTemplateRunCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Build a template on an agent.",
        discussion: """
            With --follow the log is shown as it is written; with --wait only the end is. The exit code is then 0 when the build \
            succeeded, 1 when it failed, also in part, and 5 when it was canceled. Ctrl-C leaves the build alone.

            Example:
              roost image-template run agent --follow
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @Flag(help: "Show the log until the build has ended.")
    var follow = false

    @Flag(help: "Wait until the build has ended, without its log.")
    var wait = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if follow, output.output == .json {
            throw ValidationError("--follow shows a log; use --wait with --output json.")
        }
    }

    func run(on server: Connection) async throws {
        let begun = try await server.client.runImageTemplate(name)
        guard let run = begun.lastRunId else { throw CommandFailure.incompleteAnswer(what: "number of the run") }
        let title = "The build of image template '\(begun.name ?? name)' is run \(run)."
        guard follow || wait else {
            return try output.print(begun) { _ in
                "\(title)\nWatch it with 'roost image-template log \(begun.name ?? name) --follow'."
            }
        }
        Terminal.printError(title)
        try await server.watch(run, showsLogs: follow, output: output)
    }
}

struct ImageTemplateCancel: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop the build of a template.",
        discussion: """
            Example:
              roost image-template cancel agent
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let template = try await server.client.cancelImageTemplate(name)
        try output.print(template) { _ in "The build of image template '\(template.name ?? name)' is asked to end." }
    }
}

struct ImageTemplateStatus: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the last build of a template, step by step.",
        discussion: """
            Example:
              roost image-template status agent
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let status = try await server.client.imageTemplateStatus(name)
        try output.print(status) { terminal in
            var facts = Facts()
            facts.add("Build", status.words)
            facts.add("Run", status.runId.map(String.init))
            facts.add("Began", TimeText.ago(status.startTime))
            facts.add("Ended", status.endTime.map { TimeText.ago($0) })
            facts.add("Message", status.message)
            for step in status.steps ?? [] { facts.add(step.title, step.words) }
            return facts.render(terminal)
        }
    }
}

struct ImageTemplateOutputs: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "outputs",
        abstract: "List what the last build of a template made.",
        discussion: """
            Example:
              roost image-template outputs agent
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.imageTemplateOutputs(name)
        try output.print(list: all, empty: "No build of this template has made anything yet.") { _ in
            var table = Table("NAME", "STATE", "WHERE")
            for made in all {
                let place = made.properties.artifactId ?? made.properties.artifactUri ?? made.properties.message
                table.add(made.name, made.properties.provisioningState, place ?? "-")
            }
            return table
        }
    }
}

struct ImageTemplateLog: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show the log of the last build of a template.",
        discussion: """
            Example:
              roost image-template log agent --follow
            """
    )

    @Argument(help: "Name of the template.")
    var name: String

    @Flag(help: "Wait until the build has ended, and show what it writes.")
    var follow = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        guard let run = try await server.client.imageTemplate(name).lastRunId else {
            Terminal.printError("Image template '\(name)' was not built yet.")
            throw RoostExit.failed.code
        }
        guard !follow else { return try await server.watch(run, showsLogs: true, output: output) }
        let printer = LogPrinter(keepsTime: false)
        for step in TimelineTree(try await server.client.buildTimeline(run).records ?? []).steps {
            guard let id = step.record.log?.id else { continue }
            let log = StepLog(run: run, log: id, job: step.job?.name ?? "", step: step.record.name ?? "")
            printer.begin(job: log.job, step: log.step)
            try await log.showRest(server.client, printer)
        }
    }
}

struct ImageTemplateTriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Build a template whenever the image it begins with has a newer version.",
        discussion: """
            Example:
              roost image-template trigger create agent newer-base
            """,
        subcommands: [ImageTriggerCreate.self, ImageTriggerDelete.self]
    )
}

struct ImageTriggerCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make the trigger of a template.",
        discussion: """
            Example:
              roost image-template trigger create agent newer-base
            """
    )

    @Argument(help: "Name of the template.")
    var template: String

    @Argument(help: "Name of the trigger.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let made = try await server.client.putImageTrigger(name, of: template)
        try output.print(made) { _ in made.properties?.status?.message ?? "The trigger is there." }
    }
}

struct ImageTriggerDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Take the trigger of a template away.",
        discussion: """
            Example:
              roost image-template trigger delete agent newer-base
            """
    )

    @Argument(help: "Name of the template.")
    var template: String

    @Argument(help: "Name of the trigger.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteImageTrigger(name, of: template)
        Terminal.print("The trigger '\(name)' is deleted.")
    }
}

extension ImageRunStepWire {
    /// What became of it, with its time.
    var words: String {
        let time = startTime.map { TimeText.span(from: $0, to: finishTime) }
        let state = reused ? "reused" : result ?? "running"
        return [state, time, message].compactMap(\.self).joined(separator: ", ")
    }
}
