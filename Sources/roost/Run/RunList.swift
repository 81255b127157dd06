import RoostClient
import ArgumentParser
import RoostWire

struct RunList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List runs, newest first.",
        discussion: """
            Example:
              roost run list --pipeline app --result failed --limit 10
            """
    )

    enum State: String, ExpressibleByArgument, CaseIterable {
        case queued, running, canceling, completed

        /// As builds spell it.
        var status: String {
            switch self {
            case .queued: "notStarted"
            case .running: "inProgress"
            case .canceling: "cancelling"
            case .completed: "completed"
            }
        }
    }

    enum Result: String, ExpressibleByArgument, CaseIterable {
        case succeeded, partiallySucceeded, failed, canceled
    }

    @Option(help: "Only runs of this pipeline.")
    var pipeline: String?

    @Option(help: "Only runs in this state.")
    var state: State?

    @Option(help: "Only runs with this result.")
    var result: Result?

    @Option(help: "Only runs of this branch.")
    var branch: String?

    @Option(help: "Most runs to list.")
    var limit = 25

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 1000.") }
    }

    func run(on server: Connection) async throws {
        let chosen = try await pipeline.asyncMap { try await server.pipeline($0) }
        let project: String
        if let known = chosen?.project { project = known } else { project = try await server.project() }
        let builds = try await server.client.builds(
            project: project,
            definitions: chosen.map { [$0.id] } ?? [],
            status: state?.status,
            result: result?.rawValue,
            branch: branch,
            top: limit
        )
        try output.print(list: builds, empty: "There are no such runs.") { terminal in
            var table = Table("ID", "NUMBER", "PIPELINE", "BRANCH", "STATE", "QUEUED", "TOOK", "")
            for build in builds {
                table.add(
                    "\(build.id ?? 0)",
                    build.buildNumber ?? "-",
                    build.definition?.name ?? "-",
                    BranchName.short(build.sourceBranch),
                    Outcome(status: build.status, result: build.result).word(terminal),
                    TimeText.ago(build.queueTime),
                    TimeText.span(from: build.startTime, to: build.finishTime),
                    build.waitReason ?? ""
                )
            }
            return table
        }
    }
}

/// Branches as people write them.
enum BranchName {
    /// `refs/heads/main` is `main`.
    static func short(_ ref: String?) -> String {
        guard let ref, !ref.isEmpty else { return "-" }
        return ref.hasPrefix("refs/heads/") ? String(ref.dropFirst("refs/heads/".count)) : ref
    }
}

extension Optional where Wrapped: Sendable {
    /// What `map` is for closures that wait.
    func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
