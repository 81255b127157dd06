import ArgumentParser
import RoostClient
import RoostWire

struct PoolLog: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show what happened in an elastic pool, the newest last.",
        discussion: """
            Example:
              roost pool log builds --lines 50
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "How many lines, from 1 to 10000.")
    var lines = 30

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(lines) else { throw ValidationError("--lines takes a number from 1 to 10000.") }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let log = try await server.client.elasticLogs(found.id, limit: lines)
        try output.print(list: log.reversed(), empty: "Nothing has happened yet.") { terminal in
            var table = Table("TIME", "MACHINE", "WHAT")
            for line in log.reversed() {
                let style: Terminal.Style? = ["error": .red, "warning": .yellow][line.level]
                let message = style.map { terminal.styled(line.message, $0) } ?? line.message
                table.add(TimeText.moment(line.timestamp), line.machine.map(String.init) ?? "–", message)
            }
            return table
        }
    }
}
