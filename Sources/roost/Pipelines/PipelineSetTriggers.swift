import RoostClient
import ArgumentParser
import Foundation
import RoostWire

struct PipelineSetTriggers: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-triggers",
        abstract: "Change what may begin runs of a pipeline beside people.",
        discussion: """
            Each kind is 'file', which does what the YAML file says, or 'off'. A secret for webhooks is made by the server and shown once,
            or read from a file, '-' being standard input.

            Example:
              roost pipeline set-triggers app --poll 1m --pull-requests off
              roost pipeline set-triggers app --new-webhook-secret
              roost pipeline set-triggers app --request-approval outsiders
            """
    )

    enum Source: String, ExpressibleByArgument, CaseIterable { case file, off }
    enum Approval: String, ExpressibleByArgument, CaseIterable { case all, forks, outsiders, none }

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @Option(help: "Pushes: file or off.")
    var pushes: Source?

    @Option(help: "Pull requests: file or off.")
    var pullRequests: Source?

    @Option(help: "Schedules: file or off.")
    var schedules: Source?

    @Option(help: "Ends of other pipelines' runs and pushes to other repositories: file or off.")
    var resources: Source?

    @Option(help: "Pull requests of forks: file or off.")
    var forks: Source?

    @Option(help: "Pull requests that wait for an approval: all, forks, outsiders or none.")
    var requestApproval: Approval?

    @Flag(inversion: .prefixedNo, help: "Give runs of forks secrets as other runs.")
    var forkSecrets: Bool?

    @OptionGroup(title: "In place of the file") var filters: TriggerFilterOptions

    @Option(help: ArgumentHelp("Look at the repository this often, such as 30s or 5m; off ends it.", valueName: "time"))
    var poll: String?

    @Flag(help: "Make a new secret for webhooks and show it.")
    var newWebhookSecret = false

    @Option(help: ArgumentHelp("Read the secret for webhooks from a file; - is standard input.", valueName: "path"))
    var webhookSecretFile: String?

    @Flag(help: "Take no webhooks any more.")
    var noWebhooks = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let ways = [newWebhookSecret, webhookSecretFile != nil, noWebhooks].filter { $0 }.count
        if ways > 1 {
            throw ValidationError(
                "Only one of --new-webhook-secret, --webhook-secret-file and --no-webhooks can be given."
            )
        }
        if let poll, poll != "off", TimeLimit(argument: poll) == nil {
            throw ValidationError("--poll takes a time such as 30s or 5m, or off.")
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pipeline(pipeline)
        let change = TriggerSettingsWire(
            push: pushes.map { $0 == .file },
            pullRequest: pullRequests.map { $0 == .file },
            schedules: schedules.map { $0 == .file },
            resources: resources.map { $0 == .file },
            pushFilters: filters.push,
            pullRequestFilters: filters.pullRequest,
            pollInterval: poll.map { TimeLimit(argument: $0).map { Int($0.duration.components.seconds) } ?? 0 },
            webhookSecret: try noWebhooks ? "" : webhookSecretFile.map(SecretFile.read),
            makeWebhookSecret: newWebhookSecret ? true : nil,
            forks: forks.map { $0 == .file },
            requestApproval: requestApproval?.rawValue,
            forkSecrets: forkSecrets
        )
        let triggers = try await server.client.updateTriggers(project: found.project, pipeline: found.id, change)
        try output.print(triggers) { terminal in
            let text = TriggerText(triggers, top: 0).render(terminal)
            guard let secret = triggers.settings?.webhookSecret else { return text }
            let hooks = (triggers.hooks ?? [:]).sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
            return "\(text)\n\nSecret for webhooks, shown this once: \(secret)\n\(hooks.joined(separator: "\n"))"
        }
    }
}

struct PipelinePoll: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll",
        abstract: "Look at a pipeline's repository now: what moved since the last look begins runs like a push.",
        discussion: """
            The first look only remembers what is there.

            Example:
              roost pipeline poll app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pipeline(pipeline)
        let decisions = try await server.client.pollTriggers(project: found.project, pipeline: found.id)
        try output.print(decisions) { terminal in
            decisions.isEmpty ? "Nothing moved." : decisions.map { $0.line(terminal) }.joined(separator: "\n")
        }
    }
}
