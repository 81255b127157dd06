import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct PoolCreateEnrollmentToken: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-enrollment-token",
        abstract: "Make a token with which machines join a pool, and print it, this once.",
        discussion: """
            The token alone goes to standard output. Agents are configured with it as with a personal token.

            Example:
              roost pool create-enrollment-token linux --uses 20 --days 7 --from 10.0.0.0/8 > token.txt
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "How many agents may join with it.")
    var uses = 1

    @Option(help: "Days until it ends.")
    var days: Double = 1

    @Option(help: "Addresses it may be used from, such as 10.0.0.0/8; may be repeated.")
    var from: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard uses > 0 else { throw ValidationError("--uses takes a number above 0.") }
        guard days > 0, days.isFinite else { throw ValidationError("--days takes a number above 0.") }
        if let wrong = from.first(where: { AddressRange($0) == nil }) {
            throw ValidationError("'\(wrong)' is no range of addresses. Write it as 10.0.0.0/8 or 2001:db8::/32.")
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let wanted = EnrollmentTokenWire(uses: uses, days: days, from: from)
        let token = try await server.client.createEnrollmentToken(pool: found.id, wanted)
        guard let text = token.token else { throw CommandFailure.incompleteAnswer(what: "token") }
        try output.print(token) { _ in text }
        if output.output == .table {
            let end = token.expiresAt.map { "good until \(TimeText.moment($0)) UTC" } ?? "made"
            Terminal.printError("The enrollment token is \(end). It is not shown again.")
        }
    }
}
