import ArgumentParser
import RoostClient
import RoostWire

/// `roost pool trial`: ends the trial of an image's new version by hand, or lets one be tried again.
struct PoolTrialCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Take the version of an image that is on trial, withdraw it, or let one be tried again.",
        discussion: """
            Examples:
              roost pool trial withdraw builds agents
              roost pool trial readmit builds agents --version 1.4.2
            """
    )

    enum Verdict: String, ExpressibleByArgument, CaseIterable {
        case promote, withdraw, readmit
    }

    @Argument(help: "What becomes of it.")
    var verdict: Verdict

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Argument(help: "Name of the image in the pool.")
    var image: String

    @Option(help: "Which withdrawn version is readmitted; without, the one that was withdrawn last.")
    var version: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard version == nil || verdict == .readmit else {
            throw ValidationError("'--version' is for 'readmit': at most one version of an image is on trial.")
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let status = try await server.client.decideTrial(
            verdict.rawValue,
            of: image,
            version: version,
            pool: found.id
        )
        try output.print(status) { PoolStatus.text(status, $0) }
    }
}
