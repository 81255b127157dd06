import RoostClient
public import ArgumentParser
import Foundation
public import RoostModel
import RoostWire

struct RunQueue: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Queue a run of a pipeline.",
        discussion: """
            With --follow the log is shown as it is written; with --wait only the end is. The exit code is then 0 when the run \
            succeeded, 1 when it failed and 5 when it was canceled. Ctrl-C leaves the run alone.

            Example:
              roost run queue app --branch main --variable mode=fast --follow
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @Option(help: "Branch or full ref; the repository's default branch when nothing is said.")
    var branch: String?

    @Option(help: "Commit; the branch's newest when nothing is said.")
    var commit: String?

    @Option(help: ArgumentHelp("Variable of the run; may be repeated.", valueName: "name=value"))
    var variable: [Assignment] = []

    @Option(help: ArgumentHelp("Parameter of the pipeline's file; may be repeated.", valueName: "name=value"))
    var parameter: [Assignment] = []

    @Option(
        help: ArgumentHelp("File of YAML or JSON with parameters: NAME: value; --parameter wins.", valueName: "path")
    )
    var parametersFile: String?

    @Option(help: ArgumentHelp("Stage to leave out; may be repeated.", valueName: "stage"))
    var stagesToSkip: [String] = []

    @Option(help: "Order among waiting jobs: low, belowNormal, normal, aboveNormal or high.")
    var priority: RunPriority?

    @Flag(help: "Show the log until the run has ended.")
    var follow = false

    @Flag(help: "Wait until the run has ended, without its log.")
    var wait = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if follow, output.output == .json {
            throw ValidationError("--follow shows a log; use --wait with --output json.")
        }
    }

    func run(on server: Connection) async throws {
        let (definition, id, project) = try await server.pipeline(pipeline)
        let parameters = try ParameterValues.read(file: parametersFile, given: Assignment.dictionary(parameter))
        var draft = BuildWire(
            definition: DefinitionReferenceWire(id: id),
            sourceBranch: branch,
            sourceVersion: commit,
            priority: priority?.rawValue,
            parameters: try Self.text(variable),
            templateParameters: parameters.isEmpty ? nil : parameters
        )
        draft.stagesToSkip = stagesToSkip.isEmpty ? nil : stagesToSkip
        let build = try await server.client.queueBuild(project: project, draft)
        guard let run = build.id else { throw CommandFailure.incompleteAnswer(what: "number of the run") }
        let title = "Run \(build.buildNumber ?? "?") (\(run)) of pipeline '\(definition.name ?? pipeline)' is queued."
        guard follow || wait else {
            return try output.print(build) { _ in "\(title)\nWatch it with 'roost run logs \(run) --follow'." }
        }
        Terminal.printError(title)
        try await server.watch(run, showsLogs: follow, output: output)
    }

    /// Variables travel as JSON text.
    private static func text(_ variables: [Assignment]) throws -> String? {
        guard !variables.isEmpty else { return nil }
        return String(decoding: try WireJSON.encode(Assignment.dictionary(variables)), as: UTF8.self)
    }
}

extension RunPriority: ExpressibleByArgument {
    public init?(argument: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
            return nil
        }
        self = known
    }
}
