import RoostClient
import ArgumentParser
import RoostWire

struct AuditList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List who changed what, newest first.",
        discussion: """
            Example:
              roost audit list --limit 20
            """
    )

    @Option(help: "Most changes to list.")
    var limit = 50

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes a number from 1 to 10000.") }
    }

    func run(on server: Connection) async throws {
        let events = try await server.client.audit(top: limit)
        try output.print(list: events, empty: "Nothing has been changed yet.") { _ in
            var table = Table("TIME (UTC)", "WHO", "WHAT", "ON", "DETAIL")
            for event in events {
                table.add(
                    TimeText.moment(event.at),
                    event.actor ?? "-",
                    event.action ?? "-",
                    event.subject ?? "-",
                    event.detail ?? ""
                )
            }
            return table
        }
    }
}
