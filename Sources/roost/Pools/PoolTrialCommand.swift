import ArgumentParser
import RoostClient
import RoostWire

/// `roost pool trial`: ends the trial of an image's new version by hand.
struct PoolTrialCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Take the version of an image that is on trial, or withdraw it.",
        discussion: """
            Example:
              roost pool trial withdraw builds agents
            """
    )

    enum Verdict: String, ExpressibleByArgument, CaseIterable {
        case promote, withdraw
    }

    @Argument(help: "What becomes of it.")
    var verdict: Verdict

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Argument(help: "Name of the image in the pool.")
    var image: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let status = try await server.client.decideTrial(verdict.rawValue, of: image, pool: found.id)
        try output.print(status) { PoolStatus.text(status, $0) }
    }
}
